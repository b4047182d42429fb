import Formats
import Foundation
import Inversion
import LinearAlgebra
import Pipeline
import Quantities
import TestSupport
import Testing

/// What a bounded solution says of elements at their bounds: where they are, and no spread that it does not know.
@Suite struct BoundedSpreadTests {
    /// `held` is drawn below zero, `free` is not; totals of each and of both.
    private func solved(_ solver: Solver = .bounded) async throws -> (LinearProblemInput, SolverResult) {
        var input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: 3, columns: 2, storage: [1, 0, 0, 1, 1, 1]),
                observations: [-2, 3, 1],
                observationError: .independent([0.5, 0.5, 0.5]),
                priorMean: [1, 1],
                priorError: .independent([1, 1]),
                stateNames: ["held", "free"]
            )
        )
        input.emissions = StateEmissions(perUnit: [1, 2], unit: "kt yr-1")
        input.totals = try LinearFunctionals(
            names: ["of held", "of free", "of both"],
            weights: Matrix(rows: 3, columns: 2, storage: [1, 0, 0, 1, 1, 1])
        )
        var run = SolverRun(input, draws: 200, isNonNegative: true)
        run.totals = try input.totalsPlan()
        return (input, try await run.solve(solver))
    }

    @Test func anElementAtItsBoundHasNoDeviation() async throws {
        let (_, result) = try await solved()
        #expect(result.mean[0] == 0 && result.sigma[0].isNaN && result.sigma[1] > 0)
        #expect(result.state.boundStates == [.atLower, .free] && result.state.covariance == nil)
        #expect(result.remarks.contains { $0.contains("hamiltonian") })
    }

    @Test func totalsItIsPartOfHaveNone() async throws {
        let (_, result) = try await solved()
        let totals = try #require(result.state.totals)
        let known = Dictionary(
            uniqueKeysWithValues: zip(totals.plan.names, totals.values.posterior.map(\.standardDeviation))
        )
        #expect(known["of held"]?.isNaN == true && known["of both"]?.isNaN == true)
        #expect(abs(try #require(known["of free"]) - result.sigma[1]) < 1e-12)
        #expect(totals.values.posterior.allSatisfy { $0.mean.isFinite })
        #expect(totals.sources.contains { $0.standardDeviation.isNaN })
    }

    @Test func tablesLeaveTheFieldsEmptyAndNameTheBound() async throws {
        let (input, result) = try await solved()
        let states = ResultTables.states([result.state], of: input).split(separator: "\r\n").map(String.init)
        #expect(states[0].hasSuffix(",at_bound"))
        #expect(states[1].hasPrefix("bounded,held,,,,,1.0,1.0,0.0,,") && states[1].hasSuffix(",lower"))
        #expect(!states[2].hasPrefix("bounded,free,,,,,1.0,1.0,1.0,,") && states[2].hasSuffix(","))
        let totals = ResultTables.totals([result.state]).split(separator: "\r\n").map(String.init)
        let both = try #require(totals.first { $0.contains(",of both,") }).split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        #expect(both[7].isEmpty && Double(both[6])?.isFinite == true)
    }

    @Test func inTheFreeNothingIsLeftOut() async throws {
        let (_, result) = try await solved(.exact)
        #expect(result.state.boundStates == nil && result.state.covariance != nil)
    }
}
