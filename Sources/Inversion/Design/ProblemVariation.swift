import LinearAlgebra

/// One way in which a problem could have been posed differently.
public enum ProblemVariation: Sendable {
    case unchanged
    /// Multiplies the prior standard deviations of some state elements (nil for all): a wider or narrower prior, or
    /// background.
    case priorSigma(factor: Double, elements: [Int]? = nil)
    /// Another prior mean, such as another inventory.
    case priorMean([Double])
    /// Another prior altogether.
    case prior(mean: [Double], error: ErrorModel)
    /// Correlates the prior errors over this length; standard deviations stay.
    case correlation(PriorCorrelation, length: Double)
    /// Multiplies the error standard deviations of some observations (nil for all).
    case observationSigma(factor: Double, observations: [Int]? = nil)
    /// Adds a model error in quadrature to every observation, in their unit.
    case modelError(sigma: Double)
    /// Uses some observations only, by their indices in the problem that all variations start from.
    case only(observations: [Int])
}

/// Variations to choose one of, such as three correlation lengths.
public struct VariationAxis: Sendable {
    public let name: String
    public let choices: [(name: String, variation: ProblemVariation)]

    public init(_ name: String, _ choices: [(name: String, variation: ProblemVariation)]) {
        self.name = name
        self.choices = choices
    }

    /// All observations, and all but those of each group.
    public static func withoutEach(of groups: LabelGroups, name: String = "observations") -> VariationAxis {
        let all = groups.groupOfElement.indices
        let without = zip(groups.names, groups.members).map { group, members in
            let left = Set(members)
            return (
                name: "without \(group)",
                variation: ProblemVariation.only(observations: all.filter { !left.contains($0) })
            )
        }
        return VariationAxis(name, [("all", .unchanged)] + without)
    }
}

extension LinearProblem {
    /// The problem as it would be with some variations; observations are chosen last, so that all indices are those
    /// of this problem.
    ///
    /// - Throws: ``InversionError`` that names the parameter: a factor that is not positive, lengths that do not
    ///   fit, an index out of range, no observation left.
    public func varied(by variations: [ProblemVariation]) throws(InversionError) -> LinearProblem {
        var problem = self
        var kept: Set<Int>?
        for variation in variations {
            if case .only(let indices) = variation {
                if let place = indices.firstIndex(where: { !observations.indices.contains($0) }) {
                    throw .outOfRange("observations to use", index: place)
                }
                kept = kept.map { $0.intersection(indices) } ?? Set(indices)
            } else {
                try problem.apply(variation)
            }
        }
        guard let kept else { return problem }
        guard !kept.isEmpty else { throw .empty("observations") }
        return problem.keeping(observations: kept.sorted())
    }

    private mutating func apply(_ variation: ProblemVariation) throws(InversionError) {
        switch variation {
        case .unchanged, .only: break
        case .priorSigma(let factor, let elements):
            try scale(.priorScale(elements: elements), factor)
        case .observationSigma(let factor, let members):
            try scale(.observationScale(observations: members), factor)
        case .priorMean(let mean):
            try checkLength("prior_mean", mean.count, stateCount)
            priorMean = mean
        case .prior(let mean, let error):
            try checkLength("prior_mean", mean.count, stateCount)
            try error.validate("prior", count: stateCount)
            (priorMean, priorError) = (mean, error)
        case .correlation(let correlation, let length):
            try checkLength("distances", correlation.distances.rows, stateCount)
            guard length > 0, length.isFinite else {
                throw .notPositive("correlation length", index: 0, value: length)
            }
            priorError = .covariance(correlation.covariance(sigma: priorError.sigma, length: length))
        case .modelError(let sigma):
            guard sigma >= 0, sigma.isFinite else {
                throw .notPositive("model error", index: 0, value: sigma)
            }
            self = adding(modelError: sigma)
        }
    }

    private mutating func scale(_ role: HyperParameter.Role, _ factor: Double) throws(InversionError) {
        guard factor > 0, factor.isFinite else { throw .notPositive("factor", index: 0, value: factor) }
        let parameter = try HyperParameter(
            "factor",
            role,
            start: factor,
            lower: factor / 2,
            upper: factor * 2
        )
        self = try ErrorFamily(of: self, parameters: [parameter]).problem(at: [factor])
    }
}
