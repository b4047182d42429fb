import Foundation

/// Why bytes are not the JSON we want, with the offset in the payload.
enum JSONProblem: Error, Equatable {
    case syntax(offset: Int, expected: String)
    /// `NaN`, `Infinity`, or a number beyond the doubles.
    case notFinite(offset: Int)
}

/// A string as it stands between its quotes.
struct JSONText {
    let range: Range<Int>
    let hasEscapes: Bool
}

/// One value; the content of objects and arrays is skipped, after being checked.
enum JSONScalar {
    case null
    case number(Double)
    case bool(Bool)
    case text(JSONText)
    case object
    case array
}

/// A strict reader of RFC 8259 over bytes in place. It builds nothing: at 10^5 messages a second a tree per
/// message would cost more than storing it.
struct JSONScanner {
    /// Deeper nesting than any device sends; bounds the recursion.
    static let depthLimit = 32

    let bytes: [UInt8]
    private(set) var index: Int
    private let start: Int
    private let end: Int
    private var depth = 0

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        start = range.lowerBound
        end = range.upperBound
    }

    /// The next byte that is not blank; nil at the end.
    mutating func peek() -> UInt8? {
        while index < end {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return bytes[index]
            }
        }
        return nil
    }

    mutating func expectEnd() throws(JSONProblem) {
        guard peek() == nil else { throw problem("the end") }
    }

    /// Visits the members of an object; the body must consume the value.
    mutating func object(
        _ body: (inout JSONScanner, JSONText) throws(JSONProblem) -> Void
    ) throws(JSONProblem) {
        try enter(UInt8(ascii: "{"), "an object")
        if try leave(UInt8(ascii: "}")) { return }
        while true {
            let key = try string()
            guard peek() == UInt8(ascii: ":") else { throw problem("a colon") }
            index += 1
            try body(&self, key)
            if try separate(UInt8(ascii: "}")) { return }
        }
    }

    /// Visits the elements of an array; the body must consume each.
    mutating func array(_ body: (inout JSONScanner) throws(JSONProblem) -> Void) throws(JSONProblem) {
        try enter(UInt8(ascii: "["), "an array")
        if try leave(UInt8(ascii: "]")) { return }
        while true {
            try body(&self)
            if try separate(UInt8(ascii: "]")) { return }
        }
    }

    private mutating func enter(_ opening: UInt8, _ expected: String) throws(JSONProblem) {
        guard peek() == opening else { throw problem(expected) }
        guard depth < Self.depthLimit else { throw problem("less nesting") }
        index += 1
        depth += 1
    }

    private mutating func leave(_ closing: UInt8) throws(JSONProblem) -> Bool {
        guard peek() == closing else { return false }
        index += 1
        depth -= 1
        return true
    }

    /// After an element: true at the closing bracket, false after a comma.
    private mutating func separate(_ closing: UInt8) throws(JSONProblem) -> Bool {
        if try leave(closing) { return true }
        guard peek() == UInt8(ascii: ",") else { throw problem("a comma or the closing bracket") }
        index += 1
        return false
    }

    /// Consumes any value.
    mutating func value() throws(JSONProblem) -> JSONScalar {
        switch peek() {
        case UInt8(ascii: "{"):
            try object { (scanner, _) throws(JSONProblem) in _ = try scanner.value() }
            return .object
        case UInt8(ascii: "["):
            try array { (scanner) throws(JSONProblem) in _ = try scanner.value() }
            return .array
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: StaticString) throws(JSONProblem) {
        guard matches(word, at: index) else { throw problem("a value") }
        index += word.utf8CodeUnitCount
    }

    private func matches(_ word: StaticString, at place: Int) -> Bool {
        let count = word.utf8CodeUnitCount
        guard place + count <= end else { return false }
        return word.withUTF8Buffer { expected in
            for offset in 0..<count where bytes[place + offset] != expected[offset] { return false }
            return true
        }
    }

    mutating func string() throws(JSONProblem) -> JSONText {
        guard peek() == UInt8(ascii: "\"") else { throw problem("a string") }
        index += 1
        let first = index
        var hasEscapes = false
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return JSONText(range: first..<(index - 1), hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case 0..<0x20: throw problem("no control character")
            default: index += 1
            }
        }
        throw problem("the end of the string")
    }

    private mutating func escape() throws(JSONProblem) {
        index += 1
        guard index < end else { throw problem("an escape") }
        let letter = bytes[index]
        index += 1
        if letter == UInt8(ascii: "u") {
            for _ in 0..<4 {
                guard index < end, isHexadecimal(bytes[index]) else { throw problem("a hexadecimal digit") }
                index += 1
            }
            return
        }
        guard "\"\\/bfnrt".utf8.contains(letter) else { throw problem("an escape") }
    }

    /// A number of the JSON grammar.
    mutating func number() throws(JSONProblem) -> Double {
        guard peek() != nil else { throw problem("a value") }
        let first = index
        for word in ["NaN", "Infinity", "-Infinity"] as [StaticString] where matches(word, at: index) {
            throw .notFinite(offset: first - start)
        }
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var decimal = DecimalDigits()
        let integerStart = index
        readDigits(into: &decimal)
        guard index > integerStart else { throw problem("a value") }
        guard bytes[integerStart] != UInt8(ascii: "0") || index == integerStart + 1 else {
            throw problem("no leading zero")
        }
        if index < end, bytes[index] == UInt8(ascii: ".") {
            index += 1
            let fractionStart = index
            readDigits(into: &decimal)
            guard index > fractionStart else { throw problem("a digit") }
            decimal.exponent -= index - fractionStart
        }
        try readExponent(into: &decimal)
        guard let value = decimal.exactValue ?? slowValue(first..<index), value.isFinite else {
            throw .notFinite(offset: first - start)
        }
        // The fast path has no sign; the slow one has read it.
        return isNegative && value > 0 ? -value : value
    }

    private mutating func readDigits(into decimal: inout DecimalDigits) {
        while index < end, isDigit(bytes[index]) {
            decimal.append(bytes[index] - UInt8(ascii: "0"))
            index += 1
        }
    }

    private mutating func readExponent(into decimal: inout DecimalDigits) throws(JSONProblem) {
        guard index < end, bytes[index] | 0x20 == UInt8(ascii: "e") else { return }
        index += 1
        var isNegative = false
        if index < end, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
            isNegative = bytes[index] == UInt8(ascii: "-")
            index += 1
        }
        var exponent = DecimalDigits()
        let first = index
        readDigits(into: &exponent)
        guard index > first else { throw problem("a digit") }
        decimal.exponent += Int(min(exponent.significand, 100_000)) * (isNegative ? -1 : 1)
        if exponent.isLong { decimal.isLong = true }
    }

    private func slowValue(_ range: Range<Int>) -> Double? {
        Double(String(decoding: bytes[range], as: UTF8.self))
    }

    private func problem(_ expected: String) -> JSONProblem {
        .syntax(offset: index - start, expected: expected)
    }

    // MARK: - Texts

    func equals(_ text: JSONText, _ word: StaticString) -> Bool {
        if text.hasEscapes { return string(text) == String(describing: word) }
        return text.range.count == word.utf8CodeUnitCount && matches(word, at: text.range.lowerBound)
    }

    func string(_ text: JSONText) -> String {
        let raw = bytes[text.range]
        guard text.hasEscapes else { return String(decoding: raw, as: UTF8.self) }
        let quoted = Data([UInt8(ascii: "\"")] + raw + [UInt8(ascii: "\"")])
        return (try? JSONDecoder().decode(String.self, from: quoted)) ?? String(decoding: raw, as: UTF8.self)
    }
}

/// Up to 19 decimal digits and an exponent of ten.
struct DecimalDigits {
    private(set) var significand: UInt64 = 0
    var exponent = 0
    /// More digits than the significand holds.
    var isLong = false

    mutating func append(_ digit: UInt8) {
        guard significand < 1_000_000_000_000_000_000 else {
            isLong = true
            return
        }
        significand = significand * 10 + UInt64(digit)
    }

    /// The nearest double where one multiplication or division of exact numbers gives it: digits below 2^53
    /// and a power of ten up to 10^22 (Clinger 1990, "How to read floating point numbers accurately").
    var exactValue: Double? {
        guard !isLong, significand <= 1 << 53, (-22...22).contains(exponent) else { return nil }
        let digits = Double(significand)
        return exponent < 0 ? digits / Self.powers[-exponent] : digits * Self.powers[exponent]
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}

private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

private func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6
}
