import Observations

/// Conditions as bytes: each entry a number of its name with the way the value is written, then the value.
///
/// Most values have few decimals and take two or three bytes: an integer and the power of ten it is divided by.
/// The rest are doubles of eight bytes, lowest first. Every value comes back bit by bit.
enum ConditionCodec {
    /// In the three low bits of an entry's head: the number of decimals, or that the value is a double.
    private static let double: UInt64 = 7
    private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5]
    /// Integers below it are shorter than a double, and exact.
    private static let largestInteger = Double(1 << 40)
    /// In the middle of the doubles that are one apart: added and taken away again, it leaves the nearest integer.
    private static let unitStep = 0x1.8p52
    /// Of a product below the largest integer, generously.
    private static let largestRounding = 0x1p-10

    /// Appends one entry.
    static func append(_ value: Double, name: Int64, to bytes: inout [UInt8]) {
        let head = UInt64(bitPattern: name) << 3
        for decimals in 0..<powers.count {
            let scaled = value * powers[decimals]
            let whole = (scaled + unitStep) - unitStep
            guard abs(whole) < largestInteger else { break }
            // A quotient that is the value again, times the power, is off by less than a rounding. This spares most
            // divisions.
            guard abs(scaled - whole) <= largestRounding,
                (whole / powers[decimals]).bitPattern == value.bitPattern
            else { continue }
            let integer = Int64(whole)
            bytes.appendVariable(head | UInt64(decimals))
            return bytes.appendVariable(UInt64(bitPattern: integer << 1 ^ integer >> 63))
        }
        bytes.appendVariable(head | double)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
        }
    }

    /// The entries; nil for bytes that no encoder can have left.
    /// - Parameter name: the name of a number; nil for an unknown one.
    static func decode(_ bytes: [UInt8], name: (Int64) -> String?) -> Conditions? {
        var cursor = ByteCursor(bytes)
        var entries: [Conditions.Entry] = []
        // An entry takes two bytes at least, and most often three or four.
        entries.reserveCapacity(bytes.count / 3)
        while !cursor.isAtEnd {
            guard let head = cursor.variable(), let name = name(Int64(head >> 3)),
                let value = value(head & 7, &cursor), value.isFinite
            else { return nil }
            entries.append(.init(name: name, value: value))
        }
        return Conditions(entries)
    }

    /// Whether two codes say the same, in whatever order.
    static func agree(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        if a == b { return true }
        guard a.count == b.count else { return false }
        func sorted(_ bytes: [UInt8]) -> [Conditions.Entry]? {
            decode(bytes, name: { String($0) })?.entries.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
        }
        guard let first = sorted(a), let second = sorted(b) else { return false }
        return first == second
    }

    private static func value(_ kind: UInt64, _ cursor: inout ByteCursor) -> Double? {
        if kind == double { return cursor.fixed().map { Double(bitPattern: $0) } }
        guard kind < powers.count, let coded = cursor.variable() else { return nil }
        let integer = Int64(bitPattern: coded >> 1) ^ -Int64(bitPattern: coded & 1)
        return Double(integer) / powers[Int(kind)]
    }
}

/// Reads numbers from bytes; nil where they end too soon.
struct ByteCursor {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    /// Seven bits a byte, the lowest first.
    mutating func variable() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    /// Eight bytes, the lowest first.
    mutating func fixed() -> UInt64? {
        guard bytes.count - position >= 8 else { return nil }
        defer { position += 8 }
        return bytes[position..<position + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// So many bytes as they are.
    mutating func slice(_ count: UInt64) -> ArraySlice<UInt8>? {
        guard count <= UInt64(bytes.count - position) else { return nil }
        defer { position += Int(count) }
        return bytes[position..<position + Int(count)]
    }
}

extension [UInt8] {
    /// Seven bits a byte, the lowest first.
    mutating func appendVariable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
