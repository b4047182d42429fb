import Foundation
import Inversion
import LinearAlgebra

/// Diagnostics and design in closed form, beside solving the problem anew for each station.
struct NetworkRanking: Race {
    let name = "network-ranking"
    private let states = 800
    private let stations = 60
    private let hours = 40

    func run() async throws {
        var problem = SyntheticProblem.make(observations: stations * hours, states: states)
        if case .covariance(let matrix) = problem.observationError {
            problem.observationError = .independent(matrix.diagonal.map { $0.squareRoot() })
        }
        let groups = LabelGroups(labels: (0..<stations * hours).map { "station \($0 / hours)" })
        let shape = "\(stations) stations x \(hours) observations, \(states) states"
        try preview(problem)
        try leaveOut(problem, groups, shape)
        try rank(problem, groups, shape)
    }

    private func preview(_ problem: LinearProblem) throws {
        let rate = ArithmeticRate.measured()
        let totals = try LinearFunctionals(
            names: ["total"],
            weights: Matrix(rows: 1, columns: states, storage: [Double](repeating: 1, count: states))
        )
        let preview = try Preview(of: problem, totals: totals, rate: rate)
        for (space, solver) in [(SolutionSpace.state, SolverCost.Solver.state), (.observation, .observation)]
        {
            let taken = try seconds { _ = try GaussianSolver.solve(problem, space: space) }
            let expected = preview.costs.first { $0.solver == solver }?.seconds ?? .nan
            print("crosswind: \(space) space foreseen \(text(expected)) s, taken \(text(taken)) s")
        }
    }

    private func leaveOut(_ problem: LinearProblem, _ groups: LabelGroups, _ shape: String) throws {
        let posterior = try GaussianSolver.solve(problem)
        let closed = try seconds {
            _ = try Diagnostics.withheldGroups(of: problem, posterior, groups: groups)
        }
        let refit = try seconds {
            _ = try GaussianSolver.solve(problem.leavingOut(observations: groups.members[0]))
        }
        print("crosswind: each station left out of \(shape): \(text(closed)) s")
        print("solving anew for each: \(text(refit * Double(stations))) s")
    }

    private func rank(_ problem: LinearProblem, _ groups: LabelGroups, _ shape: String) throws {
        let totals = try LinearFunctionals(
            names: ["total"],
            weights: Matrix(rows: 1, columns: states, storage: [Double](repeating: 1, count: states))
        )
        var chosen: [DesignGain] = []
        let greedy = try seconds {
            let design = try NetworkDesign(
                candidates: ObservationCandidate.groups(groups, of: problem),
                priorError: problem.priorError,
                totals: totals
            )
            chosen = try design.chosen(by: .degreesOfFreedom, count: 10)
        }
        let one = try seconds {
            _ = try GaussianSolver.solve(problem.keeping(observations: groups.members[0]))
        }
        let solutions = (0..<10).reduce(0) { $0 + stations - $1 }
        let degrees = chosen.reduce(0) { $0 + $1.degreesOfFreedom }
        print("crosswind: ten best of \(shape) (DOFS \(text(degrees))): \(text(greedy)) s")
        print("a solution for each choice: \(text(one * Double(solutions))) s at least")
    }

    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        return try clock.measure(body) / .seconds(1)
    }

    private func text(_ value: Double) -> String { String(format: "%.3f", value) }
}
