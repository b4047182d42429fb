import Quantities
import Testing

@Suite struct StandardDeviationTests {
    @Test func whatIsNotKnownIsNotZero() {
        #expect(standardDeviation(ofVariance: .nan).isNaN)
        #expect(standardDeviation(ofVariance: -1e-18) == 0 && standardDeviation(ofVariance: 0) == 0)
        #expect(standardDeviation(ofVariance: 9) == 3)
    }

    @Test func aConfinedNumberStaysUnknown() {
        #expect(confined(.nan, to: -1...1).isNaN)
        #expect([-2, 0.5, 7].map { confined($0, to: -1...1) } == [-1, 0.5, 1])
    }
}
