import CSimdJSON

/// A value of a document that a ``JSONParser`` lends; valid only as long as it does.
public struct JSONElement {
    public enum Kind: UInt8, Sendable {
        case null = 0
        case falseLiteral = 1
        case trueLiteral = 2
        case number = 3
        /// Digits that are no number of the grammar (`042`, `42.`), or beyond the doubles (`1e999`).
        case unreadableNumber = 4
        case string = 5
        case array = 6
        case object = 7
    }

    let node: UnsafePointer<crosswind_json_node>

    init(_ node: UnsafePointer<crosswind_json_node>) { self.node = node }

    public var kind: Kind { Kind(rawValue: node.pointee.kind) ?? .null }

    /// The nearest double; nil for what is no number.
    public var number: Double? { kind == .number ? node.pointee.number : nil }

    /// Nil for what is no number or has a point, an exponent or more than 64 bits.
    public var wholeNumber: Int64? { kind == .number && node.pointee.is_whole ? node.pointee.whole : nil }

    /// A copy of a string's text; nil for what is no string.
    public var text: String? {
        guard kind == .string else { return nil }
        return String(decoding: textBytes, as: UTF8.self)
    }

    /// Lends the text of a string in UTF-8; an empty one for what is no string.
    public func withText<Result>(_ body: (RawSpan) -> Result) -> Result { body(textBytes.span.bytes) }

    private var textBytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: node.pointee.text, count: Int(node.pointee.text_count))
    }

    /// A copy of the name under which an object has the value; empty elsewhere.
    public var name: String {
        let bytes = UnsafeBufferPointer(start: node.pointee.key, count: Int(node.pointee.key_count))
        return String(decoding: bytes, as: UTF8.self)
    }

    public func isNamed(_ name: JSONName) -> Bool {
        guard node.pointee.key_word == name.word, Int(node.pointee.key_count) == name.bytes.count else {
            return false
        }
        if name.bytes.count <= 8 { return true }
        let bytes = UnsafeBufferPointer(start: node.pointee.key, count: name.bytes.count)
        return bytes.elementsEqual(name.bytes)
    }

    /// The values in an array or object, in their order; none in others.
    public var children: JSONChildren {
        JSONChildren(place: node + 1, end: node + Int(node.pointee.size))
    }

    /// The first member of that name; nil for what is no object.
    public subscript(_ name: JSONName) -> JSONElement? {
        guard kind == .object else { return nil }
        return children.first { $0.isNamed(name) }
    }
}

/// Goes over the values in an array or object.
public struct JSONChildren: Sequence, IteratorProtocol {
    var place: UnsafePointer<crosswind_json_node>
    let end: UnsafePointer<crosswind_json_node>

    public mutating func next() -> JSONElement? {
        guard place < end else { return nil }
        defer { place += Int(place.pointee.size) }
        return JSONElement(place)
    }
}

/// The name of a member, made ready for comparing.
public struct JSONName: Hashable, Sendable, ExpressibleByStringLiteral {
    let bytes: [UInt8]
    /// The first bytes, the first lowest, as the parser has them of each key.
    let word: UInt64

    public init(_ text: String) {
        bytes = Array(text.utf8)
        word = bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    }

    public init(stringLiteral text: String) { self.init(text) }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
