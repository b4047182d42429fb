import TestSupport
import Testing

@testable import Verification

/// Average run lengths as textbooks print them: Montgomery, table 9.3 (two-sided CUSUM, k = 0.5).
private let cumulative: [(shift: Double, four: Double, five: Double)] = [
    (0, 168, 465), (0.25, 74.2, 139), (0.5, 26.6, 38), (0.75, 13.3, 17), (1, 8.38, 10.4), (1.5, 4.75, 5.75),
    (2, 3.34, 4.01), (2.5, 2.62, 3.11), (3, 2.19, 2.57), (4, 1.71, 2.01),
]

/// Lucas and Saccucci 1990: weight, width and run lengths at no shift, 0.5, 1 and 2.
private let moving: [(weight: Double, width: Double, lengths: [Double])] = [
    (0.4, 3.054, [500, 71.2, 14.3, 3.5]), (0.2, 2.962, [500, 41.8, 10.5, 3.7]),
    (0.1, 2.814, [500, 31.3, 10.3, 4.4]), (0.05, 2.615, [500, 28.8, 11.4, 5.2]),
]

@Suite struct ControlChartTests {
    @Test(arguments: cumulative.indices)
    func runLengthsOfTheCumulativeSum(index: Int) {
        let row = cumulative[index]
        for (limit, expected) in [(4.0, row.four), (5.0, row.five)] {
            let found = AverageRunLength.ofCumulativeSum(allowance: 0.5, limit: limit, shift: row.shift)
            #expect(abs(found / expected - 1) < 0.006, "\(found)")
        }
    }

    @Test(arguments: moving.indices)
    func runLengthsOfTheMovingAverage(index: Int) {
        let row = moving[index]
        for (shift, expected) in zip([0, 0.5, 1, 2], row.lengths) {
            let found = AverageRunLength.ofMovingAverage(
                weight: row.weight,
                width: row.width,
                shift: shift,
                opens: false
            )
            #expect(abs(found / expected - 1) < 0.02, "\(found)")
        }
    }

    @Test func aSideThatNeverSignalsDoesNotCount() {
        #expect(AverageRunLength.ofCumulativeSum(allowance: 0.5, limit: 60, shift: 0) == .infinity)
        #expect(abs(AverageRunLength.ofCumulativeSum(allowance: 0.5, limit: 5, shift: 10) - 1) < 0.01)
    }

    /// The chart itself runs as long as the chain says.
    @Test(arguments: [0.0, 1.0])
    func theChartRunsAsLongAsTheChain(shift: Double) {
        var random = SeededGenerator(seed: 8)
        let runs = shift == 0 ? 1500 : 4000
        var values = 0
        for _ in 0..<runs {
            var chart = CumulativeSumChart(limit: 4)
            repeat { values += 1 } while chart.take(shift + random.normal()) == .none
        }
        let expected = AverageRunLength.ofCumulativeSum(allowance: 0.5, limit: 4, shift: shift)
        #expect(abs(Double(values) / Double(runs) / expected - 1) < 0.08)
    }

    /// The same for the average with the limits of its start, which for short runs are most of the matter: the chain
    /// with constant limits is off by a quarter to three quarters in these.
    @Test(arguments: [
        (0.05, 2.0, 0.0), (0.1, 1.5, 0), (0.4, 1, 0), (0.02, 2, 0.5), (0.2, 2.962, 1), (1, 2, 0),
        (0.1, 2.814, 2),
    ])
    func theAverageRunsAsLongAsTheChain(weight: Double, width: Double, shift: Double) {
        let length = { (opens: Bool) in
            AverageRunLength.ofMovingAverage(weight: weight, width: width, shift: shift, opens: opens)
        }
        var lengths: [Double] = []
        var random = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            var chart = MovingAverageChart(weight: weight, width: width)
            while chart.take(shift + random.normal()) == .none {}
            lengths.append(Double(chart.count))
        }
        let mean = lengths.reduce(0, +) / Double(lengths.count)
        let variance = lengths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(lengths.count)
        let error = (variance / Double(lengths.count)).squareRoot()
        #expect(abs(mean - length(true)) < 3.5 * error + 0.005 * mean, "\(mean) \(error) \(length(true))")
        if weight < 1 { #expect(length(false) > length(true) + 5 * error) }
    }

    /// Values that count as at most so much, as those of facilities do: low limits are reached later than without.
    @Test func clippedValuesAreInTheChains() {
        var random = SeededGenerator(seed: 5)
        var (sums, averages) = (0, 0)
        let runs = 20_000
        for _ in 0..<runs {
            var sum = CumulativeSumChart(allowance: 0.5, limit: 1)
            repeat { sums += 1 } while sum.take(max(-1.5, min(1.5, random.normal()))) == .none
            var average = MovingAverageChart(weight: 0.5, width: 1.5)
            repeat { averages += 1 } while average.take(max(-1.6, min(1.6, random.normal()))) == .none
        }
        let cumulative = AverageRunLength.ofCumulativeSum(
            allowance: 0.5,
            limit: 1,
            shift: 0,
            greatestScore: 1.5
        )
        let moving = AverageRunLength.ofMovingAverage(
            weight: 0.5,
            width: 1.5,
            shift: 0,
            greatestScore: 1.6
        )
        #expect(abs(Double(sums) / Double(runs) / cumulative - 1) < 0.03, "\(cumulative)")
        #expect(abs(Double(averages) / Double(runs) / moving - 1) < 0.03, "\(moving)")
        #expect(cumulative > 1.2 * AverageRunLength.ofCumulativeSum(allowance: 0.5, limit: 1, shift: 0))
    }

    /// Montgomery, example 9.1: i at which C+ began to rise and the value of the sum.
    @Test func sumsByHand() {
        var chart = CumulativeSumChart(allowance: 0.5, limit: 5)
        for residual in [1, -2, 0.75, 2, 3] { _ = chart.take(residual) }
        #expect(chart.high == 4.25 && chart.highRun == 3)
        #expect(chart.low == 0 && chart.signal == .none)
        #expect(chart.take(.nan) == .none)
        #expect(chart.take(1.26) == .high)
        chart.reset()
        #expect(chart.signal == .none && chart.high == 0)
        var down = CumulativeSumChart()
        #expect([-2, -2, -2, -2].map { down.take($0) } == [.none, .none, .none, .low])
    }

    @Test func limitsOfTheMovingAverageOpenUp() {
        var chart = MovingAverageChart(weight: 0.1, width: 2.7)
        _ = chart.take(0.945)
        #expect(near(chart.average, 0.0945) && near(chart.limit, 0.27))
        _ = chart.take(-7.99 + 10)
        #expect(near(chart.limit, 2.7 * (0.1 / 1.9 * (1 - 0.6561)).squareRoot()))
        for _ in 0..<500 { _ = chart.take(0) }
        #expect(near(chart.limit, 2.7 * (0.1 / 1.9).squareRoot()))
        #expect(MovingAverageChart().signal == .none)
        var shifted = MovingAverageChart()
        #expect((0..<20).contains { _ in shifted.take(-2) == .low })
    }
}
