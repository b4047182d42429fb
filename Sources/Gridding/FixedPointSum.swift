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

    /// The same for a term that is hardly ever negative, with less work.
    ///
    /// - Precondition: the term is not NaN.
    @inline(__always)
    mutating func addPositive(_ term: Double) { units &+= Self.units(ofPositive: term) }

    @inline(__always)
    init(positive term: Double) { units = Self.units(ofPositive: term) }

    @inline(__always)
    mutating func add(_ other: FixedPointSum) { units &+= other.units }

    @inline(__always)
    private static func units(of term: Double) -> Int128 {
        let magnitude = units(ofPositive: abs(term))
        let sign = Int128(truncatingIfNeeded: Int64(bitPattern: term.bitPattern) >> 63)
        return (magnitude ^ sign) &- sign
    }

    /// Of a double from 2^-20 to 2^44 all digits count, and its integer of 53 bits need only be moved into place: a
    /// third of the time that conversions take.
    @inline(__always)
    private static func units(ofPositive term: Double) -> Int128 {
        let bits = term.bitPattern
        // 2^-20 has the exponent 1003, and as its last digit 2^-72. A sign makes this large.
        let shift = bits >> 52 &- 1003
        guard shift < 64 else { return convertedUnits(of: term) }
        let digits = bits & 0xf_ffff_ffff_ffff | 0x10_0000_0000_0000
        let low = digits &<< shift
        let high = (digits >> 1) &>> (63 &- shift)
        return Int128(truncatingIfNeeded: high) &<< 64 | Int128(truncatingIfNeeded: low)
    }

    /// The same of any double. Two conversions of the processor to 64 bits, each exact, and one shift by a constant.
    @inline(never)  // Rare, and in the way of the other.
    private static func convertedUnits(of term: Double) -> Int128 {
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
