import Foundation
import Quantities
import TestSupport
import Testing

@testable import Verification

private let table = "inversion/smartcarb/smartcarb_csf_estimates_long.csv"

private struct Source {
    let name: String
    let estimates: [OverpassEstimate]
    /// Mean of the emissions at the overpasses, Mt/yr.
    let truth: Double
}

private func sources() throws -> [Source] {
    let groups = Dictionary(grouping: try OracleTable(table).rows) { $0["source"] ?? "" }
    return groups.keys.sorted().map { name in
        let rows = groups[name] ?? []
        let truths = rows.map { number($0, "truth_mt_yr") }
        return Source(
            name: name,
            estimates: rows.map(estimate),
            truth: truths.reduce(0, +) / Double(rows.count)
        )
    }
}

private func number(_ row: [String: String], _ name: String) -> Double { Double(row[name] ?? "") ?? .nan }

private func estimate(_ row: [String: String]) -> OverpassEstimate {
    let figure = Estimate(mean: number(row, "est_mt_yr"), standardDeviation: number(row, "est_std"))
    return OverpassEstimate(figure: figure, pixels: Int(number(row, "n_pixels")))
}

@Suite struct OverpassMeanTests {
    /// Sixteen sources of one simulated year: the robust mean of gated estimates is within 2 Mt/yr for at least ten.
    @Test(.enabled(if: Places.shared(table) != nil))
    func gatedRobustMeansAreNearTheTruth() throws {
        let all = try sources()
        #expect(all.count == 16)
        var good = 0
        var covered = 0
        for source in all {
            let kept = OverpassGate().passed(source.estimates)
            let mean = try #require(RobustMean(kept.map(\.figure.mean)))
            if abs(mean.figure.mean - source.truth) <= 2 { good += 1 }
            if abs(mean.figure.mean - source.truth) <= 2 * mean.figure.standardDeviation { covered += 1 }
        }
        #expect(good >= 12)
        #expect(covered >= 14)
    }

    /// The figure does not hang on the choice of the gate.
    @Test(
        .enabled(if: Places.shared(table) != nil),
        arguments: [0.5, 0.6, 0.7],
        [1, 3, 5, 10]
    )
    func otherGatesDoAsWell(share: Double, pixels: Int) throws {
        let gate = OverpassGate(leastPixels: pixels, keptShare: share)
        let good = try sources().filter { source in
            let mean = RobustMean(gate.passed(source.estimates).map(\.figure.mean), draws: 2)
            return abs((mean?.figure.mean ?? .nan) - source.truth) <= 2
        }
        #expect(good.count >= 10)
    }

    @Test(.enabled(if: Places.shared(table) != nil))
    func plainMeansAreRefused() throws {
        var refused = 0
        for source in try sources() {
            let values = source.estimates.map(\.figure.mean)
            do throws(MeanRefusal) {
                let mean = try VarianceGuard().mean(values)
                #expect(abs(mean.mean - source.truth) < 3, "\(source.name)")
            } catch {
                refused += 1
            }
        }
        #expect(refused >= 14)
    }

    @Test func aFailedFitIsRefusedByName() throws {
        let good: [Double] = [9, 10, 11, 10, 9.5, 10.5, 10, 9, 11]
        #expect(near(try VarianceGuard().mean(good).mean, 10))
        #expect(throws: MeanRefusal.self) { try VarianceGuard().mean(good + [1.75e7]) }
        do throws(MeanRefusal) { _ = try VarianceGuard().mean(good + [1.75e7]) } catch {
            #expect(error.reason == .heavyTails)
        }
        do throws(MeanRefusal) { _ = try VarianceGuard().mean([-1, 2, 4, 0, -3, 5]) } catch {
            #expect(error.reason == .uncertainMean)
        }
        #expect(throws: MeanRefusal(reason: .tooFew, ratio: 2, limit: 3)) {
            try VarianceGuard().mean([1, 2, .nan])
        }
        let robust = try #require(RobustMean(good + [1.75e7]))
        #expect(abs(robust.figure.mean - 10) < 0.5)
        #expect(robust.figure.standardDeviation < 1)
    }

    /// For Gaussian samples the bootstrap error of Huber's estimate is that of the mean over sqrt(0.95).
    @Test func uncertaintyOfGaussianSamples() throws {
        var random = SeededGenerator(seed: 5)
        let sample = (0..<400).map { _ in 50 + 8 * random.normal() }
        let huber = try #require(RobustMean(sample))
        let median = try #require(RobustMean(sample, method: .median))
        #expect(abs(huber.figure.standardDeviation / (8 / 20 / 0.95.squareRoot()) - 1) < 0.15)
        #expect(abs(median.figure.standardDeviation / (8 / 20 * 1.2533) - 1) < 0.3)
        #expect(huber.lower95 < 50 && 50 < huber.upper95)
        #expect(RobustMean(sample) == huber)
        #expect(RobustMean([1, 2, .nan]) == nil)
        #expect(try #require(RobustMean([4, 4, 4])).figure == Estimate(mean: 4, standardDeviation: 0))
    }

    @Test func theGateKeepsTheSurestHalf() {
        func estimate(_ sigma: Double, _ pixels: Int = 50, _ mean: Double = 1) -> OverpassEstimate {
            OverpassEstimate(figure: Estimate(mean: mean, standardDeviation: sigma), pixels: pixels)
        }
        let all = [
            estimate(4), estimate(1), estimate(2), estimate(3), estimate(5), estimate(0), estimate(0.1, 4),
            estimate(1, 50, .nan),
        ]
        let kept = OverpassGate(leastPixels: 5, keptShare: 0.5).passed(all)
        #expect(kept.map(\.figure.standardDeviation) == [1, 2, 3])
        #expect(OverpassGate().passed([]).isEmpty)
    }
}
