import Formats
public import Inversion
import LinearAlgebra

extension SolverRun {
    /// Error scales are as likely anywhere in between, as in RHIME.
    private static let scalePrior = ParameterPrior.uniform(lower: 0.1, upper: 3)

    /// No-U-Turn chains of the state and of one error scale for each group: the error of an observation is its stated
    /// one with the scale times the modelled enhancement in quadrature (``HierarchicalModel``).
    ///
    /// - Throws: ``InversionError/correlatedObservations``; ``ProblemChoiceError/correlatedPrior``.
    func hierarchical() async throws -> SolverResult {
        let problem = input.problem
        let (indices, names) = errorGroups
        let model = try hierarchicalModel(indices, count: names.count)
        let parameters = problem.stateNames + names.map { "error scale of \($0)" }
        let sampled = try await HamiltonianSampler(settings).sample(
            model,
            names: parameters,
            start: model.typicalPoint
        )
        let count = problem.stateCount
        var selection = Matrix(rows: count, columns: parameters.count)
        for index in 0..<count { selection[index, index] = 1 }
        let states = try sampled.totals(
            LinearFunctionals(names: problem.stateNames, weights: selection)
        )
        var result = try await self.sampled(.hierarchical, states)
        result.state.remarks += names.indices.prefix(Self.mostScales).map { group in
            let place = count + group
            return
                "\(parameters[place]) \(Self.text(sampled.mean[place])) +- \(Self.text(sampled.sigma[place]))"
        }
        return result
    }

    /// More scales are in the draws alone.
    private static let mostScales = 20

    private static func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

    /// The group of each observation, those in none together.
    private var errorGroups: (indices: [Int], names: [String]) {
        let count = input.problem.observationCount
        guard let groups = input.groups else { return ([Int](repeating: 0, count: count), ["all"]) }
        let hasRest = groups.groupOfElement.contains { $0 == nil }
        return (
            groups.groupOfElement.map { $0 ?? groups.names.count },
            groups.names + (hasRest ? ["the rest"] : [])
        )
    }

    private func hierarchicalModel(_ groups: [Int], count: Int) throws -> HierarchicalModel {
        let problem = input.problem
        guard case .independent(let errors) = problem.observationError else {
            throw InversionError.correlatedObservations
        }
        guard case .independent(let sigma) = problem.priorError else {
            throw ProblemChoiceError.correlatedPrior
        }
        let bounds = try bounds
        let priors = problem.priorMean.indices.map { index -> ParameterPrior in
            let (mean, deviation) = (problem.priorMean[index], sigma[index])
            guard let bounds, bounds.lower[index].isFinite || bounds.upper[index].isFinite else {
                return .normal(mean: mean, sigma: deviation)
            }
            return .truncatedNormal(
                mean: mean,
                sigma: deviation,
                lower: bounds.lower[index],
                upper: bounds.upper[index]
            )
        }
        return try HierarchicalModel(
            jacobian: problem.jacobian,
            observations: problem.observations,
            observationSigma: errors,
            statePriors: priors,
            errorPriors: [ParameterPrior](repeating: Self.scalePrior, count: count),
            isEnhancement: input.state?.elements.map { $0.kind.isEmission },
            errorGroups: groups
        )
    }
}

extension Solver {
    /// Whether a problem has what the solver needs.
    public func applies(to problem: LinearProblem) -> Bool {
        let (hasOwnErrors, hasOwnPriors): (Bool, Bool)
        if case .independent = problem.observationError { hasOwnErrors = true } else { hasOwnErrors = false }
        if case .independent = problem.priorError { hasOwnPriors = true } else { hasOwnPriors = false }
        return switch self {
        case .robust: hasOwnErrors || problem.observationCount <= GaussianSolver.mostRobustCorrelated
        case .hierarchical: hasOwnErrors && hasOwnPriors
        default: true
        }
    }
}
