/// Splits text into lines of fields (RFC 4180); quotes may enclose commas, line ends and doubled quotes.
struct CSVLines {
    private let bytes: [UInt8]
    private var index = 0
    private var newlines = 0
    /// Number of the line read last, from 1.
    private(set) var line = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    mutating func next() -> [String]? {
        guard index < bytes.count else { return nil }
        line = newlines + 1
        var fields: [String] = []
        while true {
            fields.append(field())
            guard index < bytes.count else { return fields }
            let separator = bytes[index]
            index += 1
            if separator == UInt8(ascii: ",") { continue }
            newlines += 1
            return fields
        }
    }

    /// Leaves the index at the separator after the field, or at the end.
    private mutating func field() -> String {
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") { return quoted() }
        let start = index
        while index < bytes.count, !isSeparator(bytes[index]) { index += 1 }
        var end = index
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func quoted() -> String {
        var content: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard index < bytes.count, bytes[index] == byte else { break }
                index += 1
            }
            if byte == UInt8(ascii: "\n") { newlines += 1 }
            content.append(byte)
        }
        while index < bytes.count, !isSeparator(bytes[index]) { index += 1 }
        return String(decoding: content, as: UTF8.self)
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n")
    }
}
