/// Undoes the shuffle filter of HDF5, which stores the first bytes of all elements, then all second bytes, and so
/// on. Bytes after the last whole element stay where they are.
func unshuffle(
    _ source: UnsafeRawPointer,
    _ destination: UnsafeMutableRawPointer,
    byteCount: Int,
    elementSize: Int
) {
    guard elementSize > 1 else {
        destination.copyMemory(from: source, byteCount: byteCount)
        return
    }
    let count = byteCount / elementSize
    switch elementSize {
    case 2: unshuffle2(source, destination, count)
    case 4: unshuffle4(source, destination, count, stride: 1)
    case 8:
        // Two halves of four bytes each; one loop of eight is slower, for want of registers.
        unshuffle4(source, destination, count, stride: 2)
        unshuffle4(source + 4 * count, destination + 4, count, stride: 2)
    default:
        for byte in 0..<elementSize {
            let plane = source + byte * count
            for index in 0..<count {
                let value = plane.load(fromByteOffset: index, as: UInt8.self)
                destination.storeBytes(of: value, toByteOffset: index * elementSize + byte, as: UInt8.self)
            }
        }
    }
    let whole = count * elementSize
    (destination + whole).copyMemory(from: source + whole, byteCount: byteCount - whole)
}

private func unshuffle2(_ source: UnsafeRawPointer, _ destination: UnsafeMutableRawPointer, _ count: Int) {
    let low = source.assumingMemoryBound(to: UInt8.self)
    let high = low + count
    let words = destination.assumingMemoryBound(to: UInt16.self)
    for index in 0..<count { words[index] = UInt16(low[index]) | UInt16(high[index]) &<< 8 }
}

/// Four planes of bytes into every `stride`-th word of 32 bits.
@inline(__always)
private func unshuffle4(
    _ source: UnsafeRawPointer,
    _ destination: UnsafeMutableRawPointer,
    _ count: Int,
    stride: Int
) {
    let plane0 = source.assumingMemoryBound(to: UInt8.self)
    let plane1 = plane0 + count
    let plane2 = plane1 + count
    let plane3 = plane2 + count
    let words = destination.assumingMemoryBound(to: UInt32.self)
    for index in 0..<count {
        let low = UInt32(plane0[index]) | UInt32(plane1[index]) &<< 8
        let high = UInt32(plane2[index]) | UInt32(plane3[index]) &<< 8
        words[index &* stride] = low | high &<< 16
    }
}
