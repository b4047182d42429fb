/// Converts a run of stored numbers to doubles: missing ones become NaN, the others are scaled.
func convert(
    _ elements: UnsafeRawPointer,
    _ count: Int,
    _ element: StoredElement,
    _ decoding: StoredVariable.Decoding,
    into result: UnsafeMutablePointer<Double>
) {
    switch element {
    case .int8: decode(elements, Int8.self, count, decoding, result) { Double($0) }
    case .uint8: decode(elements, UInt8.self, count, decoding, result) { Double($0) }
    case .int16: decode(elements, Int16.self, count, decoding, result) { Double($0) }
    case .uint16: decode(elements, UInt16.self, count, decoding, result) { Double($0) }
    case .int32: decode(elements, Int32.self, count, decoding, result) { Double($0) }
    case .uint32: decode(elements, UInt32.self, count, decoding, result) { Double($0) }
    case .int64: decode(elements, Int64.self, count, decoding, result) { Double($0) }
    case .uint64: decode(elements, UInt64.self, count, decoding, result) { Double($0) }
    case .float: decode(elements, Float.self, count, decoding, result) { Double($0) }
    case .double: decode(elements, Double.self, count, decoding, result) { $0 }
    }
}

/// One loop for each kind of work, as the tests inside a loop would cost more than the conversion.
@inline(__always)
private func decode<Stored>(
    _ elements: UnsafeRawPointer,
    _: Stored.Type,
    _ count: Int,
    _ decoding: StoredVariable.Decoding,
    _ result: UnsafeMutablePointer<Double>,
    _ double: (Stored) -> Double
) {
    let stored = elements.assumingMemoryBound(to: Stored.self)
    let scale = decoding.scale
    let offset = decoding.offset
    let isScaled = scale != 1 || offset != 0
    guard let first = decoding.missing.first else {
        if isScaled {
            for index in 0..<count { result[index] = double(stored[index]) * scale + offset }
        } else {
            for index in 0..<count { result[index] = double(stored[index]) }
        }
        return
    }
    let second = decoding.missing.last ?? first
    for index in 0..<count {
        let value = double(stored[index])
        let scaled = isScaled ? value * scale + offset : value
        result[index] = value == first || value == second ? Double.nan : scaled
    }
}

/// Converts a run of stored whole numbers.
///
/// - Returns: false when one does not fit.
func convert<Whole: FixedWidthInteger>(
    _ elements: UnsafeRawPointer,
    _ count: Int,
    _ element: StoredElement,
    into result: UnsafeMutablePointer<Whole>
) -> Bool {
    switch element {
    case .int8: widen(elements, Int8.self, count, result)
    case .uint8: widen(elements, UInt8.self, count, result)
    case .int16: widen(elements, Int16.self, count, result)
    case .uint16: widen(elements, UInt16.self, count, result)
    case .int32: widen(elements, Int32.self, count, result)
    case .uint32: widen(elements, UInt32.self, count, result)
    case .int64: widen(elements, Int64.self, count, result)
    case .uint64: widen(elements, UInt64.self, count, result)
    case .float, .double: false
    }
}

/// - Precondition: `Whole` has 64 bits.
@inline(__always)
private func widen<Stored: FixedWidthInteger, Whole: FixedWidthInteger>(
    _ elements: UnsafeRawPointer,
    _: Stored.Type,
    _ count: Int,
    _ result: UnsafeMutablePointer<Whole>
) -> Bool {
    let stored = elements.assumingMemoryBound(to: Stored.self)
    var all: Whole = 0
    for index in 0..<count {
        let value = Whole(truncatingIfNeeded: stored[index])
        result[index] = value
        all |= value
    }
    // Between signed and unsigned, exactly the numbers with the highest bit set do not fit.
    return Stored.isSigned == Whole.isSigned || all.leadingZeroBitCount > 0
}
