import Foundation
import Testing

/// Something in the tree that breaks a rule.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// A word or sign of Swift code, and the line it stands on, counted from one.
struct Token: Equatable {
    let text: String
    let line: Int
}

/// One Swift file, split into lines of text, code and comments.
struct SwiftSource {
    /// Relative to the repository.
    let path: String
    let lines: [String]
    /// The same lines with strings and comments blanked.
    let code: [String]
    /// The same lines with everything but comments blanked.
    let comments: [String]
    let tokens: [Token]

    init(path: String, text: String) {
        self.path = path
        let scanner = SwiftScanner(text)
        lines = Self.lines(of: text)
        code = Self.lines(of: String(decoding: scanner.code, as: UTF8.self))
        comments = Self.lines(of: String(decoding: scanner.comments, as: UTF8.self))
        tokens = Self.tokens(of: scanner.code)
    }

    /// The module of a file in Sources, or the target of a file elsewhere.
    var module: String {
        let parts = path.split(separator: "/").map(String.init)
        return parts.count > 2 ? parts[1] : parts[0]
    }

    /// Whether the file stands in this top-level folder.
    func isIn(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }

    func finding(_ line: Int, _ message: String) -> Finding {
        Finding(path: path, line: line, message: message)
    }

    private static func tokens(of code: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var line = 1
        var word: [UInt8] = []
        for byte in code + [UInt8(ascii: "\n")] {
            let isLetter = byte == UInt8(ascii: "_") || byte >= 0x80 || isDigitOrLetter(byte)
            if isLetter {
                word.append(byte)
                continue
            }
            if !word.isEmpty { tokens.append(Token(text: String(decoding: word, as: UTF8.self), line: line)) }
            word.removeAll(keepingCapacity: true)
            switch byte {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "): break
            default: tokens.append(Token(text: String(UnicodeScalar(byte)), line: line))
            }
        }
        return tokens
    }

    private static func isDigitOrLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// Fails the test once for each finding, so that every place is named.
func expectNone(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
    for finding in findings { Issue.record("\(finding)", sourceLocation: sourceLocation) }
}
