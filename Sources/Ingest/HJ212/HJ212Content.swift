import Observations
import Quantities

/// The data area of a frame: `DataTime=..;a01001-Rtd=12.6,a01001-Flag=N;..`. A comma separates what belongs to one
/// code, a semicolon the codes; loggers mix them up, and nothing depends on the difference.
struct HJ212Content {
    /// What the area says of one moment.
    struct Moment: Equatable {
        /// `DataTime`; nil where the area has none.
        var time: String?
        var fields: [Field] = []

        /// The value of `code-kind`, or of `code` alone. Of a key that is there twice the first counts.
        func text(_ code: String, _ kind: String) -> String? {
            fields.first { $0.code == code && $0.kind == kind }?.text
        }
    }

    struct Field: Equatable {
        let code: String
        /// `Rtd`, `Avg`, `Flag`, `SampleTime`, ...; empty for a key without one.
        let kind: String
        let text: String
    }

    /// In their order; a `DataTime` begins a new one.
    let moments: [Moment]

    init(_ area: ArraySlice<UInt8>) {
        var moments: [Moment] = []
        let separators: Set = [UInt8(ascii: ";"), UInt8(ascii: ",")]
        for pair in area.split(whereSeparator: { separators.contains($0) }) {
            guard let sign = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let key = pair[..<sign]
            let text = String(decoding: pair[(sign + 1)...], as: UTF8.self)
            if key.elementsEqual("DataTime".utf8) {
                moments.append(Moment(time: text))
                continue
            }
            if moments.isEmpty { moments.append(Moment()) }
            let dash = key.lastIndex(of: UInt8(ascii: "-")) ?? key.endIndex
            let field = Field(
                code: String(decoding: key[..<dash], as: UTF8.self),
                kind: String(decoding: key[dash...].dropFirst(), as: UTF8.self),
                text: text
            )
            moments[moments.count - 1].fields.append(field)
        }
        self.moments = moments
    }
}

extension Instant {
    /// Reads `YYYYMMDDhhmmss`, with three digits of milliseconds if there are, of a clock so far east of Greenwich.
    init?(hj212 text: String, offsetSeconds: Int) {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.count == 14 || digits.count == 17, digits.allSatisfy({ (0...9).contains($0) }) else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let civil = CivilTime(
            year: number(0..<4),
            month: number(4..<6),
            day: number(6..<8),
            hour: number(8..<10),
            minute: number(10..<12),
            second: number(12..<14),
            microsecond: number(14..<digits.count) * 1000
        )
        guard civil.isValid else { return nil }
        self = Instant(civil).advanced(bySeconds: -Double(offsetSeconds))
    }
}

/// Reads a number of a data area: digits with a sign and a point, as the standard has them, or with an exponent.
/// - Returns: nil for what is none.
func hj212Number(_ text: String) -> Double? {
    let permitted = "0123456789+-.eE".utf8
    guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy({ permitted.contains($0) }) else {
        return nil
    }
    return Double(text)
}
