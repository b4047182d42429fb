import Foundation

/// One stream of a ``CounterRandom``, drawn in order, with the distributions that samplers need. A chain, an
/// ensemble member and a particle each take a stream of their own, so that no result depends on who drew first.
public struct RandomStream: RandomNumberGenerator, Sendable {
    private let random: CounterRandom
    private let stream: UInt64
    private var index: UInt64 = 0
    /// The second half of a block, and the second normal of a pair.
    private var spareWord: UInt64?
    private var spareNormal: Double?

    public init(seed: UInt64, stream: UInt64) {
        random = CounterRandom(seed: seed)
        self.stream = stream
    }

    public mutating func next() -> UInt64 {
        if let word = spareWord {
            spareWord = nil
            return word
        }
        let words = random.block(
            (
                UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
                UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)
            )
        )
        index &+= 1
        spareWord = UInt64(words.2) << 32 | UInt64(words.3)
        return UInt64(words.0) << 32 | UInt64(words.1)
    }

    /// Uniform in (0, 1) with 53 random bits.
    public mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    /// Standard normal (Box and Muller 1958); both numbers of a pair are used.
    public mutating func normal() -> Double {
        if let value = spareNormal {
            spareNormal = nil
            return value
        }
        let radius = (-2 * log(uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        spareNormal = radius * sin(angle)
        return radius * cos(angle)
    }

    /// Standard exponential.
    public mutating func exponential() -> Double { -log(uniform()) }

    /// Gamma with the given shape and scale 1 (Marsaglia and Tsang 2000, ACM TOMS 26, 363).
    ///
    /// - Precondition: shape > 0.
    public mutating func gamma(shape: Double) -> Double {
        precondition(shape > 0, "the shape of a gamma distribution is positive")
        guard shape >= 1 else { return gamma(shape: shape + 1) * pow(uniform(), 1 / shape) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            guard v > 0 else { continue }
            if log(uniform()) < x * x / 2 + d - d * v + d * log(v) { return d * v }
        }
    }
}
