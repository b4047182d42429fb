import Concurrent
import Formats
public import Inversion

extension Solver {
    /// Whether it forms or iterates Hᵀ R⁻¹ H, where a very exact observation costs all digits of the others.
    public var usesNormalEquations: Bool {
        switch self {
        case .exact, .bounded, .robust: false
        case .conjugateGradient, .ensemble, .gibbs, .hamiltonian, .lognormal, .hierarchical: true
        }
    }

    /// Why a problem does not suit the solver; nil where it does.
    public func reasonAgainst(_ problem: LinearProblem) -> String? {
        guard !applies(to: problem) else { return nil }
        if case .independent = problem.observationError { return "it takes independent prior errors only" }
        return "it takes independent observation errors only"
    }
}

extension SolverRun {
    /// What rounding does where the problem is solved by its normal equations; nil where it does nothing that counts.
    ///
    /// - Throws: ``InversionError`` of the solver.
    public func normalEquationsLoss() async throws -> Inaccuracy? {
        guard exactSolution?.space != .state else { return nil }
        let problem = input.problem
        return try await onOwnThread(named: "solver") {
            do throws(InversionError) { try GaussianSolver.checkStateSpace(problem) } catch {
                guard case .inaccurate(let loss) = error else { throw error }
                return loss
            }
            return nil
        }
    }

    /// By conjugate gradients; an iteration that stops in rounding is told with the observation that makes it so.
    func iterated() async throws -> SolvedState {
        do { return try await conjugateGradient() } catch let error as InversionError {
            guard case .notConverged(_, _, let residual) = error,
                let loss = GaussianSolver.dominance(input.problem, residual: residual)
            else { throw error }
            throw SolverRefusal(solver: .conjugateGradient, loss: loss)
        }
    }

    func checkNormalEquations(_ solver: Solver) async throws {
        guard solver.usesNormalEquations, !isChecked, let loss = try await normalEquationsLoss() else {
            return
        }
        throw SolverRefusal(solver: solver, loss: loss)
    }
}
