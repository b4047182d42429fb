import Concurrent
public import Formats
public import Inversion
import LinearAlgebra
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
    /// Totals that each result is told of.
    public var totals: TotalsPlan?
    /// The exact solution where it is at hand, so that it is not made again.
    public var exactSolution: Posterior?
    /// Whether ``checkNormalEquations(_:)`` need not be asked any more.
    public var isChecked = false

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
        try await checkNormalEquations(solver)
        return switch solver {
        case .exact: try await dense(solver) { try exact() }
        case .conjugateGradient: SolverResult(solver, try await iterated())
        case .ensemble: try await dense(solver) { try ensemble() }
        case .bounded: try await dense(solver) { try bounded() }
        case .lognormal: try await dense(solver) { try lognormal() }
        case .robust: try await dense(solver) { try robust() }
        case .gibbs: try await sampled(solver, try await GibbsSampler(settings).sample(input.problem))
        case .hamiltonian: try await hamiltonian()
        case .hierarchical: try await hierarchical()
        }
    }

    /// Runs dense algebra on a thread of its own, and adds the totals.
    private func dense(
        _ solver: Solver,
        _ body: @escaping @Sendable () throws -> SolvedState
    ) async throws -> SolverResult {
        try await onOwnThread(named: "solver") {
            var state = try body()
            if let totals, let covariance = state.covariance {
                let found = try SolvedTotals(
                    totals,
                    of: input.problem,
                    mean: state.mean,
                    covariance: covariance
                )
                state.totals = solver.isNormal ? found.withNormalPercentiles() : found
                if let places = state.boundStates {
                    let held = places.indices.filter { places[$0] != .free }
                    state.totals = found.withoutSpread(of: held, mean: state.mean)
                }
            }
            // With zeros beside elements at bounds it would be taken for that of elements which are known.
            if state.boundStates != nil { state.covariance = nil }
            return SolverResult(solver, state)
        }
    }

    private func state(_ solver: Solver, _ mean: [Double], _ sigma: [Double]) -> SolvedState {
        SolvedState(solver: solver.rawValue, stateNames: input.problem.stateNames, mean: mean, sigma: sigma)
    }

    var settings: SamplerSettings {
        SamplerSettings(chains: chains, warmUp: draws, draws: draws, seed: seed)
    }

    private func exact() throws -> SolvedState {
        let posterior = try exactSolution ?? GaussianSolver.solve(input.problem)
        var state = SolvedState(posterior, solver: Solver.exact.rawValue)
        state.remarks = ["\(posterior.space.rawValue) space"]
        return state
    }

    /// Above this many elements the standard deviations are bounds from the spectrum, not one solution each.
    private static let mostExactDeviations = 500

    func conjugateGradient() async throws -> SolvedState {
        let problem = try await onOwnThread(named: "solver") { try MatrixFreeProblem(input.problem) }
        let posterior = try await MatrixFreeSolver(gradientReduction: 1e-12).solve(problem)
        let mean = posterior.mean
        guard mean.count <= Self.mostExactDeviations else {
            var result = state(.conjugateGradient, mean, try await posterior.sigmaBounds())
            result.remarks = ["\(posterior.iterations) iterations", "deviations are upper bounds"]
            if let totals {
                result.totals = SolvedTotals(totals, try await posterior.totals(totals.functionals))
                    .withNormalPercentiles()
            }
            return result
        }
        let elements = try LinearFunctionals.elements(of: input.problem.stateNames)
        let covariance = try await posterior.totals(elements).covariance
        let sigma = covariance.diagonal.map(standardDeviation(ofVariance:))
        var result = state(.conjugateGradient, mean, sigma)
        result.covariance = covariance
        result.percentiles = Percentiles.normal(mean, sigma)
        result.remarks = ["\(posterior.iterations) iterations"]
        if let totals {
            let problem = input.problem
            result.totals = try await onOwnThread(named: "solver") {
                try SolvedTotals(totals, of: problem, mean: mean, covariance: covariance)
                    .withNormalPercentiles()
            }
        }
        return result
    }

    private func ensemble() throws -> SolvedState {
        let posterior = try EnsembleSolver.solve(input.problem, seed: seed)
        var result = state(.ensemble, posterior.mean, posterior.sigma)
        result.covariance = posterior.covariance
        result.percentiles = Percentiles.normal(result.mean, result.sigma)
        result.degreesOfFreedomForSignal = posterior.degreesOfFreedomForSignal
        result.remarks = ["\(posterior.ensemble.memberCount) members, exact sampling"]
        return result
    }

    private func bounded() throws -> SolvedState {
        let posterior = try BoundedSolver.solve(
            input.problem,
            bounds: try bounds ?? .none(input.problem.stateCount)
        )
        let sigma = zip(posterior.sigma, posterior.states).map { $1 == .free ? $0 : .nan }
        var result = state(.bounded, posterior.mean, sigma)
        result.covariance = posterior.covariance
        if !posterior.bound.isEmpty { result.boundStates = posterior.states }
        result.remarks =
            try bounds == nil
            ? ["no bounds are given"]
            : posterior.bound.map {
                "\(posterior.stateNames[$0]) is at its bound; its deviation is not known"
            }
        if !posterior.bound.isEmpty {
            result.remarks.append(
                "deviations of totals with an element at its bound are not known, and there is no covariance: "
                    + "hamiltonian gives those of the truncated distribution"
            )
        }
        result.remarks += try priorOutside()
        return result
    }

    /// Elements whose prior mean is beyond a bound: the solution is drawn to where it may not be.
    private func priorOutside() throws -> [String] {
        guard let bounds = try bounds else { return [] }
        return input.problem.priorMean.enumerated().compactMap { index, mean in
            let (low, high) = (bounds.lower[index], bounds.upper[index])
            guard mean < low || mean > high else { return nil }
            let name = input.problem.stateNames[index]
            return "the prior of \(name), \(mean), is outside its bounds \(low) to \(high)"
        }
    }

    private func lognormal() throws -> SolvedState {
        let found = emissionSigns(orZero: false)
        let (flags, signs) = (found.map { $0 != nil }, found.map { ($0 ?? .rising).rawValue })
        let posterior = try LognormalSolver().solve(
            try input.problem.mirrored(signs).withLognormalPrior(flags),
            isLognormal: flags
        )
        var result = state(.lognormal, zip(posterior.mean, signs).map(*), posterior.sigma)
        result.covariance = posterior.covariance.mirrored(signs)
        let percentiles = Percentiles.intervals(
            posterior.interval(probability: 0.68),
            posterior.interval(probability: 0.95),
            median: posterior.median
        )
        result.percentiles = percentiles.indices.map { share in
            signs.indices.map { index in
                signs[index] > 0
                    ? percentiles[share][index] : -percentiles[percentiles.count - 1 - share][index]
            }
        }
        result.remarks = [
            "\(flags.count { $0 }) of \(flags.count) elements lognormal",
            "mean and deviation of the lognormal at the mode in the logarithm (Laplace), not exact moments",
        ]
        return result
    }

    private func robust() throws -> SolvedState {
        let solution = try GaussianSolver.solve(input.problem, loss: .huber(threshold: 1.345))
        var result = SolvedState(solution.posterior, solver: Solver.robust.rawValue)
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
        var start = try await onOwnThread(named: "solver") {
            try exactSolution?.mean ?? GaussianSolver.solve(input.problem).mean
        }
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
        var result = try await sampled(.hamiltonian, posterior)
        if bounds != nil {
            result.isSameModel = false
            result.state.remarks.append("inside the bounds")
        }
        return result
    }

    func sampled(_ solver: Solver, _ posterior: SampledPosterior) async throws -> SolverResult {
        try await onOwnThread(named: "solver") {
            var result = state(solver, posterior.mean, posterior.sigma)
            let covariance = posterior.covariance
            result.covariance = covariance
            result.percentiles = Percentiles.sampled(posterior)
            result.meanError = posterior.diagnostics.map(\.meanError)
            result.draws = posterior
            result.remarks = ["\(posterior.count) draws"] + posterior.warnings.map(\.text)
            if let totals {
                result.totals = try SolvedTotals(
                    totals,
                    of: input.problem,
                    draws: posterior,
                    covariance: covariance
                )
            }
            return SolverResult(solver, result)
        }
    }
}
