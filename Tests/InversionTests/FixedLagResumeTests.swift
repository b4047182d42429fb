import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct FixedLagResumeTests {
    @Test(arguments: 0..<4 as Range<UInt64>) func goingOnTomorrowIsNeverHavingStopped(seed: UInt64) throws {
        let problem = try SequentialProblem(
            seed: seed,
            periods: 8,
            reach: 2,
            window: 3,
            persistence: 0.9,
            lowerBounds: [0, nil, -0.5]
        )
        let (straight, retired) = try problem.smoother(periods: 8)
        var resumed = try FixedLagSmoother(model: problem.model, first: problem.priors[0])
        var products: [RetiredPeriod] = []
        for period in 0..<8 {
            if period > 0, let product = try resumed.begin(problem.priors[period]) {
                products.append(product)
            }
            resumed = try throughBytes(resumed)
            _ = try resumed.take(problem.batches[period])
            resumed = try throughBytes(resumed)
        }
        #expect(resumed == straight)
        #expect(products == retired)
        #expect(try resumed.estimate() == straight.estimate())
        #expect(throws: SequentialError.alreadyTaken(key: "day 7")) { try resumed.take(problem.batches[7]) }
    }

    private func throughBytes(_ smoother: FixedLagSmoother) throws -> FixedLagSmoother {
        try JSONDecoder().decode(FixedLagSmoother.self, from: JSONEncoder().encode(smoother))
    }

    @Test(arguments: ["mean", "version", "periods"]) func aDamagedStateIsRefused(part: String) throws {
        let problem = try SequentialProblem(seed: 2, periods: 3, reach: 2, window: 3, persistence: 0)
        let data = try JSONEncoder().encode(try problem.smoother(periods: 3).smoother)
        var text = try #require(String(data: data, encoding: .utf8))
        switch part {
        case "mean": text.replace(#/"mean":"[^"]*"/#, with: "\"mean\":\"AAAAAAAAAAA=\"")
        case "version": text.replace("\"version\":1", with: "\"version\":2")
        default: text.replace("\"index\":41", with: "\"index\":47")
        }
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(FixedLagSmoother.self, from: Data(text.utf8))
        }
    }
}

@Suite struct PhysicalStateTests {
    /// All subsets of bounds tried by hand: the feasible one with the smallest cost is the answer.
    @Test(arguments: 0..<12 as Range<UInt64>) func theBoundedEstimateIsTheOptimumOfAllSubsets(seed: UInt64)
        throws
    {
        let problem = try SequentialProblem(
            seed: seed,
            periods: 2,
            reach: 2,
            window: 2,
            persistence: 0.5,
            lowerBounds: [0, 0, 0]
        )
        let smoother = try problem.smoother(periods: 2).smoother
        let free = try smoother.estimate(isBounded: false)
        let bounded = try smoother.estimate()
        let precision = try Cholesky(factoring: free.covariance).inverse()
        var best: (cost: Double, state: [Double])?
        for subset in 0..<(1 << free.mean.count) {
            let held = free.mean.indices.filter { subset >> $0 & 1 == 1 }
            let state = try conditioned(free, zeros: held)
            guard state.allSatisfy({ $0 >= -1e-12 }) else { continue }
            let step = zip(state, free.mean).map { $0 - $1 }
            let cost = zip(step, precision.times(step)).reduce(0) { $0 + $1.0 * $1.1 }
            if cost < best?.cost ?? .infinity { best = (cost, state) }
        }
        #expect(distance(bounded.mean, try #require(best).state) < 1e-9)
        #expect(bounded.mean.allSatisfy { $0 >= 0 })
        #expect(bounded.atBound.isEmpty == free.mean.allSatisfy { $0 >= 0 })
        #expect(bounded.covariance.worstAsymmetry == nil)
        #expect(zip(bounded.sigma, free.sigma).allSatisfy { $0 <= $1 + 1e-12 })
        for place in bounded.atBound {
            let range = try #require(bounded.elements(of: place.period))
            #expect(bounded.mean[range.lowerBound + place.element] == 0)
            #expect(bounded.sigma[range.lowerBound + place.element] == 0)
        }
    }

    private func conditioned(_ free: WindowEstimate, zeros held: [Int]) throws -> [Double] {
        guard !held.isEmpty else { return free.mean }
        var inner = Matrix(rows: held.count, columns: held.count)
        for (row, first) in held.enumerated() {
            for (column, second) in held.enumerated() { inner[row, column] = free.covariance[first, second] }
        }
        let multipliers = try Cholesky(factoring: inner).solve(held.map { -free.mean[$0] })
        return free.mean.indices.map { index in
            if held.contains(index) { return 0 }
            return zip(held, multipliers).reduce(free.mean[index]) {
                $0 + free.covariance[index, $1.0] * $1.1
            }
        }
    }

    @Test func boundsSayWhenTheyActed() throws {
        let model = try SequentialModel(
            elementNames: ["source", "sink"],
            priorError: .independent([1, 1]),
            windowPeriods: 1,
            totals: [TotalOverTime(name: "net", weights: [1, 1])],
            lowerBounds: [0, nil]
        )
        var smoother = try FixedLagSmoother(model: model, first: PeriodPrior(index: 0, mean: [1, -1]))
        // Both see -3: the posterior of each is prior - shares of the departure -3.
        _ = try smoother.take(
            PeriodObservations(
                key: "a",
                period: 0,
                values: [-3],
                error: .independent([1]),
                jacobians: [Matrix(rows: 1, columns: 2, storage: [1, 1])]
            )
        )
        let free = try smoother.estimate(isBounded: false)
        #expect(distance(free.mean, [0, -2]) < 1e-12)
        _ = try smoother.take(
            PeriodObservations(
                key: "b",
                period: 0,
                values: [-1],
                error: .independent([1]),
                jacobians: [Matrix(rows: 1, columns: 2, storage: [1, 0])]
            )
        )
        let bounded = try smoother.estimate()
        #expect(bounded.atBound == [WindowEstimate.BoundedElement(period: 0, element: 0)])
        // With the source at zero the sink has prior -1 +- 1 and the observation -3 +- 1.
        #expect(distance(bounded.mean, [0, -2]) < 1e-12)
        #expect(abs(bounded.covariance[1, 1] - 0.5) < 1e-12)
        #expect(abs(bounded.totals[0] - -2) < 1e-12)
        let opened = try smoother.begin(PeriodPrior(index: 1, mean: [1, -1]))
        let retired = try #require(opened)
        #expect(retired.atBound == [0])
        #expect(distance(retired.mean, [0, -2]) < 1e-12)
        #expect(retired.unboundedMean[0] < 0)
        #expect(smoother.heldAtBound == 1)
        let next = try smoother.estimate()
        #expect(abs(next.totals[0] - -2) < 1e-12)
        #expect(abs(next.totalsCovariance[0, 0] - 2.5) < 1e-12)
    }
}
