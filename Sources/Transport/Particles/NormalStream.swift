import Concurrent
import Foundation

/// Tables of the ziggurat of Marsaglia and Tsang (2000, J. Stat. Softw. 5, 8) for the standard normal distribution,
/// with 256 layers of equal area.
struct Ziggurat: Sendable {
    /// Width of the layers; the first is that of the base with its tail.
    let edges: [Float]
    /// Density at the edges.
    let densities: [Float]

    private static let tail = 3.654_152_885_361_009

    static let standard = Ziggurat()

    private init() {
        let density = { (x: Double) in exp(-0.5 * x * x) }
        let area =
            Self.tail * density(Self.tail) + (Double.pi / 2).squareRoot() * erfc(Self.tail / 2.0.squareRoot())
        var widths = [area / density(Self.tail), Self.tail]
        while widths.count < 256 {
            let last = widths[widths.count - 1]
            widths.append((-2 * log(area / last + density(last))).squareRoot())
        }
        widths.append(0)
        edges = widths.map { Float($0) }
        densities = widths.map { Float(density($0)) }
    }

    static let tailEdge = Float(tail)
}

/// The random numbers of one particle: a function of seed, receptor and particle alone.
///
/// Word `n` is the finaliser of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA) of `start + n * gamma`, so the stream
/// is counter-based like Philox, at a fifth of its cost; `start` comes from Philox. A million particles of ten thousand
/// words each overlap with a probability of about (10^6)^2 10^4 / 2^64 = 0.05 %, and then two of them by chance alone.
struct NormalStream {
    private var counter: UInt64

    init(seed: UInt64, receptor: Int, particle: Int) {
        let words = CounterRandom(seed: seed).block(
            (
                UInt32(truncatingIfNeeded: particle), UInt32(truncatingIfNeeded: receptor),
                UInt32(truncatingIfNeeded: receptor >> 32), 0x7061_7274
            )
        )
        counter = UInt64(words.0) << 32 | UInt64(words.1)
    }

    @inline(__always)
    mutating func word() -> UInt64 {
        counter &+= 0x9E37_79B9_7F4A_7C15
        var z = counter
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    @inline(__always)
    mutating func uniform() -> Float { (Float(word() >> 41) + 0.5) * 0x1p-23 }

    @inline(__always)
    mutating func normal(_ ziggurat: borrowing Ziggurat) -> Float {
        let bits = word()
        let layer = Int(truncatingIfNeeded: bits & 0xFF)
        // 24 bits of the upper half with their sign, in (-1, 1).
        let signed = (Float(Int32(truncatingIfNeeded: bits >> 40) &- 0x80_0000) + 0.5) * 0x1p-23
        let value = signed * ziggurat.edges[layer]
        if abs(value) < ziggurat.edges[layer &+ 1] { return value }
        return edge(value, layer, ziggurat)
    }

    /// What falls outside of the rectangle within its layer: about 1.2 % of all.
    @inline(never)
    private mutating func edge(_ value: Float, _ layer: Int, _ ziggurat: borrowing Ziggurat) -> Float {
        if layer == 0 {
            while true {
                let x = -log(uniform()) / Ziggurat.tailEdge
                if -2 * log(uniform()) > x * x {
                    return value < 0 ? -(Ziggurat.tailEdge + x) : Ziggurat.tailEdge + x
                }
            }
        }
        let (lower, upper) = (ziggurat.densities[layer], ziggurat.densities[layer + 1])
        if lower + uniform() * (upper - lower) < exp(-0.5 * value * value) { return value }
        return normal(ziggurat)
    }
}
