/// A sum of doubles whose result does not depend on the order of the terms.
///
/// Each term is cut to a multiple of 2^-72 and added as an integer. Integer addition is associative, so
/// that files may come in any order and blocks from any number of threads, and the sum has the same bits.
/// 2^25 terms of the largest weighted quantity of a sounding fit; beyond, the sum wraps and does not trap.
struct FixedPointSum: Equatable, Sendable {
    /// Larger terms are held back to this; the bounds of plausible soundings keep all far below.
    static let largestTerm = 0x1p50
    static let fractionBits = 72

    private(set) var units: Int128 = 0

    init() {}

    init(units: Int128) { self.units = units }

    @inline(__always)
    init(_ term: Double) { units = Self.units(of: term) }

    /// - Precondition: the term is not NaN.
    @inline(__always)
    mutating func add(_ term: Double) { units &+= Self.units(of: term) }

    @inline(__always)
    mutating func add(_ other: FixedPointSum) { units &+= other.units }

    /// Two conversions of the processor to 64 bits, each exact, and one shift by a constant: a shift of 128 bits
    /// by the exponent takes three times as long.
    @inline(__always)
    private static func units(of term: Double) -> Int128 {
        let bounded = max(-largestTerm, min(largestTerm, term))
        let high = Int64(bounded * 0x1p12)
        let low = Int64((bounded - Double(high) * 0x1p-12) * 0x1p72)
        return Int128(high) &<< 60 &+ Int128(low)
    }

    /// The sum as a double, the upper and the lower half rounded on their own.
    var value: Double {
        Double(Int64(truncatingIfNeeded: units &>> 64)) * 0x1p-8
            + Double(UInt64(truncatingIfNeeded: units)) * 0x1p-72
    }
}
