/// Tells a logger which of its messages are stored, so that it can send again exactly what is missing.
///
/// A receipt repeats all that earlier ones said: one that is lost does no harm.
public struct Receipt: Equatable, Sendable {
    /// How many gaps one receipt lists.
    public static let gapLimit = 1000

    /// The start of the logger that the numbers belong to.
    public let boot: String
    /// The highest sequence number that is stored.
    public let upTo: Int64
    /// What is missing below `upTo`, ascending; at most the newest ``gapLimit``.
    public let gaps: [ClosedRange<Int64>]
    /// Where the list of gaps begins when older ones were left out: below this number it says nothing. Nil when
    /// the list is whole.
    public let from: Int64?

    /// - Parameter gaps: all that is known to be missing, in any order and not overlapping.
    public init(boot: String, upTo: Int64, gaps: [ClosedRange<Int64>]) {
        let sorted = gaps.sorted { $0.lowerBound < $1.lowerBound }
        let leftOut = sorted.dropLast(Self.gapLimit).last
        self.boot = boot
        self.upTo = upTo
        self.gaps = Array(sorted.suffix(Self.gapLimit))
        from = leftOut.map { $0.upperBound == .max ? .max : $0.upperBound + 1 }
    }

    /// `{"boot":"7f3a","upto":1234,"gaps":[[1200,1203]]}`, with `"from":…` before the gaps where some are left
    /// out.
    public var payload: [UInt8] {
        let listed = gaps.map { "[\($0.lowerBound),\($0.upperBound)]" }.joined(separator: ",")
        let start = from.map { "\"from\":\($0)," } ?? ""
        return Array("{\"boot\":\(jsonString(boot)),\"upto\":\(upTo),\(start)\"gaps\":[\(listed)]}".utf8)
    }
}

/// Where a station listens for its receipts.
public func receiptTopic(network: String, station: String) -> String {
    "co2/v1/\(network)/\(station)/receipt"
}

/// RFC 8259, section 7: quotation marks, backslashes and control characters are escaped.
func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
