import Foundation

/// Numbers and names of fixed width in the ASCII parts of an ARL packed file; reads nothing beyond the end.
struct ARLText {
    private let bytes: ArraySlice<UInt8>
    private var offset: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    /// Nil where fewer bytes are left.
    mutating func text(_ width: Int) -> String? {
        guard width >= 0, bytes.endIndex - offset >= width else { return nil }
        defer { offset += width }
        return String(decoding: bytes[offset..<(offset + width)], as: UTF8.self)
    }

    mutating func integer(_ width: Int) -> Int? {
        text(width).flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    }

    /// Finite.
    mutating func number(_ width: Int) -> Double? {
        guard let value = text(width).flatMap({ Double($0.trimmingCharacters(in: .whitespaces)) }),
            value.isFinite
        else { return nil }
        return value
    }
}

/// The 50 bytes before each record (HYSPLIT user's guide, S141).
struct ARLLabel: Equatable, Sendable {
    static let byteCount = 50

    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    /// Hours after the analysis; negative for a field that is missing.
    let forecast: Int
    let level: Int
    /// Thousands of columns and rows.
    let thousands: (columns: Int, rows: Int)
    let variable: String
    let exponent: Int
    let precision: Double
    let firstValue: Double

    /// Nil for other bytes.
    init?(_ bytes: ArraySlice<UInt8>) {
        var text = ARLText(bytes)
        guard let year = text.integer(2), let month = text.integer(2), let day = text.integer(2),
            let hour = text.integer(2), let forecast = text.integer(2), let level = text.integer(2),
            let grid = text.text(2), let variable = text.text(4), let exponent = text.integer(4),
            let precision = text.number(14), let firstValue = text.number(14)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.forecast = forecast
        self.level = level
        self.variable = variable
        self.exponent = exponent
        self.precision = precision
        self.firstValue = firstValue
        let letters = grid.utf8.map { $0 >= 64 ? (Int($0) - 64) * 1000 : 0 }
        guard letters.count == 2 else { return nil }
        thousands = (letters[0], letters[1])
    }

    static func == (a: ARLLabel, b: ARLLabel) -> Bool {
        (a.year, a.month, a.day, a.hour, a.forecast, a.level) == (
            b.year, b.month, b.day, b.hour, b.forecast, b.level
        )
            && a.variable == b.variable
    }
}
