import TestSupport
import Testing

@testable import Verification

@Suite struct SenSlopeTests {
    @Test(arguments: [0.025, 0.5, 0.9, 0.975, 0.999, 1e-12])
    func normalQuantilesInvertTheProbability(probability: Double) {
        #expect(abs(normalProbability(below: normalQuantile(probability)) / probability - 1) < 1e-12)
    }

    @Test func theCommonQuantile() { #expect(abs(normalQuantile(0.975) - 1.959963984540054) < 1e-14) }

    /// Ten values without ties: Var S = 125, C(90 %) = 1.6449 x 11.180 = 18.390; M1 = 13.305 and M2 + 1 = 32.695
    /// of 45 ordered slopes.
    @Test func intervalAtTheRanksOfGilbert() throws {
        let values: [Double] = [2, 1, 4, 3, 8, 5, 7, 12, 9, 11]
        var slopes: [Double] = []
        for i in 0..<10 { for j in (i + 1)..<10 { slopes.append((values[j] - values[i]) / Double(j - i)) } }
        slopes.sort()
        let found = try SenSlope(values, confidence: 0.9)
        let reach = 1.6448536269514722 * 125.0.squareRoot()
        let low = (45 - reach) / 2
        let high = (45 + reach) / 2 + 1
        let lower = slopes[12] + (low - 13) * (slopes[13] - slopes[12])
        let upper = slopes[31] + (high - 32) * (slopes[32] - slopes[31])
        #expect(near(found.lower, lower, 1e-12))
        #expect(near(found.upper, upper, 1e-12))
        #expect(found.lower < found.slope && found.slope < found.upper)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func aLineIsFoundExactlyAtAnyTimes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var time = 2000.0
        let times = (0..<12).map { _ in
            time += 0.1 + random.uniform()
            return time
        }
        let slope = random.normal()
        let found = try SenSlope(times.map { 5 + slope * $0 }, times: times)
        #expect(near(found.slope, slope))
        #expect(near(found.intercept, 5, 1e-7))
    }

    /// The interval holds the true slope as often as it says.
    @Test func coverage() throws {
        var held = 0
        for seed in 0..<400 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let found = try SenSlope((0..<15).map { 0.3 * Double($0) + random.normal() })
            if found.lower <= 0.3, 0.3 <= found.upper { held += 1 }
        }
        #expect((366...394).contains(held))
    }

    @Test func faults() {
        #expect(throws: TrendError.timesNotAscending(index: 2)) {
            try SenSlope([1, 2, 3], times: [0, 1, 1])
        }
        #expect(throws: TrendError.lengthsDiffer(3, 2)) { try SenSlope([1, 2, 3], times: [0, 1]) }
        #expect(throws: TrendError.tooLong(count: 5001, greatest: 5000)) {
            try SenSlope([Double](repeating: 1, count: 5001))
        }
        #expect(throws: TrendError.self) { try SenSlope([1, 2, 3], confidence: 1) }
    }

    @Test func slopesThatAgreeAndSlopesThatDoNot() throws {
        let times = (2005...2020).map(Double.init)
        var random = SeededGenerator(seed: 4)
        let noise = times.map { _ in 0.5 * random.normal() }
        let declared = times.map { 100 - ($0 - 2005) }
        let same = try TrendComparison(
            times: times,
            topDown: zip(declared, noise).map { 1.2 * $0 + $1 },
            inventory: declared.map { $0 + 0.5 * random.normal() }
        )
        #expect(same.directionsAgree)
        #expect(same.ratioProbability.value > 0.05)
        let drifting = try TrendComparison(
            times: times,
            topDown: zip(declared, noise).map { 110 + 0 * $0 + $1 },
            inventory: declared
        )
        #expect(!drifting.intervalsOverlap)
        #expect(drifting.ratioProbability.value < 1e-4 && drifting.ratioTest.score > 0)
        let holed = try TrendComparison(
            times: times,
            topDown: [.nan] + declared.dropFirst(),
            inventory: declared.dropLast() + [0]
        )
        #expect(holed.skipped == 2)
    }

    /// No 95 % interval exists below five values: even S = ±6 of four has p = 1/12.
    @Test func fewValuesHaveNoInterval() throws {
        for count in 3...8 {
            let values = (0..<count).map { Double($0 * $0) }
            #expect(try SenSlope(values).hasInterval == (count >= 5))
        }
    }
}
