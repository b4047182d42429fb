import Concurrent
import Formats
import Inversion
import LinearAlgebra
import Quantities
import Verification

/// Solves prepared problems and compares their quantities with what is declared.
enum ProblemSolution {
    /// Above this many observations the solution is not repeated in observation space.
    static let crossCheckLimit = 2_000

    /// - Throws: ``InversionError`` of a solver. Dense algebra runs on a thread of its own.
    static func solve(_ prepared: PreparedProblem, plan: SolverPlan) async throws -> ProblemResult {
        let totals = try prepared.totalsPlan()
        var result = try await onOwnThread(named: "inversion") { try solveBlocking(prepared, totals) }
        var run = SolverRun(
            prepared.input,
            seed: plan.seed,
            draws: plan.draws,
            isNonNegative: plan.isNonNegative
        )
        run.totals = totals
        run.exactSolution = result.posterior
        for solver in plan.solvers where solver != .exact {
            result.solvers.append(try await run.solve(solver))
        }
        return result
    }

    private static func solveBlocking(
        _ prepared: PreparedProblem,
        _ plan: TotalsPlan
    ) throws -> ProblemResult {
        let posterior = try GaussianSolver.solve(prepared.problem)
        let totals = try SolvedTotals(
            plan,
            of: prepared.problem,
            mean: posterior.mean,
            covariance: posterior.covariance
        )
        let comparisons = zip(prepared.quantities, zip(totals.values.prior, totals.values.posterior)).map {
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
        var solution = SolvedState(posterior, solver: Solver.exact.rawValue)
        solution.totals = totals.withNormalPercentiles()
        return ProblemResult(
            prepared: prepared,
            posterior: posterior,
            comparisons: comparisons,
            totals: totals.values,
            spaceDisagreement: try disagreement(prepared.problem, posterior),
            solution: solution
        )
    }

    /// The other space is an independent path through the algebra: a check that costs little when it is small.
    private static func disagreement(_ problem: LinearProblem, _ posterior: Posterior) throws -> Double? {
        guard problem.observations.count <= crossCheckLimit else { return nil }
        let other: SolutionSpace = posterior.space == .state ? .observation : .state
        let second: Posterior
        do { second = try GaussianSolver.solve(problem, space: other) } catch {
            // Rounding spoils the other path, so that it checks nothing.
            guard case .inaccurate = error else { throw error }
            return nil
        }
        return zip(zip(posterior.mean, second.mean), posterior.sigma)
            .map { abs($0.0 - $0.1) / $1 }.max()
    }
}

extension PreparedProblem {
    /// The quantities of the case as weighted sums of the state.
    func functionals() throws(InversionError) -> LinearFunctionals {
        try LinearFunctionals(
            names: quantities.map(\.name.english),
            weights: Matrix(
                rows: quantities.count,
                columns: problem.stateCount,
                storage: quantities.flatMap(\.weights)
            ),
            offsets: quantities.map(\.offset)
        )
    }

    /// The quantities of the case as totals of the state.
    func totalsPlan() throws(InversionError) -> TotalsPlan {
        try TotalsPlan(
            functionals(),
            kinds: quantities.map { _ in .stated },
            units: quantities.map { _ in unit.english }
        )
    }
}
