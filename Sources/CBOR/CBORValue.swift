/// A data item of CBOR (RFC 8949).
public indirect enum CBORValue: Equatable, Sendable {
    case unsigned(UInt64)
    /// The number -1 - n.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBORValue])
    /// In the order of the document; nothing says that keys differ.
    case map([CBORPair])
    case tagged(UInt64, CBORValue)
    case bool(Bool)
    case null
    case undefined
    /// Of half, single or double precision.
    case float(Double)

    /// The double nearest to a number: an integer, a float, or a decimal fraction of these (tag 4). Nil for what is no
    /// number, and for integers and fractions of arbitrary length (tags 2, 3 and 5).
    public var number: Double? {
        switch self {
        case .unsigned(let value): Double(value)
        case .negative(let value): -1 - Double(value)
        case .float(let value): value
        case .tagged(4, .array(let parts)) where parts.count == 2:
            // Text is the way to one rounding.
            parts[1].integerText.flatMap { mantissa in
                parts[0].integerText.flatMap { exponent in Double("\(mantissa)e\(exponent)") }
            }
        default: nil
        }
    }

    /// The digits of an integer of 64 bits.
    private var integerText: String? {
        switch self {
        case .unsigned(let value): String(value)
        case .negative(let value) where value < .max: "-\(value + 1)"
        default: nil
        }
    }
}

/// One entry of a map.
public struct CBORPair: Equatable, Sendable {
    public let key: CBORValue
    public let value: CBORValue

    public init(key: CBORValue, value: CBORValue) {
        self.key = key
        self.value = value
    }
}

/// What a document may ask of memory.
public struct CBORLimits: Equatable, Sendable {
    public var bytes: Int
    /// How many arrays, maps and tags may contain one another.
    public var depth: Int
    /// Items of all kinds, the declared ones included.
    public var items: Int

    public init(bytes: Int = 8 << 20, depth: Int = 32, items: Int = 1 << 18) {
        self.bytes = bytes
        self.depth = depth
        self.items = items
    }
}

/// Why bytes are no CBOR that we take. Offsets count bytes from the start.
public enum CBORError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLarge(limit: Int)
    /// The bytes end within an item.
    case truncated
    /// No data item begins here.
    case malformed(offset: Int)
    /// The end of an item of indefinite length stands where none is open, or within a pair.
    case strayBreak(offset: Int)
    case notUTF8(offset: Int)
    case tooDeep(limit: Int)
    case tooManyItems(limit: Int)
    /// More than one item.
    case trailingBytes(offset: Int)

    public var description: String {
        switch self {
        case .tooLarge(let limit): "more than \(limit) bytes"
        case .truncated: "the bytes end within an item"
        case .malformed(let offset): "no item at byte \(offset)"
        case .strayBreak(let offset): "a break that ends nothing at byte \(offset)"
        case .notUTF8(let offset): "a text that is not UTF-8 at byte \(offset)"
        case .tooDeep(let limit): "nested more than \(limit) deep"
        case .tooManyItems(let limit): "more than \(limit) items"
        case .trailingBytes(let offset): "more than one item; the second at byte \(offset)"
        }
    }
}
