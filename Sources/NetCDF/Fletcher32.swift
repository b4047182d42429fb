/// The checksum of Fletcher (1982) over 16-bit words, as the fletcher32 filter of HDF5 keeps it: words with the
/// high byte first, an odd last byte as a high byte, and 65535 rather than 0 for a sum that is a multiple of it.
func fletcher32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var index = 0
    let even = bytes.count & ~1
    while index < even {
        // So many words leave both sums far below 2^64.
        let end = min(even, index + 2 * 65536)
        while index < end {
            first &+= UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
            second &+= first
            index += 2
        }
        first = folded(first)
        second = folded(second)
    }
    if even < bytes.count {
        first = folded(first + UInt64(bytes[even]) << 8)
        second = folded(second + first)
    }
    return UInt32(second) << 16 | UInt32(first)
}

/// The remainder of division by 65535, with 65535 in place of 0 unless the number is 0.
private func folded(_ sum: UInt64) -> UInt64 {
    let remainder = sum % 65535
    return remainder == 0 && sum > 0 ? 65535 : remainder
}
