import TestSupport
import Testing

@testable import Gridding

@Suite struct FixedPointSumTests {
    @Test(arguments: [0, 1, -1, 0.1, -385.123, 1e12, -1e12, 0x1p-64, .leastNonzeroMagnitude, 1e-30, 0x1p40])
    func oneTermComesBackWithinHalfAUnit(term: Double) {
        var sum = FixedPointSum()
        sum.add(term)
        #expect(abs(sum.value - term) <= 0x1p-72 + 1e-16 * abs(term))
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func orderDoesNotMatter(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let terms = (0..<500).map { _ in random.normal() * 0x1p20 * random.uniform() }
        var (forward, shuffled, left, right) = (
            FixedPointSum(), FixedPointSum(), FixedPointSum(), FixedPointSum()
        )
        for term in terms { forward.add(term) }
        for term in terms.shuffled(using: &random) { shuffled.add(term) }
        for term in terms[..<200] { left.add(term) }
        for term in terms[200...] { right.add(term) }
        left.add(right)
        #expect(forward == shuffled)
        #expect(forward == left)
        #expect(abs(forward.value - terms.reduce(0, +)) < 1e-6)
    }

    @Test(arguments: [0, 0x1p-73, 1e-30, .leastNonzeroMagnitude]) func termsBelowTheUnitAreNothing(
        term: Double
    ) {
        var sum = FixedPointSum()
        for _ in 0..<1000 { sum.add(term) }
        #expect(sum == FixedPointSum())
    }

    /// A term that no plausible sounding gives neither traps nor spoils what was added before beyond itself.
    @Test(arguments: [Double.infinity, 1e300, -1e300]) func enormousTermsAreHeldBack(term: Double) {
        var sum = FixedPointSum()
        sum.add(1)
        sum.add(term)
        sum.add(-term)
        #expect(sum.value == 1)
    }

    @Test func termsThatCancelLeaveNothing() {
        var sum = FixedPointSum()
        for term in [1e9, 0.1, -1e9, -0.1] { sum.add(term) }
        #expect(sum.value == 0)
    }

    /// Of every size, whether its digits are moved into place or converted: cut towards zero to a multiple of 2^-72.
    @Test(arguments: 0..<20 as Range<UInt64>) func aTermIsCutToItsUnits(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for exponent in -80...49 {
            for sign in [-1.0, 1] {
                let term =
                    sign * (1 + random.uniform()) * Double(sign: .plus, exponent: exponent, significand: 1)
                #expect(FixedPointSum(term).units == Int128(term * 0x1p72), "\(term)")
            }
        }
    }
}
