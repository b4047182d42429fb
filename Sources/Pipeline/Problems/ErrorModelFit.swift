import Concurrent
public import Formats
public import Inversion
import LinearAlgebra

/// What the data say of the error model of a problem, in two ways.
public struct ErrorModelFit: Sendable {
    /// What can be estimated.
    public enum Parameter: String, CaseIterable, Sendable {
        /// A factor on the prior standard deviations of the emissions.
        case prior
        /// A factor on those of the inflow and the background.
        case background
        /// The correlation length of the prior, kilometres.
        case correlation
        /// A factor on the standard deviations of the observations, of each group where the file names groups.
        case observations
        /// An independent error in addition, in the unit of the observations.
        case modelError = "model-error"
    }

    public let likelihood: HyperParameterFit
    /// The problem with those parameters that the data determine, estimated anew without the others, for which what
    /// the file states is kept.
    public let adopted: LinearProblem
    /// Values in ``adopted`` by the name of the parameter.
    public let adoptedValues: [String: Double]
    /// ln p(y) with the errors as they are stated.
    public let statedLogEvidence: Double
    /// By the iteration of Desroziers et al. (2005), of the observations; nil where it was not asked for, or where
    /// residuals contradict it.
    public let desroziers: DesroziersEstimate?
    /// Why there is none though it was asked for.
    public let desroziersFailure: InversionError?
    /// Chi2 of the innovations over the number of observations, with the stated and with the adopted errors.
    public let statedChiSquare: ChiSquareCheck
    public let chiSquare: ChiSquareCheck

    /// - Throws: ``ProblemChoiceError`` for a parameter that the problem does not have; ``InversionError``.
    public init(_ parameters: [Parameter], of input: LinearProblemInput) throws {
        let problem = input.problem
        let correlation =
            parameters.contains(.correlation)
            ? try PriorCorrelation.betweenPlaces(of: input, form: .exponential) : nil
        var found: [HyperParameter] = []
        for parameter in parameters {
            found += try Self.hyperParameters(parameter, input, correlation)
        }
        let family = try ErrorFamily(of: problem, parameters: found, priorCorrelation: correlation)
        likelihood = try MaximumLikelihood.fit(family)
        (adopted, adoptedValues) = try Self.adopted(likelihood, family)
        let stated = try GaussianSolver.solve(problem)
        statedLogEvidence = stated.logEvidence
        statedChiSquare = Diagnostics.chiSquareCheck(of: stated)
        chiSquare = Diagnostics.chiSquareCheck(of: try GaussianSolver.solve(adopted))
        guard parameters.contains(.observations) else {
            (desroziers, desroziersFailure) = (nil, nil)
            return
        }
        do {
            desroziers = try Diagnostics.desroziersIteration(
                of: problem,
                groups: Self.groups(of: input),
                scalesPrior: parameters.contains(.prior)
            )
            desroziersFailure = nil
        } catch {
            (desroziers, desroziersFailure) = (nil, error)
        }
    }

    /// Leaves out what the data do not determine until they determine all that is left.
    private static func adopted(
        _ fit: HyperParameterFit,
        _ family: ErrorFamily
    ) throws(InversionError) -> (LinearProblem, [String: Double]) {
        var (fit, parameters) = (fit, family.parameters)
        while true {
            let isDetermined = fit.estimates.map { $0.standing == .determined && !$0.isAtLimit }
            if isDetermined.allSatisfy(\.self) {
                let values = Dictionary(fit.estimates.map { ($0.name, $0.value) }) { first, _ in first }
                return (fit.problem, values)
            }
            parameters = zip(parameters, isDetermined).filter(\.1).map(\.0)
            guard !parameters.isEmpty else { return (family.problem, [:]) }
            let needsPlaces = parameters.contains { $0.role == .correlationLength }
            fit = try MaximumLikelihood.fit(
                ErrorFamily(
                    of: family.problem,
                    parameters: parameters,
                    priorCorrelation: needsPlaces ? family.priorCorrelation : nil
                )
            )
        }
    }

    private static func groups(of input: LinearProblemInput) -> LabelGroups {
        input.groups
            ?? LabelGroups(labels: input.problem.observations.map { _ in "all" })
    }

    private static func hyperParameters(
        _ parameter: Parameter,
        _ input: LinearProblemInput,
        _ correlation: PriorCorrelation?
    ) throws -> [HyperParameter] {
        switch parameter {
        case .prior:
            return [try .priorScale("prior scale", elements: input.emissionElements)]
        case .background:
            guard !input.backgroundElements.isEmpty else { throw ProblemChoiceError.noBackground }
            return [try .priorScale("background scale", elements: input.backgroundElements)]
        case .observations:
            guard let groups = input.groups else { return [try .observationScale("observation scale")] }
            return try HyperParameter.observationScales(groups)
        case .modelError:
            guard case .independent(let sigma) = input.problem.observationError else {
                throw ProblemChoiceError.noModelError
            }
            let typical = sigma.sorted()[sigma.count / 2]
            return [
                try HyperParameter(
                    "model error",
                    .modelError(observations: nil),
                    start: typical / 2,
                    lower: typical / 1000,
                    upper: typical * 1000
                )
            ]
        case .correlation:
            let distances = (correlation?.finiteDistances ?? []).filter { $0 > 0 }
            guard let shortest = distances.first, let longest = distances.last else {
                throw ProblemChoiceError.noPlaces
            }
            return [
                try HyperParameter(
                    "correlation length, km",
                    .correlationLength,
                    start: (shortest * longest).squareRoot(),
                    lower: shortest / 10,
                    upper: longest * 10
                )
            ]
        }
    }
}
