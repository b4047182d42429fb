/// Parses JSON5 (json5.org): JSON with comments, trailing commas, unquoted keys, strings in single quotes and
/// hexadecimal numbers.
///
/// Written for files that people edit: an error names line and column, and a key that stands twice in one object is
/// refused, as nobody can say which of the two was meant.
struct JSON5Parser {
    let text: [UInt8]
    let file: String
    var place = 0
    private var depth = 0
    private static let deepest = 200

    /// - Parameter file: what errors name.
    init(_ text: [UInt8], file: String) {
        self.text = text
        self.file = file
    }

    /// The value that the whole text is.
    mutating func document() throws(ConfigurationError) -> JSONValue {
        if let broken = firstBrokenByte(of: text) { throw problem("not UTF-8", at: broken) }
        try skipSpace()
        let value = try value(path: "")
        try skipSpace()
        guard place == text.count else { throw problem("found \(found) behind the end") }
        return value
    }

    /// - Parameter path: of the value, for errors.
    private mutating func value(path: String) throws(ConfigurationError) -> JSONValue {
        guard depth < Self.deepest else { throw problem("nested more than \(Self.deepest) deep") }
        depth += 1
        defer { depth -= 1 }
        switch current {
        case UInt8(ascii: "{"): return .object(try object(path))
        case UInt8(ascii: "["): return .array(try array(path))
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        default: return try word()
        }
    }

    private mutating func object(_ path: String) throws(ConfigurationError) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        place += 1
        try skipSpace()
        while current != UInt8(ascii: "}") {
            let start = place
            let key = try key()
            let location = path.isEmpty ? key : "\(path).\(key)"
            guard members[key] == nil else {
                let line = position(of: start).line
                throw ConfigurationError(.duplicateKey(key, line: line), file: file, path: location)
            }
            try skipSpace()
            guard take(":") else { throw problem("expected `:` after the key `\(key)`, found \(found)") }
            try skipSpace()
            members[key] = try value(path: location)
            try separator("}")
        }
        place += 1
        return members
    }

    private mutating func array(_ path: String) throws(ConfigurationError) -> [JSONValue] {
        var values: [JSONValue] = []
        place += 1
        try skipSpace()
        while current != UInt8(ascii: "]") {
            values.append(try value(path: "\(path)[\(values.count)]"))
            try separator("]")
        }
        place += 1
        return values
    }

    /// A comma or, not taken, the end.
    private mutating func separator(_ end: Unicode.Scalar) throws(ConfigurationError) {
        try skipSpace()
        if take(",") { return try skipSpace() }
        guard current == UInt8(ascii: end) else {
            throw problem("expected `,` or `\(end)`, found \(found)")
        }
    }

    private mutating func key() throws(ConfigurationError) -> String {
        if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") { return try string() }
        let start = place
        while let byte = current, byte.isNamePart { place += 1 }
        guard start < place, !text[start].isDigit else {
            place = start
            throw problem("expected a key or `}`, found \(found)")
        }
        return String(decoding: text[start..<place], as: UTF8.self)
    }

    /// A number or one of the words of JSON.
    private mutating func word() throws(ConfigurationError) -> JSONValue {
        let start = place
        while let byte = current, byte.isNamePart || "+-.".utf8.contains(byte) { place += 1 }
        let word = String(decoding: text[start..<place], as: UTF8.self)
        switch word {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            if let number = JSON5Number(word) { return .number(number.value) }
            place = start
            throw problem("expected a value, found \(word.isEmpty ? found : "`\(word)`")")
        }
    }
}

extension JSON5Parser {
    var current: UInt8? { place < text.count ? text[place] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: scalar) else { return false }
        place += 1
        return true
    }

    /// Skips space and comments.
    mutating func skipSpace() throws(ConfigurationError) {
        while let byte = current {
            if let length = spaceLength(at: place) {
                place += length
            } else if byte == UInt8(ascii: "/"), text[place...].starts(with: "//".utf8) {
                while let byte = current, !byte.endsLine { place += 1 }
            } else if byte == UInt8(ascii: "/"), text[place...].starts(with: "/*".utf8) {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(ConfigurationError) {
        let start = place
        place += 2
        while !text[place...].starts(with: "*/".utf8) {
            guard place < text.count else { throw problem("the comment has no end", at: start) }
            place += 1
        }
        place += 2
    }

    /// Bytes of a space, those of Unicode included: input methods for Chinese make wide ones.
    private func spaceLength(at place: Int) -> Int? {
        if text[place] < 0x80 { return text[place] == 0x20 || (0x09...0x0D).contains(text[place]) ? 1 : nil }
        let rest = text[place..<min(place + 4, text.count)]
        guard let scalar = String(decoding: rest, as: UTF8.self).unicodeScalars.first,
            scalar.properties.isWhitespace || scalar == "\u{FEFF}"
        else { return nil }
        return scalar.utf8.count
    }

    /// What stands here, for errors.
    var found: String {
        guard place < text.count else { return "the end of the file" }
        let rest = text[place..<min(place + 4, text.count)]
        return "`\(String(decoding: rest, as: UTF8.self).first.map(String.init) ?? "")`"
    }

    func problem(_ what: String, at place: Int? = nil) -> ConfigurationError {
        let (line, column) = position(of: place ?? self.place)
        return ConfigurationError(.syntax(what), file: file, path: "line \(line), column \(column)")
    }

    /// Both from 1 on; a column is a character.
    private func position(of place: Int) -> (line: Int, column: Int) {
        let before = text[..<place]
        var start = 0
        var line = 1
        for index in before.indices where before[index].endsLine {
            let isSecondOfPair = before[index] == 0x0A && index > 0 && before[index - 1] == 0x0D
            line += isSecondOfPair ? 0 : 1
            start = index + 1
        }
        return (line, String(decoding: before[start...], as: UTF8.self).count + 1)
    }
}

/// The place of the first byte that is no UTF-8.
private func firstBrokenByte(of text: [UInt8]) -> Int? {
    guard String(validating: text, as: UTF8.self) == nil else { return nil }
    var (low, high) = (0, text.count)
    // A prefix is whole as long as nothing broken is in it, but for a character that it cuts.
    while low < high {
        let middle = (low + high) / 2
        let end = (middle + 1...min(middle + 4, text.count)).first {
            String(validating: text[..<$0], as: UTF8.self) != nil
        }
        if let end { low = max(low + 1, end) } else { high = middle }
    }
    return low
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var endsLine: Bool { self == 0x0A || self == 0x0D }

    /// Letters of other scripts included.
    fileprivate var isNamePart: Bool {
        isDigit || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self == 0x24
            || self == 0x5F || self >= 0x80
    }
}
