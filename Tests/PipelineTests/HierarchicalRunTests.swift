import Formats
import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

@testable import Pipeline

/// `--solver hierarchical` on the UK methane problem of RHIME and on problems that it does not suit.
@Suite struct HierarchicalRunTests {
    private func input() throws -> LinearProblemInput {
        let file = Places.fixtures.appending(path: "rhime-uk-model.csv")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map {
            line in
            line.split(separator: ",").compactMap { Double($0) }
        }
        let names = ["x0", "x1", "x2", "x3", "north", "east", "south", "west"]
        var input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: rows.count, columns: 8, storage: rows.flatMap { $0[2...] }),
                observations: rows.map { $0[0] },
                observationError: .independent(rows.map { $0[1] }),
                priorMean: [Double](repeating: 1, count: 8),
                priorError: .independent([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1]),
                stateNames: names
            )
        )
        input.state = try StateVector(
            names.enumerated().map { StateElement($1, kind: $0 < 4 ? .flux : .boundary) }
        )
        input.lowerBounds = [Double](repeating: 0, count: 8)
        return input
    }

    /// The published posterior has about 3.8, 1.4, 1.3 and 17.6.
    @Test func ukMethaneHasThePublishedState() async throws {
        let result = try await SolverRun(try input(), seed: 1, draws: 300, chains: 2).solve(.hierarchical)
        let expected = [3.82, 1.43, 1.31, 17.6]
        for (index, value) in expected.enumerated() {
            #expect(abs(result.state.mean[index] - value) < result.state.sigma[index], "\(result.state.mean)")
        }
        #expect(result.state.mean.count == 8)
        #expect(result.state.remarks.contains { $0.hasPrefix("error scale of all") })
        #expect(!result.isSameModel)
    }

    @Test func correlatedErrorsDoNotSuitIt() async throws {
        var input = try input()
        input.problem.priorError = .covariance(input.problem.priorError.matrix)
        let problem = input.problem
        #expect(!Solver.hierarchical.applies(to: problem) && Solver.robust.applies(to: problem))
        await #expect(throws: ProblemChoiceError.correlatedPrior) {
            try await SolverRun(input).solve(.hierarchical)
        }
    }
}
