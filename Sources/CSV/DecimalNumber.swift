/// Reads a decimal number: digits with an optional sign, one decimal mark and an exponent. Neither blanks nor words
/// nor hexadecimal.
/// - Parameter mark: between the whole and the fraction, a point or a comma.
/// - Returns: the double nearest to the text; nil when the text is no number or none that a double holds.
public func decimalNumber(_ text: Span<UInt8>, mark: UInt8 = UInt8(ascii: ".")) -> Double? {
    guard let parts = DecimalParts(text, mark) else { return nil }
    // With a whole number and a power of ten that are both exact, one rounding gives the nearest double
    // (W. D. Clinger, How to read floating point numbers accurately, 1990).
    let magnitude: Double
    if parts.isExact, parts.digits <= 1 << 53, abs(parts.exponent) <= 22 {
        let whole = Double(parts.digits)
        let power = powersOfTen[abs(parts.exponent)]
        magnitude = parts.exponent < 0 ? whole / power : whole * power
    } else {
        guard let nearest = correctlyRounded(text, mark), nearest.isFinite else { return nil }
        return nearest
    }
    return parts.isNegative ? -magnitude : magnitude
}

/// A number as whole digits and a power of ten.
private struct DecimalParts {
    var isNegative = false
    var digits: UInt64 = 0
    var exponent = 0
    /// False when there are more digits than fit.
    var isExact = true

    init?(_ text: Span<UInt8>, _ mark: UInt8) {
        var index = 0
        let count = text.count
        guard count > 0, count <= 400 else { return nil }
        if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
            isNegative = text[0] == UInt8(ascii: "-")
            index = 1
        }
        var digitCount = readDigits(text, &index)
        if index < count, text[index] == mark {
            index += 1
            let fraction = readDigits(text, &index)
            exponent = -fraction
            digitCount += fraction
        }
        guard digitCount > 0 else { return nil }
        guard index < count else { return }
        guard text[index] | 0x20 == UInt8(ascii: "e"), let power = Self.power(text, index + 1) else {
            return nil
        }
        exponent += power
    }

    /// The number of digits.
    private mutating func readDigits(_ text: Span<UInt8>, _ index: inout Int) -> Int {
        let first = index
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            if digits < 1 << 59 { digits = digits * 10 + UInt64(digit) } else { isExact = false }
            index += 1
        }
        return index - first
    }

    private static func power(_ text: Span<UInt8>, _ start: Int) -> Int? {
        var index = start
        var isNegative = false
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        guard index < text.count else { return nil }
        var value = 0
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            // Beyond this every number is zero or infinite.
            value = min(value * 10 + Int(digit), 100_000)
            index += 1
        }
        return isNegative ? -value : value
    }
}

private func correctlyRounded(_ text: Span<UInt8>, _ mark: UInt8) -> Double? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    for index in text.indices { bytes.append(text[index] == mark ? UInt8(ascii: ".") : text[index]) }
    return Double(String(decoding: bytes, as: UTF8.self))
}

private let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
]
