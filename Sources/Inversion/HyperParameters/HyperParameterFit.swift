public import LinearAlgebra

/// One parameter of the error model as the data tell it.
public struct HyperParameterEstimate: Sendable {
    /// Whether the data determine it.
    public enum Standing: String, Codable, Sendable {
        /// The 95 % interval is closed and inside the limits.
        case determined
        /// The 95 % interval reaches the lower limit: the data say how large it is at most.
        case upperLimitOnly = "upper_limit_only"
        /// The 95 % interval reaches the upper limit: the data say how small it is at least.
        case lowerLimitOnly = "lower_limit_only"
        /// The likelihood is flat: every value between the limits agrees with the data.
        case flat
    }

    public let name: String
    /// Where the likelihood is largest.
    public let value: Double
    /// What the search started from.
    public let stated: Double
    public let oneSigma: PositiveInterval
    public let ninetyFive: PositiveInterval
    /// Whether the largest likelihood is at one of the limits of the search.
    public let isAtLimit: Bool

    public var standing: Standing {
        switch (ninetyFive.lower, ninetyFive.upper) {
        case (nil, nil): .flat
        case (nil, _): .upperLimitOnly
        case (_, nil): .lowerLimitOnly
        default: .determined
        }
    }

    /// The value to go on with: the stated one where the likelihood is flat and its largest value means nothing.
    public var adopted: Double { standing == .flat ? stated : value }

    /// What to tell a person before the value is used; nil where the data determine it.
    public var warning: String? {
        let place = isAtLimit ? "; the largest likelihood is at the limit \(value)" : ""
        switch standing {
        case .determined: return isAtLimit ? "\(name): the largest likelihood is at the limit \(value)" : nil
        case .upperLimitOnly: return "\(name): the data give an upper limit only\(place)"
        case .lowerLimitOnly: return "\(name): the data give a lower limit only\(place)"
        case .flat: return "\(name): the data do not tell it; the stated \(stated) is kept"
        }
    }
}

/// The error model of largest likelihood.
public struct HyperParameterFit: Sendable {
    public let estimates: [HyperParameterEstimate]
    /// Correlations between the logarithms of the parameters; 0 beside one at a limit.
    public let correlations: Matrix
    /// ln p(y) with the values of ``estimates`` and with those the search started from.
    public let logEvidence: Double
    public let logEvidenceAtStart: Double
    /// The problem with the adopted values.
    public let problem: LinearProblem
    /// Solutions of the inverse problem that were needed.
    public let evaluations: Int

    public var values: [Double] { estimates.map(\.value) }
    public var warnings: [String] { estimates.compactMap(\.warning) }
}
