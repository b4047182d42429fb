import Concurrent
import Inversion
import LinearAlgebra
import Quantities
import Verification

/// Solves prepared problems and compares their quantities with what is declared.
enum ProblemSolution {
    /// Above this many observations the solution is not repeated in observation space.
    static let crossCheckLimit = 2_000

    /// - Throws: ``InversionError`` of the solver. Dense algebra runs on a thread of its own.
    static func solve(_ prepared: PreparedProblem) async throws -> ProblemResult {
        try await onOwnThread(named: "inversion") { try solveBlocking(prepared) }
    }

    private static func solveBlocking(_ prepared: PreparedProblem) throws -> ProblemResult {
        let posterior = try GaussianSolver.solve(prepared.problem)
        let functionals = try LinearFunctionals(
            names: prepared.quantities.map(\.name.english),
            weights: Matrix(
                rows: prepared.quantities.count,
                columns: prepared.problem.stateNames.count,
                storage: prepared.quantities.flatMap(\.weights)
            ),
            offsets: prepared.quantities.map(\.offset)
        )
        let totals = try functionals.totals(of: posterior, priorError: prepared.problem.priorError)
        let comparisons = zip(prepared.quantities, zip(totals.prior, totals.posterior)).map {
            quantity,
            total in
            Comparison(
                region: quantity.name,
                inventory: quantity.inventory,
                prior: total.0,
                posterior: total.1,
                inventoryIsPrior: quantity.inventoryIsPrior,
                truth: quantity.truth
            )
        }
        return ProblemResult(
            prepared: prepared,
            posterior: posterior,
            comparisons: comparisons,
            totals: totals,
            spaceDisagreement: try disagreement(prepared.problem, posterior)
        )
    }

    /// The other space is an independent path through the algebra: a check that costs little when it is small.
    private static func disagreement(_ problem: LinearProblem, _ posterior: Posterior) throws -> Double? {
        guard problem.observations.count <= crossCheckLimit else { return nil }
        let other: SolutionSpace = posterior.space == .state ? .observation : .state
        let second = try GaussianSolver.solve(problem, space: other)
        return zip(zip(posterior.mean, second.mean), posterior.sigma)
            .map { abs($0.0 - $0.1) / $1 }.max()
    }
}
