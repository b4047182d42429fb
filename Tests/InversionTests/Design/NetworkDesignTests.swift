import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@Suite struct NetworkDesignTests {
    /// Stations of one to five observations, the last with errors that they share, and an overpass of many.
    private func candidates(_ states: Int, seed: UInt64) throws -> [ObservationCandidate] {
        var random = SeededGenerator(seed: seed)
        func jacobian(_ rows: Int) -> Matrix {
            Matrix(rows: rows, columns: states, storage: (0..<rows * states).map { _ in random.normal() })
        }
        var candidates: [ObservationCandidate] = []
        for station in 1...4 {
            let sigma = (0..<station).map { _ in 0.3 + random.uniform() }
            candidates.append(
                try ObservationCandidate(
                    "s\(station)",
                    jacobian: jacobian(station),
                    error: .independent(sigma)
                )
            )
        }
        var shared = Matrix(rows: 5, columns: 5, storage: [Double](repeating: 0.5, count: 25))
        shared.addToDiagonal([Double](repeating: 0.4, count: 5))
        candidates.append(try ObservationCandidate("car", jacobian: jacobian(5), error: .covariance(shared)))
        let noise = [Double](repeating: 8, count: 60)
        candidates.append(
            try ObservationCandidate("overpass", jacobian: jacobian(60), error: .independent(noise))
        )
        return candidates
    }

    private func problem(_ candidates: [ObservationCandidate], _ prior: ErrorModel) -> LinearProblem {
        let count = candidates.reduce(0) { $0 + $1.jacobian.rows }
        var error = Matrix(rows: count, columns: count)
        var start = 0
        for candidate in candidates {
            let own = candidate.error.matrix
            for row in 0..<own.rows {
                for column in 0..<own.columns { error[start + row, start + column] = own[row, column] }
            }
            start += own.rows
        }
        return LinearProblem(
            jacobian: Matrix(
                rows: count,
                columns: prior.count,
                storage: candidates.flatMap(\.jacobian.storage)
            ),
            observations: [Double](repeating: 0, count: count),
            observationError: .covariance(error),
            priorMean: [Double](repeating: 0, count: prior.count),
            priorError: prior,
            stateNames: (0..<prior.count).map { "s\($0)" }
        )
    }

    private func prior(seed: UInt64) -> ErrorModel { Problems.random(seed: 2 * seed + 1).priorError }

    private func totals(_ states: Int) throws -> LinearFunctionals {
        let storage = (0..<2 * states).map { $0 < states ? 1 : Double($0 % 3) }
        return try LinearFunctionals(
            names: ["all", "some"],
            weights: Matrix(rows: 2, columns: states, storage: storage)
        )
    }

    @Test(arguments: 1..<12 as Range<UInt64>) func gainsAreThoseOfSolvingAnew(seed: UInt64) throws {
        let prior = prior(seed: seed)
        let candidates = try candidates(prior.count, seed: seed)
        let totals = try totals(prior.count)
        let existing = try GaussianSolver.solve(problem([candidates[0]], prior))
        let design = try NetworkDesign(
            candidates: Array(candidates.dropFirst()),
            priorError: prior,
            covariance: existing.covariance,
            totals: totals
        )
        let before = try totals.totals(of: existing, priorError: prior)
        let bits = try Diagnostics.information(of: problem([candidates[0]], prior), existing)
        for gain in try design.ranked(by: .degreesOfFreedom) {
            let added = try #require(candidates.first { $0.name == gain.candidate })
            let both = problem([candidates[0], added], prior)
            let solved = try GaussianSolver.solve(both)
            let difference = solved.degreesOfFreedomForSignal - existing.degreesOfFreedomForSignal
            #expect(abs(gain.degreesOfFreedom - difference) < 1e-10)
            #expect(abs(gain.information - (try Diagnostics.information(of: both, solved) - bits)) < 1e-9)
            let after = try totals.totals(of: solved, priorError: prior)
            for total in 0..<2 {
                let fall = before.covariance[total, total] - after.covariance[total, total]
                #expect(abs(gain.varianceReductions[total] - fall) < 1e-10 * before.covariance[total, total])
                #expect(abs(gain.sigmas[total] - after.posterior[total].standardDeviation) < 1e-9)
            }
        }
    }

    @Test(arguments: [DesignCriterion.degreesOfFreedom, .information, .variance(total: 1)])
    func greedyGainsSumUpToTheGainOfAll(criterion: DesignCriterion) throws {
        for seed in 1..<8 as Range<UInt64> {
            let prior = prior(seed: seed)
            let candidates = try candidates(prior.count, seed: seed)
            let design = try NetworkDesign(
                candidates: candidates,
                priorError: prior,
                totals: totals(prior.count)
            )
            let chosen = try design.chosen(by: criterion)
            let together = try design.together()
            let whole = try GaussianSolver.solve(problem(candidates, prior))
            #expect(Set(chosen.map(\.candidate)).count == candidates.count)
            let degrees = chosen.reduce(0) { $0 + $1.degreesOfFreedom }
            #expect(abs(degrees - together.degreesOfFreedom) < 1e-10)
            #expect(abs(degrees - whole.degreesOfFreedomForSignal) < 1e-10)
            #expect(abs(chosen.reduce(0) { $0 + $1.information } - together.information) < 1e-9)
            let falls = chosen.reduce(0) { $0 + $1.varianceReductions[1] }
            #expect(abs(falls / together.varianceReductions[1] - 1) < 1e-10)
            #expect(
                try design.chosen(by: criterion, count: 2).map(\.candidate)
                    == chosen.prefix(2).map(\.candidate)
            )
            #expect(try design.ranked(by: criterion)[0].candidate == chosen[0].candidate)
        }
    }

    /// K = 2 with B = 1 and R = 1/4: 16/17 of a degree, ½ log2 17 bits, variance 1/17; a second one adds little.
    @Test func theScalarGainsAreThoseByHand() throws {
        let sensor = Matrix(rows: 1, columns: 1, storage: [2])
        let design = try NetworkDesign(
            candidates: [
                ObservationCandidate("poor", jacobian: sensor, error: .independent([2])),
                ObservationCandidate("good", jacobian: sensor, error: .independent([0.5])),
            ],
            priorError: .independent([1]),
            totals: .elements(of: ["x"])
        )
        let ranked = try design.ranked(by: .information)
        #expect(ranked.map(\.candidate) == ["good", "poor"])
        #expect(abs(ranked[0].degreesOfFreedom - 16.0 / 17) < 1e-14)
        #expect(abs(ranked[0].information - 2.0437314206) < 1e-10)
        #expect(abs(ranked[0].sigmas[0] - (1.0 / 17).squareRoot()) < 1e-14)
        #expect(abs(ranked[1].degreesOfFreedom - 0.5) < 1e-14)
        let second = try design.chosen(by: .variance(total: 0))[1]
        #expect(abs(second.varianceReductions[0] - (1.0 / 17 - 1.0 / 18)) < 1e-14)
    }

    @Test func whatMeansNothingIsRefused() throws {
        let sensor = Matrix(rows: 1, columns: 1, storage: [2])
        let candidate = try ObservationCandidate("a", jacobian: sensor, error: .independent([1]))
        #expect(throws: InversionError.duplicate("candidate a", index: 1)) {
            try NetworkDesign(
                candidates: [candidate, candidate],
                priorError: .independent([1]),
                totals: .elements(of: ["x"])
            )
        }
        #expect(throws: InversionError.wrongLength(of: "columns of a", expected: 2, actual: 1)) {
            try NetworkDesign(
                candidates: [candidate],
                priorError: .independent([1, 1]),
                totals: .elements(of: ["x", "y"])
            )
        }
        #expect(throws: InversionError.notFinite("jacobian of b", index: 0)) {
            try ObservationCandidate(
                "b",
                jacobian: Matrix(rows: 1, columns: 1, storage: [.nan]),
                error: .independent([1])
            )
        }
        let design = try NetworkDesign(
            candidates: [candidate],
            priorError: .independent([1]),
            totals: .elements(of: ["x"])
        )
        #expect(throws: InversionError.outOfRange("total of the criterion", index: 1)) {
            try design.ranked(by: .variance(total: 1))
        }
    }
}
