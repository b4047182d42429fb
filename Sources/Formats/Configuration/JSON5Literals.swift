extension JSON5Parser {
    /// A string in either kind of quotes.
    mutating func string() throws(ConfigurationError) -> String {
        let start = place
        let quote = text[place]
        place += 1
        var bytes: [UInt8] = []
        while let byte = current, !byte.endsLine {
            place += 1
            switch byte {
            case quote: return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(&bytes)
            default: bytes.append(byte)
            }
        }
        throw problem("the string has no end on its line", at: start)
    }

    /// What stands behind a backslash.
    private mutating func escape(_ bytes: inout [UInt8]) throws(ConfigurationError) {
        guard let byte = current else { return }
        place += 1
        switch byte {
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "v"): bytes.append(0x0B)
        case UInt8(ascii: "0"): bytes.append(0)
        case UInt8(ascii: "x"): bytes += Array(String(Unicode.Scalar(UInt8(try hexadecimal(2)))).utf8)
        case UInt8(ascii: "u"): bytes += Array(String(try codePoint()).utf8)
        case 0x0D: _ = take("\n")
        case 0x0A: break
        case _ where byte.isDigit:
            throw problem("`\\\(Unicode.Scalar(byte))` is no escape", at: place - 2)
        default: bytes.append(byte)
        }
    }

    /// Of one or two escapes of four digits.
    private mutating func codePoint() throws(ConfigurationError) -> Unicode.Scalar {
        let start = place - 2
        var code = try hexadecimal(4)
        if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
            let low = try hexadecimal(4)
            if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
        }
        guard let scalar = Unicode.Scalar(code) else { throw problem("half a character", at: start) }
        return scalar
    }

    private mutating func hexadecimal(_ count: Int) throws(ConfigurationError) -> UInt32 {
        let end = min(place + count, text.count)
        let digits = text[place..<end]
        guard digits.count == count, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw problem("expected \(count) hexadecimal digits, found \(found)") }
        place = end
        return number
    }
}

/// A number as JSON5 writes them: also `+1`, `.5`, `5.`, `0xFF`, `Infinity`, `NaN`.
struct JSON5Number {
    let value: Double

    init?(_ text: String) {
        var rest = text[...]
        var sign = 1.0
        if let first = rest.first, first == "+" || first == "-" {
            sign = first == "-" ? -1 : 1
            rest.removeFirst()
        }
        guard let magnitude = Self.magnitude(rest) else { return nil }
        value = sign * magnitude
    }

    private static func magnitude(_ text: Substring) -> Double? {
        if text == "Infinity" { return .infinity }
        if text == "NaN" { return .nan }
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            let digits = text.dropFirst(2)
            guard digits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
            return UInt64(digits, radix: 16).map { Double($0) }
        }
        let pattern = /(0|[1-9][0-9]*)?(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?/
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        let (whole, fraction, exponent) = (match.1 ?? "", match.2 ?? "", match.3 ?? "0")
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        return Double("\(whole.isEmpty ? "0" : whole).\(fraction.isEmpty ? "0" : fraction)e\(exponent)")
    }
}
