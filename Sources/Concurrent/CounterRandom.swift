/// Philox4x32-10 (Salmon et al. 2011, SC11): a random block is a pure function of key and counter, so a
/// stream does not depend on the number of threads that draw from it.
public struct CounterRandom: Sendable {
    public let key: (UInt32, UInt32)

    public init(seed: UInt64) {
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    }

    /// Four random words for one counter value.
    public func block(
        _ counter: (UInt32, UInt32, UInt32, UInt32)
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        var c = counter
        var k = key
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) &* UInt64(c.0)
            let second = UInt64(0xCD9E_8D57) &* UInt64(c.2)
            c = (
                UInt32(truncatingIfNeeded: second >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: first)
            )
            k.0 = k.0 &+ 0x9E37_79B9
            k.1 = k.1 &+ 0xBB67_AE85
        }
        return c
    }

    /// Uniform in (0, 1) with 53 random bits, for item `index` of stream `stream`.
    public func uniform(stream: UInt64, index: UInt64) -> Double {
        let words = block(
            (
                UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
                UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)
            )
        )
        let bits = (UInt64(words.0) << 32 | UInt64(words.1)) >> 11
        return (Double(bits) + 0.5) * 0x1p-53
    }
}
