/// Numbers as Chinese tables print them: full-width digits and punctuation, thousands marks, 万 and 亿.
public enum AmountText {
    /// Reads a number.
    ///
    /// - Returns: nil for an empty text.
    /// - Throws: ``Problem`` with what cannot be read; nothing is guessed.
    public static func number(_ text: String) throws(Problem) -> Double? {
        var plain = String(text.compactMap { halfWidth($0) })
        guard !plain.isEmpty else { return nil }
        var scale = 1.0
        while let last = plain.last, let power = powers[last] {
            scale *= power
            plain.removeLast()
        }
        if let mark = plain.first(where: { powers[$0] != nil }) {
            throw Problem("`\(mark)` stands between digits")
        }
        plain = try withoutThousands(plain)
        guard plain.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }),
            let value = Double(plain), value.isFinite, (value * scale).isFinite
        else { throw Problem("neither digits nor 万 or 亿") }
        return value * scale
    }

    /// Why a text is no number.
    public struct Problem: Error, Equatable, Sendable {
        public let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static let powers: [Character: Double] = ["千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8]

    /// Nil for blanks. Full-width forms stand 0xFEE0 above ASCII (Unicode, block FF00).
    static func halfWidth(_ character: Character) -> Character? {
        if character.isWhitespace { return nil }
        if character == "−" || character == "－" { return "-" }
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1,
            (0xFF01...0xFF5E).contains(scalar.value), let ascii = Unicode.Scalar(scalar.value - 0xFEE0)
        else { return character }
        return Character(ascii)
    }

    /// Commas may part groups of three digits and nothing else: `1,5` may be a decimal comma.
    private static func withoutThousands(_ text: String) throws(Problem) -> String {
        guard text.contains(",") else { return text }
        let whole = text.prefix { $0 != "." }
        let digits = whole.drop { $0 == "+" || $0 == "-" }
        let groups = digits.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = groups.first, (1...3).contains(first.count),
            groups.dropFirst().allSatisfy({ $0.count == 3 }),
            !text.dropFirst(whole.count).contains(",")
        else { throw Problem("a comma that parts no thousands") }
        return text.filter { $0 != "," }
    }
}
