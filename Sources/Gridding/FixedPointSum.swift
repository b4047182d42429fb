/// A sum of doubles whose result does not depend on the order of the terms.
///
/// Each term is cut to a multiple of 2^-64 and added as an integer. Integer addition is associative, so
/// that files may come in any order and chunks from any number of threads, and the sum has the same bits.
struct FixedPointSum: Equatable, Sendable {
    /// Terms of larger magnitude are refused by the callers; 2^23 of them fit.
    static let largestTerm = 0x1p40

    private var units: Int128 = 0

    /// - Precondition: the term is finite and at most ``largestTerm`` in magnitude.
    mutating func add(_ term: Double) {
        precondition(abs(term) <= Self.largestTerm, "term out of range")
        let significand = Int128(Int64(term.significandBitPattern | 1 << 52))
        // A double is significand * 2^(exponent - 52); subnormals are far below the last unit.
        let shift = Int(term.exponentBitPattern) - 1023 - 52 + 64
        // Masking shifts: the plain ones are generic and take most of the time of a large day.
        let magnitude =
            shift >= 0
            ? significand &<< Int128(shift) : (shift > -128 ? significand &>> Int128(-shift) : 0)
        units += term.sign == .minus ? -magnitude : magnitude
    }

    mutating func add(_ other: FixedPointSum) { units += other.units }

    /// The sum as a double, whole part and fraction rounded on their own.
    var value: Double {
        Double(Int64(truncatingIfNeeded: units &>> 64))
            + Double(UInt64(truncatingIfNeeded: units)) * 0x1p-64
    }
}
