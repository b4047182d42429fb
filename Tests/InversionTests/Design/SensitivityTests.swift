import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@Suite struct SensitivityTests {
    private func line(_ count: Int) throws -> PriorCorrelation {
        let distances = Matrix(
            rows: count,
            columns: count,
            storage: (0..<count * count).map { abs(Double($0 / count - $0 % count)) }
        )
        return try PriorCorrelation(form: .exponential, distances: distances)
    }

    private let problem = Problems.random(seed: 8)

    private func axes() throws -> [VariationAxis] {
        let correlation = try line(problem.stateCount)
        let stations = LabelGroups(labels: problem.observations.indices.map { $0 % 2 == 0 ? "roof" : "mast" })
        return [
            VariationAxis("prior", [("stated", .unchanged), ("double", .priorSigma(factor: 2))]),
            VariationAxis(
                "length",
                [
                    ("none", .unchanged), ("short", .correlation(correlation, length: 0.5)),
                    ("long", .correlation(correlation, length: 3)),
                ]
            ),
            VariationAxis("model error", [("none", .unchanged), ("one", .modelError(sigma: 1))]),
            .withoutEach(of: stations),
        ]
    }

    @Test func everyCombinationIsTheOneSolvedByHand() async throws {
        let totals = try LinearFunctionals.elements(of: problem.stateNames)
        let table = try await SensitivityMatrix(of: problem, axes: try axes(), totals: totals)
        #expect(table.rows.count == 2 * 3 * 2 * 3)
        #expect(table.names(of: table.rows[0]) == ["stated", "none", "none", "all"])
        let first = try #require(table.rows[0].result)
        let stated = try GaussianSolver.solve(problem)
        #expect(distance(first.totals.map(\.mean), stated.mean) == 0)
        // The last row: double, long, one, without the mast.
        #expect(table.names(of: table.rows[35]) == ["double", "long", "one", "without mast"])
        var changed = problem.keeping(observations: problem.observations.indices.filter { $0 % 2 == 0 })
        let sigma = problem.priorError.sigma.map { 2 * $0 }
        changed.priorError = .covariance(try line(problem.stateCount).covariance(sigma: sigma, length: 3))
        let solved = try GaussianSolver.solve(changed.adding(modelError: 1))
        let last = try #require(table.rows[35].result)
        #expect(distance(last.totals.map(\.mean), solved.mean) < 1e-12)
        #expect(distance(last.totals.map(\.standardDeviation), solved.sigma) < 1e-12)
        #expect(last.observationCount == changed.observationCount)
    }

    @Test func theSpreadNamesTheAxisThatMatters() async throws {
        let scalar = Problems.scalar
        let axes = [
            VariationAxis("prior", [("one", .priorMean([1])), ("three", .priorMean([3]))]),
            VariationAxis("nothing", [("a", .unchanged), ("b", .unchanged)]),
        ]
        let table = try await SensitivityMatrix(of: scalar, axes: axes, totals: .elements(of: ["x"]))
        let spread = try #require(table.spread.first)
        // x = x_prior / 17 + 16/17 · 5/4.
        #expect(abs(spread.least - 21.0 / 17) < 1e-14)
        #expect(abs(spread.greatest - 23.0 / 17) < 1e-14)
        #expect(abs(spread.median - 22.0 / 17) < 1e-14)
        #expect(abs(spread.standardDeviation - 1.0 / 17) < 1e-14)
        #expect(abs(spread.meanSigma - (1.0 / 17).squareRoot()) < 1e-14)
        #expect(!spread.exceedsStatedUncertainty)
        #expect(distance(spread.axisShares, [1, 0]) < 1e-12)
    }

    @Test func aCombinationWithoutSolutionKeepsItsError() async throws {
        let axes = [
            VariationAxis("prior", [("stated", .unchanged), ("wrong", .priorSigma(factor: -1))]),
            VariationAxis("data", [("all", .unchanged), ("none", .only(observations: []))]),
        ]
        let table = try await SensitivityMatrix(
            of: Problems.pair,
            axes: axes,
            totals: .elements(of: ["a", "b"])
        )
        #expect(table.rows.map { $0.result == nil } == [false, true, true, true])
        #expect(table.rows[1].failure == .empty("observations"))
        #expect(table.rows[2].failure == .notPositive("factor", index: 0, value: -1))
        #expect(table.spread.count == 2)
        await #expect(throws: InversionError.empty("choices on the axis bare")) {
            try await SensitivityMatrix(
                of: Problems.pair,
                axes: [VariationAxis("bare", [])],
                totals: .elements(of: ["a", "b"])
            )
        }
    }
}
