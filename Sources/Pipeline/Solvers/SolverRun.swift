import Concurrent
public import Formats
import Inversion
import Quantities

/// Solves one problem with the solvers asked for.
public struct SolverRun: Sendable {
    public let input: LinearProblemInput
    public var seed: UInt64
    /// Draws of each chain after as many to warm up.
    public var draws: Int
    public var chains: Int
    /// No emission below zero, beside the bounds of the file.
    public var isNonNegative: Bool

    public init(
        _ input: LinearProblemInput,
        seed: UInt64 = 1,
        draws: Int = 1000,
        chains: Int = 4,
        isNonNegative: Bool = false
    ) {
        self.input = input
        self.seed = seed
        self.draws = draws
        self.chains = chains
        self.isNonNegative = isNonNegative
    }

    /// - Throws: ``InversionError`` or ``EnsembleError`` of the solver.
    public func solve(_ solver: Solver) async throws -> SolverResult {
        switch solver {
        case .exact: try await onOwnThread(named: "solver") { try exact() }
        case .conjugateGradient: try await conjugateGradient()
        case .ensemble: try await onOwnThread(named: "solver") { try ensemble() }
        case .bounded: try await onOwnThread(named: "solver") { try bounded() }
        case .lognormal: try await onOwnThread(named: "solver") { try lognormal() }
        case .robust: try await onOwnThread(named: "solver") { try robust() }
        case .gibbs: sampled(.gibbs, try await GibbsSampler(settings).sample(input.problem))
        case .hamiltonian: try await hamiltonian()
        }
    }

    /// Emissions by their kind where the file tells it, else every element whose prior is positive.
    var isEmission: [Bool] {
        input.state.map { $0.elements.map(\.kind.isEmission) } ?? input.problem.priorMean.map { $0 > 0 }
    }

    /// The bounds of the file, and zero for emissions where asked for; nil where nothing is bounded.
    var bounds: Bounds? {
        get throws {
            let count = input.problem.stateCount
            guard isNonNegative || input.lowerBounds != nil || input.upperBounds != nil else { return nil }
            var lower = input.lowerBounds ?? [Double](repeating: -.infinity, count: count)
            if isNonNegative {
                for (index, emission) in isEmission.enumerated() where emission {
                    lower[index] = max(0, lower[index])
                }
            }
            let upper = input.upperBounds ?? [Double](repeating: .infinity, count: count)
            return try Bounds(lower: lower, upper: upper)
        }
    }

    private var settings: SamplerSettings {
        SamplerSettings(chains: chains, warmUp: draws, draws: draws, seed: seed)
    }

    private func exact() throws -> SolverResult {
        let posterior = try GaussianSolver.solve(input.problem)
        var result = SolverResult(.exact, mean: posterior.mean, sigma: posterior.sigma)
        result.degreesOfFreedomForSignal = posterior.degreesOfFreedomForSignal
        result.remarks = ["\(posterior.space.rawValue) space"]
        return result
    }

    /// Above this many elements the standard deviations are bounds from the spectrum, not one solution each.
    private static let mostExactDeviations = 500

    private func conjugateGradient() async throws -> SolverResult {
        let problem = try await onOwnThread(named: "solver") { try MatrixFreeProblem(input.problem) }
        let posterior = try await MatrixFreeSolver(gradientReduction: 1e-12).solve(problem)
        let count = posterior.mean.count
        var sigma: [Double] = []
        if count <= Self.mostExactDeviations {
            let elements = try LinearFunctionals.elements(of: input.problem.stateNames)
            sigma = try await posterior.totals(elements).posterior.map(\.standardDeviation)
        } else {
            sigma = try await posterior.sigmaBounds()
        }
        var result = SolverResult(.conjugateGradient, mean: posterior.mean, sigma: sigma)
        result.remarks = ["\(posterior.iterations) iterations"]
        if count > Self.mostExactDeviations { result.remarks.append("deviations are upper bounds") }
        return result
    }

    private func ensemble() throws -> SolverResult {
        let posterior = try EnsembleSolver.solve(input.problem, seed: seed)
        var result = SolverResult(.ensemble, mean: posterior.mean, sigma: posterior.sigma)
        result.degreesOfFreedomForSignal = posterior.degreesOfFreedomForSignal
        result.remarks = ["\(posterior.ensemble.memberCount) members, exact sampling"]
        return result
    }

    private func bounded() throws -> SolverResult {
        let posterior = try BoundedSolver.solve(
            input.problem,
            bounds: try bounds ?? .none(input.problem.stateCount)
        )
        var result = SolverResult(.bounded, mean: posterior.mean, sigma: posterior.sigma)
        result.remarks =
            try bounds == nil
            ? ["no bounds are given"]
            : posterior.bound.map {
                "\(posterior.stateNames[$0]) is at its bound; its deviation is not known"
            }
        return result
    }

    private func lognormal() throws -> SolverResult {
        let flags = isEmission
        let posterior = try LognormalSolver().solve(
            try input.problem.withLognormalPrior(flags),
            isLognormal: flags
        )
        var result = SolverResult(.lognormal, mean: posterior.mean, sigma: posterior.sigma)
        result.remarks = ["\(flags.count { $0 }) of \(flags.count) elements lognormal"]
        return result
    }

    private func robust() throws -> SolverResult {
        let solution = try GaussianSolver.solve(input.problem, loss: .huber(threshold: 1.345))
        let posterior = solution.posterior
        var result = SolverResult(.robust, mean: posterior.mean, sigma: posterior.sigma)
        result.degreesOfFreedomForSignal = posterior.degreesOfFreedomForSignal
        let outliers = solution.outliers.count
        result.remarks = ["\(outliers) of \(solution.weights.count) observations count less than half"]
        return result
    }

    /// Inside the bounds where there are any: the spread of a truncated normal.
    private func hamiltonian() async throws -> SolverResult {
        let bounds = try bounds
        let density = try await onOwnThread(named: "solver") {
            try GaussianDensity(input.problem, bounds: bounds)
        }
        var start = try await onOwnThread(named: "solver") { try GaussianSolver.solve(input.problem).mean }
        if let bounds {
            for index in start.indices {
                let (low, high) = (bounds.lower[index], bounds.upper[index])
                // Strictly inside, since the unbounded scale ends at the bounds.
                if start[index] <= low { start[index] = high.isFinite ? (low + high) / 2 : low + 0.1 }
                if start[index] >= high { start[index] = low.isFinite ? (low + high) / 2 : high - 0.1 }
            }
        }
        let posterior = try await HamiltonianSampler(settings).sample(
            density,
            names: input.problem.stateNames,
            start: start
        )
        var result = sampled(.hamiltonian, posterior)
        if bounds != nil { result.remarks.append("inside the bounds") }
        return result
    }

    private func sampled(_ solver: Solver, _ posterior: SampledPosterior) -> SolverResult {
        var result = SolverResult(solver, mean: posterior.mean, sigma: posterior.sigma)
        result.meanError = posterior.diagnostics.map(\.meanError)
        result.remarks = ["\(posterior.count) draws"] + posterior.warnings.map(\.text)
        return result
    }
}
