import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct CoverageTests {
    /// Quantiles of SciPy 1.14, chi2.ppf.
    @Test(arguments: [
        (10, 3.2469727802368413, 20.483177350807388), (18_584, 18_208.036321601372, 18_963.752260843077),
    ]) func expectedRatiosAreThoseOfTheDistribution(degrees: Int, lower: Double, upper: Double) throws {
        let check = ChiSquareCheck(chiSquare: Double(degrees), degreesOfFreedom: degrees)
        let expected = check.expectedRatio(.ninetyFive)
        #expect(abs(try #require(expected.lower) * Double(degrees) / lower - 1) < 1e-9)
        #expect(abs(try #require(expected.upper) * Double(degrees) / upper - 1) < 1e-9)
        #expect(check.verdict == .consistent)
        let factor = check.varianceFactor(.ninetyFive)
        #expect(
            abs(
                try #require(factor.upper) - Double(degrees)
                    / (try #require(expected.lower) * Double(degrees))
            ) < 1e-12
        )
    }

    @Test func squaresThatAreTooLargeOrTooSmallAreSeen() {
        #expect(ChiSquareCheck(chiSquare: 21, degreesOfFreedom: 10).verdict == .errorsTooSmall)
        #expect(ChiSquareCheck(chiSquare: 3, degreesOfFreedom: 10).verdict == .errorsTooLarge)
        #expect(ChiSquareCheck(chiSquare: 0, degreesOfFreedom: 10).upperTail == 1)
    }

    @Test func honestResidualsNeedNoInflation() throws {
        var random = SeededGenerator(seed: 8)
        let groups = (0..<40).map { _ in (0..<50).map { _ in random.normal() } }
        let coverage = try Coverage(standardised: groups)
        #expect(abs(coverage.withinOneSigma - 0.683) < 0.03)
        #expect(abs(coverage.withinNinetyFive - 0.95) < 0.015)
        #expect(coverage.inflationInterval(.ninetyFive).contains(1))
        #expect(abs(try #require(coverage.oneSigmaFactor) - 1) < 0.06)
        #expect(abs(try #require(coverage.ninetyFiveFactor) - 1) < 0.06)
    }

    /// Residuals that groups share tell less than their number, and the interval says so.
    @Test func sharedErrorsCountOnce() throws {
        var random = SeededGenerator(seed: 2)
        let groups = (0..<20).map { _ in
            let shared = random.normal()
            return (0..<50).map { _ in 2 * (shared + 0.1 * random.normal()) }
        }
        let coverage = try Coverage(standardised: groups)
        #expect(coverage.effectiveCount < 60)
        #expect(coverage.inflationInterval(.ninetyFive).contains(2))
        #expect(!coverage.inflationInterval(.ninetyFive).contains(1))
    }

    @Test func aFewResidualsHaveNoQuantileAtNinetyFive() throws {
        let coverage = try Coverage(standardised: [[0.5, -1.5, 1]])
        #expect(coverage.ninetyFiveFactor == nil)
        #expect(coverage.withinOneSigma == 2.0 / 3)
        #expect(abs(coverage.inflation - (3.5 / 3).squareRoot()) < 1e-15)
        #expect(throws: InversionError.empty("withheld observations")) { try Coverage(standardised: [[]]) }
        #expect(throws: InversionError.notFinite("withheld residuals", index: 1)) {
            try Coverage(standardised: [[1], [.nan]])
        }
    }

    @Test func foldsAreEqualAndRepeatable() throws {
        let folds = try LabelGroups.folds(count: 103, folds: 5, seed: 7)
        #expect(folds.members.map(\.count).sorted() == [20, 20, 21, 21, 21])
        #expect(folds == (try LabelGroups.folds(count: 103, folds: 5, seed: 7)))
        #expect(folds != (try LabelGroups.folds(count: 103, folds: 5, seed: 8)))
        let stations = LabelGroups(labels: (0..<60).map { $0 % 10 == 9 ? "" : "s\($0 % 10)" })
        let gathered = try stations.gathered(into: 3, seed: 1)
        for members in stations.members {
            #expect(Set(members.map { gathered.groupOfElement[$0] }).count == 1)
        }
        #expect(gathered.members.map(\.count) == [18, 18, 18])
        #expect(gathered.groupOfElement[9] == nil)
        #expect(throws: InversionError.self) { try stations.gathered(into: 10, seed: 1) }
    }
}
