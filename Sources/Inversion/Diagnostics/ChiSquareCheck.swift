/// Whether squared residuals are as large as the stated errors say.
public struct ChiSquareCheck: Equatable, Sendable {
    public enum Verdict: String, Codable, Sendable {
        case consistent
        /// Chi2 is above what 95 % of honest error models give: stated errors are too small.
        case errorsTooSmall = "errors_too_small"
        /// Chi2 is below what 95 % of honest error models give: stated errors are too large.
        case errorsTooLarge = "errors_too_large"
    }

    public let chiSquare: Double
    public let degreesOfFreedom: Int
    /// Probability of a larger chi2 where errors are honest.
    public let upperTail: Double

    /// - Precondition: `degreesOfFreedom` > 0.
    public init(chiSquare: Double, degreesOfFreedom: Int) {
        precondition(degreesOfFreedom > 0, "chi2 of nothing")
        self.chiSquare = chiSquare
        self.degreesOfFreedom = degreesOfFreedom
        upperTail = 1 - ChiSquareDistribution.cumulative(chiSquare, degrees: Double(degreesOfFreedom))
    }

    /// Chi2 / n.
    public var ratio: Double { chiSquare / Double(degreesOfFreedom) }

    /// Chi2 / n that an honest error model gives with the probability of the level.
    public func expectedRatio(_ level: IntervalLevel) -> PositiveInterval {
        let degrees = Double(degreesOfFreedom)
        return PositiveInterval(
            lower: ChiSquareDistribution.quantile(level.tail, degrees: degrees) / degrees,
            upper: ChiSquareDistribution.quantile(1 - level.tail, degrees: degrees) / degrees
        )
    }

    /// The factor on all variances, of prior and observations, that makes chi2 / n one is ``ratio``; this is its
    /// confidence interval where errors are Gaussian.
    public func varianceFactor(_ level: IntervalLevel) -> PositiveInterval {
        let expected = expectedRatio(level)
        return PositiveInterval(
            lower: expected.upper.map { ratio / $0 },
            upper: expected.lower.flatMap { $0 > 0 ? ratio / $0 : nil }
        )
    }

    public var verdict: Verdict {
        if upperTail < IntervalLevel.ninetyFive.tail { return .errorsTooSmall }
        return upperTail > 1 - IntervalLevel.ninetyFive.tail ? .errorsTooLarge : .consistent
    }
}

extension Diagnostics {
    /// Innovation chi2 against its distribution for honest errors, with one degree of freedom an observation.
    public static func chiSquareCheck(of posterior: Posterior) -> ChiSquareCheck {
        ChiSquareCheck(
            chiSquare: posterior.innovationChiSquare,
            degreesOfFreedom: posterior.modelledPrior.count
        )
    }
}
