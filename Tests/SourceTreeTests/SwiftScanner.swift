/// Splits Swift text into code and comments, so that rules about code are not fooled by words in strings.
///
/// Both results have the bytes of the text at their places and blanks elsewhere, with every line break kept.
/// Nested comments, raw and multi-line strings, interpolations and regex literals are understood.
struct SwiftScanner {
    private(set) var code: [UInt8] = []
    private(set) var comments: [UInt8] = []
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        while position < bytes.count { scanCode(insideInterpolation: false) }
    }

    private enum Kind {
        case code
        case comment
        case text
    }

    private func at(_ offset: Int) -> UInt8? {
        bytes.indices.contains(position + offset) ? bytes[position + offset] : nil
    }

    private func starts(_ text: StaticString) -> Bool {
        (0..<text.utf8CodeUnitCount).allSatisfy { at($0) == text.utf8Start[$0] }
    }

    private mutating func take(_ count: Int = 1, as kind: Kind) {
        for _ in 0..<count where position < bytes.count {
            let byte = bytes[position]
            let blank = byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " ")
            code.append(kind == .code ? byte : blank)
            comments.append(kind == .comment ? byte : blank)
            position += 1
        }
    }

    /// Up to the end of the text, or to the parenthesis that closes an interpolation.
    private mutating func scanCode(insideInterpolation: Bool) {
        var depth = 0
        while let byte = at(0) {
            if starts("//") {
                lineComment()
            } else if starts("/*") {
                blockComment()
            } else if let hashes = hashesBeforeQuote() {
                string(hashes: hashes)
            } else if let length = regexLength() {
                take(length, as: .text)
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                if insideInterpolation, depth < 0 { return }
                take(as: .code)
            }
        }
    }

    private mutating func lineComment() {
        while let byte = at(0), byte != UInt8(ascii: "\n") { take(as: .comment) }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                take(2, as: .comment)
            } else if starts("*/") {
                depth -= 1
                take(2, as: .comment)
            } else {
                take(as: .comment)
            }
        } while depth > 0 && position < bytes.count
    }

    /// The number of `#` before a quote that starts here; nil when no string starts here.
    private func hashesBeforeQuote() -> Int? {
        var hashes = 0
        while at(hashes) == UInt8(ascii: "#") { hashes += 1 }
        return at(hashes) == UInt8(ascii: "\"") ? hashes : nil
    }

    private func hasHashes(_ count: Int, from offset: Int) -> Bool {
        (0..<count).allSatisfy { at(offset + $0) == UInt8(ascii: "#") }
    }

    /// The delimiters stay in the code, the content does not, except for what is interpolated.
    private mutating func string(hashes: Int) {
        take(hashes, as: .text)
        let quotes = starts("\"\"\"") ? 3 : 1
        take(quotes, as: .code)
        while let byte = at(0) {
            if byte == UInt8(ascii: "\\"), hasHashes(hashes, from: 1) {
                let isInterpolation = at(1 + hashes) == UInt8(ascii: "(")
                take(2 + hashes, as: .text)
                if isInterpolation {
                    scanCode(insideInterpolation: true)
                    take(as: .text)
                }
            } else if byte == UInt8(ascii: "\""), quotes == 1 || starts("\"\"\""),
                hasHashes(hashes, from: quotes)
            {
                take(quotes, as: .code)
                return take(hashes, as: .text)
            } else if byte == UInt8(ascii: "\n"), quotes == 1 {
                return
            } else {
                take(as: .text)
            }
        }
    }

    /// The length of a regex literal that starts here; nil when a slash here divides or nothing starts.
    private func regexLength() -> Int? {
        if starts("#/") {
            var length = 2
            while at(length) != nil, at(length - 1) != UInt8(ascii: "/") || at(length) != UInt8(ascii: "#") {
                length += 1
            }
            return length + 1
        }
        guard at(0) == UInt8(ascii: "/"), let next = at(1), next != UInt8(ascii: " ") else { return nil }
        let before = code.last { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
        guard before.map({ "(,=:[{&|?".utf8.contains($0) }) ?? true else { return nil }
        var length = 1
        while let byte = at(length), byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "/") { return length + 1 }
            length += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }
}
