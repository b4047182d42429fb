public import Formats
public import Inversion

/// The ways in which the solution of a problem is asked how much it depends on choices.
public struct SensitivityPlan: Sendable {
    /// What can be varied.
    public enum Axis: String, CaseIterable, Sendable {
        /// Factors on the prior standard deviations of the emissions.
        case prior
        /// Factors on those of the inflow and the background.
        case background
        /// Correlation lengths of the prior in kilometres; zero for none, below zero for the prior as it is stated.
        case correlation
        /// Factors on the standard deviations of all observations.
        case observations
        /// Model errors to be added in quadrature, in the unit of the observations.
        case modelError = "model-error"
        /// All observations, and all but those of each group.
        case groups
    }

    public let axes: [VariationAxis]

    /// The axes that a problem has, with the usual choices: factors of a half, one and two, lengths about the
    /// distances between elements, and the groups of the file.
    public init(standardFor input: LinearProblemInput) throws {
        let factors = [1, 0.5, 2.0]
        var axes = [try Self.axis(.prior, factors, input)]
        if !input.backgroundElements.isEmpty { axes.append(try Self.axis(.background, factors, input)) }
        axes.append(try Self.axis(.observations, factors, input))
        if let distances = try Self.correlation(input)?.finiteDistances {
            let typical = distances[distances.count / 4]
            var lengths = [0, typical / 2, typical].map { $0.rounded() }
            if case .covariance = input.problem.priorError { lengths.insert(-1, at: 0) }
            axes.append(try Self.axis(.correlation, lengths, input))
        }
        if let groups = input.groups, groups.names.count > 1 {
            axes.append(try Self.axis(.groups, [], input))
        }
        self.axes = axes
    }

    public init(axes: [VariationAxis]) { self.axes = axes }

    /// - Parameter values: none for ``Axis/groups``, at least one for the others. The problem as it is comes first
    ///   where they hold it.
    /// - Throws: ``ProblemChoiceError`` where the problem does not have what is to be varied.
    public static func axis(
        _ axis: Axis,
        _ values: [Double],
        _ input: LinearProblemInput
    ) throws -> VariationAxis {
        switch axis {
        case .prior:
            return scaled(axis, values) { .priorSigma(factor: $0, elements: input.emissionElements) }
        case .background:
            let elements = input.backgroundElements
            guard !elements.isEmpty else { throw ProblemChoiceError.noBackground }
            return scaled(axis, values) { .priorSigma(factor: $0, elements: elements) }
        case .observations:
            return scaled(axis, values) { .observationSigma(factor: $0) }
        case .modelError:
            return VariationAxis(
                axis.rawValue,
                values.map { (name: text($0), variation: $0 == 0 ? .unchanged : .modelError(sigma: $0)) }
            )
        case .correlation:
            guard let correlation = try correlation(input) else { throw ProblemChoiceError.noPlaces }
            return VariationAxis(
                axis.rawValue,
                values.map { length in
                    guard length >= 0 else { return (name: "stated", variation: .unchanged) }
                    let positive = max(length, shortestLength)
                    return (name: "\(text(length)) km", .correlation(correlation, length: positive))
                }
            )
        case .groups:
            guard let groups = input.groups else { throw ProblemChoiceError.noGroups }
            return .withoutEach(of: groups, name: axis.rawValue)
        }
    }

    /// So short, km, that no two places correlate.
    private static let shortestLength = 1e-9

    private static func scaled(
        _ axis: Axis,
        _ factors: [Double],
        _ variation: (Double) -> ProblemVariation
    ) -> VariationAxis {
        VariationAxis(
            axis.rawValue,
            factors.map { (name: text($0), variation: $0 == 1 ? .unchanged : variation($0)) }
        )
    }

    private static func correlation(_ input: LinearProblemInput) throws(InversionError) -> PriorCorrelation? {
        try .betweenPlaces(of: input, form: .exponential)
    }

    /// As short as it can be written.
    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    /// Solves every combination for the totals of the file, or for every element where it names none.
    public func solve(_ input: LinearProblemInput) async throws -> SensitivityMatrix {
        let totals = try input.totals ?? .elements(of: input.problem.stateNames)
        return try await SensitivityMatrix(of: input.problem, axes: axes, totals: totals)
    }
}
