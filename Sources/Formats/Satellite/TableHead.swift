/// What the first bytes of a file say of its being a table.
enum TableHead: Equatable {
    /// No text.
    case binary
    case empty
    /// Text whose first line has commas.
    case table
    /// Text of another kind: what is wrong with it, in words.
    case otherText(String)

    /// - Parameter bytes: the first some thousand.
    init(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else {
            self = .empty
            return
        }
        if Self.isWide(bytes) {
            self = .otherText("the text is UTF-16")
            return
        }
        guard Self.isText(bytes) else {
            self = .binary
            return
        }
        let content = bytes.starts(with: Self.byteOrderMark) ? bytes[3...] : bytes[...]
        self = Self.fault(content).map(Self.otherText) ?? .table
    }

    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
    private static let lineFeed = UInt8(ascii: "\n")

    /// By its mark, or by the zeros that English letters of two bytes have.
    private static func isWide(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 4 else { return false }
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
        let isLetter = { (byte: UInt8) in (0x20..<0x7f).contains(byte) }
        return bytes[1] == 0 && bytes[3] == 0 && isLetter(bytes[0]) && isLetter(bytes[2])
            || bytes[0] == 0 && bytes[2] == 0 && isLetter(bytes[1]) && isLetter(bytes[3])
    }

    /// Without control characters but those that lay out text.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f || (0x09...0x0d).contains($0) }
            && bytes[0] != 0x89 && !bytes.starts(with: "CDF".utf8)
    }

    private static func fault(_ content: ArraySlice<UInt8>) -> String? {
        let carriageReturn = UInt8(ascii: "\r")
        if content.contains(carriageReturn), !content.contains(lineFeed) {
            return "lines end with a carriage return alone"
        }
        let line = content.prefix { $0 != lineFeed && $0 != carriageReturn }
        func count(_ character: Unicode.Scalar) -> Int { line.count { $0 == UInt8(ascii: character) } }
        switch line.first(where: { $0 != UInt8(ascii: " ") }) {
        case nil: return "the first line is empty and no header"
        case UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "!"):
            return "the first line is a comment and no header"
        case UInt8(ascii: "<"): return "the file is a web page or XML"
        case UInt8(ascii: "{"), UInt8(ascii: "["): return "the file is JSON"
        default: break
        }
        if count(";") > count(",") { return "columns are separated by semicolons" }
        if count("\t") > count(",") { return "columns are separated by tabs" }
        return count(",") == 0 ? "the first line has no commas" : nil
    }
}
