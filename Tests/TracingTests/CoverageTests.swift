import Foundation
import Quantities
import TestSupport
import Testing
import Transport

@testable import Tracing

/// Whether truths lie in the intervals as often as these say, where errors are those that are assumed.
@Suite struct CoverageTests {
    private struct Draw {
        let data: EventData
        let columns: [TurnedColumn]
        let rates: [Double]
    }

    private static let settings: TraceSettings? = AmbientAir(kelvin: 288.15, pascal: 101_325).map {
        TraceSettings(air: $0)
    }

    /// Twelve windows of five sensors, of which each source reaches two or three at a time.
    private func draw(seed: Int, rates: [Double]) throws -> Draw {
        let settings = try #require(Self.settings)
        var generator = SeededGenerator(seed: UInt64(seed))
        let windows = (0..<12).map { ($0 * 5)..<($0 * 5 + 5) }
        let columns = rates.map { _ in
            (0..<60).map { _ in
                let reach = generator.uniform() < 0.5 ? generator.uniform() : 0
                return Sensitivity(
                    centre: reach,
                    odd: 0.3 * reach * generator.normal(),
                    even: -0.1 * reach
                )
            }
        }
        let common = exp(settings.commonLogDeviation * generator.normal())
        var values = [Double](repeating: 0, count: 60)
        for rows in windows {
            let turn = (generator.normal(), generator.normal())
            for row in rows {
                var sum = 0.0
                for (column, rate) in zip(columns, rates) {
                    let (first, second) = column[row].parts
                    sum += rate * common * (column[row].mean + turn.0 * first + turn.1 * second)
                }
                values[row] = sum * (1 + settings.scatter * generator.normal()) + 0.05 * generator.normal()
            }
        }
        let data = EventData(
            enhancements: values,
            deviations: [Double](repeating: 0.05, count: 60),
            windows: windows,
            sensors: (0..<60).map { $0 % 5 }
        )
        return Draw(
            data: data,
            columns: columns.map { TurnedColumn(turns: [$0], logWeights: [0]) },
            rates: rates
        )
    }

    /// Of 200, 190 are expected within 95 %, with a standard deviation of 3.1; and 137 within 68 %, with one of 6.6.
    @Test func aloneRatesLieWithinTheirIntervals() throws {
        let settings = try #require(Self.settings)
        var (near, far) = (0, 0)
        for seed in 0..<200 {
            let draw = try draw(seed: seed, rates: [1.5])
            let found = Attribution(draw.data, names: ["a"], columns: draw.columns, settings)
            let rate = try #require(found.sources[0].alone)
            if (rate.lower68...rate.upper68).contains(1.5) { near += 1 }
            if (rate.lower95...rate.upper95).contains(1.5) { far += 1 }
        }
        #expect((180...199).contains(far) && (115...165).contains(near), "\(near) \(far)")
    }

    @Test func jointRatesLieWithinTheirIntervals() throws {
        let settings = try #require(Self.settings)
        var (near, far) = (0, 0)
        for seed in 0..<200 {
            let draw = try draw(seed: seed, rates: [2, 0.7])
            let found = Attribution(draw.data, names: ["a", "b"], columns: draw.columns, settings)
            for (source, truth) in zip(found.sources, draw.rates) {
                let rate = try #require(source.jointly)
                if (rate.lower68...rate.upper68).contains(truth) { near += 1 }
                if (rate.lower95...rate.upper95).contains(truth) { far += 1 }
            }
        }
        #expect((360...398).contains(far) && (230...340).contains(near), "\(near) \(far)")
    }

    /// Who is said to be the source with a probability is so about as often.
    @Test func probabilitiesAreAsOftenRightAsTheySay() throws {
        let settings = try #require(Self.settings)
        var (expected, right) = (0.0, 0)
        for seed in 0..<200 {
            let draw = try draw(seed: seed, rates: [0.08])
            let other = try self.draw(seed: seed + 1000, rates: [1])
            let found = Attribution(
                draw.data,
                names: ["a", "b"],
                columns: draw.columns + other.columns,
                settings
            )
            expected += found.sources.map(\.probability).max() ?? 0
            let best = found.ranking[0]
            if best == 0, found.sources[0].probability > found.noneProbability { right += 1 }
            #expect(abs(found.sources.reduce(found.noneProbability) { $0 + $1.probability } - 1) < 1e-9)
        }
        #expect(Double(right) > 0.8 * expected, "\(right) of \(expected)")
    }
}
