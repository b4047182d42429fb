/// Writes numbers little-endian.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        var rest = number
        for _ in 0..<(Number.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func write(_ number: Double) { write(number.bitPattern) }
    mutating func write(_ sum: FixedPointSum) { write(sum.units) }

    mutating func write(_ more: [UInt8]) {
        write(UInt64(more.count))
        bytes.append(contentsOf: more)
    }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    mutating func write(_ texts: Set<String>) {
        write(UInt32(texts.count))
        for text in texts.sorted() { write(text) }
    }
}

/// Reads what ``ByteWriter`` wrote; every length is checked before memory is taken.
struct ByteReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var remaining: Int { bytes.count - place }

    mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(GriddingError)
        -> Number
    {
        let width = Number.bitWidth / 8
        guard remaining >= width else { throw .damagedSums("cut off") }
        var number: Number = 0
        for offset in (0..<width).reversed() {
            number = number << 8 | Number(truncatingIfNeeded: bytes[place + offset])
        }
        place += width
        return number
    }

    mutating func double() throws(GriddingError) -> Double { Double(bitPattern: try integer()) }

    mutating func sum() throws(GriddingError) -> FixedPointSum { FixedPointSum(units: try integer()) }

    /// A number of elements of which each takes at least `size` bytes.
    mutating func count(ofSize size: Int, _ number: UInt64) throws(GriddingError) -> Int {
        guard let count = Int(exactly: number), count <= remaining / max(size, 1) else {
            throw .damagedSums("cut off")
        }
        return count
    }

    mutating func array() throws(GriddingError) -> [UInt8] {
        let length = try integer(UInt64.self)
        let count = try count(ofSize: 1, length)
        defer { place += count }
        return Array(bytes[place..<place + count])
    }

    mutating func text() throws(GriddingError) -> String {
        guard let text = String(validating: try array(), as: UTF8.self) else {
            throw .damagedSums("text is not UTF-8")
        }
        return text
    }

    mutating func texts() throws(GriddingError) -> Set<String> {
        let number = try integer(UInt32.self)
        let count = try count(ofSize: 8, UInt64(number))
        var texts: Set<String> = []
        for _ in 0..<count { texts.insert(try text()) }
        guard texts.count == count else { throw .damagedSums("a name comes twice") }
        return texts
    }

    mutating func named<Value: RawRepresentable>(_ type: Value.Type = Value.self) throws(GriddingError)
        -> Value
    where Value.RawValue == String {
        let name = try text()
        guard let value = Value(rawValue: name) else { throw .damagedSums("unknown name \(name.prefix(40))") }
        return value
    }
}

/// Fowler, Noll and Vo's hash with 64 bits (FNV-1a): tells damage by accident, not by intent.
func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
}
