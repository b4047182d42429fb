public import Quantities

/// What a difference says about both sides: the inventory is not always the one to look at.
public struct ReviewAdvice: Hashable, Sendable {
    /// What is known beside the two figures.
    public struct Circumstances: Hashable, Sendable {
        /// The declared figure comes from continuous measurement at the stack.
        public var isMetered: Bool
        /// chi²/n of the fit to the observations; nil where unknown.
        public var fit: Double?
        /// Steps of alignment that were left undone or accepted.
        public var openParts: [ScopePart]
        /// Adjusted p-value among the regions looked at together; nil for a single one.
        public var adjustedProbability: Double?
        /// A quality check of the observations that stand behind the result failed.
        public var hasFailedChecks = false
        /// Greatest share of false flags.
        public var falseDiscoveryRate: Double

        public init(
            isMetered: Bool = false,
            fit: Double? = nil,
            hasFailedChecks: Bool = false,
            openParts: [ScopePart] = [],
            adjustedProbability: Double? = nil,
            falseDiscoveryRate: Double = FalseDiscovery.rate
        ) {
            self.isMetered = isMetered
            self.fit = fit
            self.hasFailedChecks = hasFailedChecks
            self.openParts = openParts
            self.adjustedProbability = adjustedProbability
            self.falseDiscoveryRate = falseDiscoveryRate
        }
    }

    /// chi²/n outside this range says that errors or transport are wrong.
    public static let usableFit = 0.5...2.0

    /// Below this uncertainty reduction an observation that contradicts is to be looked at first: it has hardly more
    /// weight than the prior, and its own errors are the likelier reason.
    public static let usableReduction = 0.3

    public let direction: ReviewDirection
    public let explanations: [ExplanationCode]
    /// Why this side is to be looked at first, in words; empty where none is.
    public let rule: LocalizedName

    public init(_ comparison: Comparison, _ circumstances: Circumstances = Circumstances()) {
        guard comparison.verdict == .inconsistent else {
            direction = .none
            rule = ""
            explanations =
                switch comparison.verdict {
                case .notConstrained: [.unconstrained]
                case .tension: [.withinTwoSigma]
                case .consistent, .inconsistent: []
                }
            return
        }
        // The verdict decides; p among many regions only says how far chance may have made it.
        let isUnusual = (circumstances.adjustedProbability ?? 0) <= circumstances.falseDiscoveryRate
        let doubt = Doubt(comparison, circumstances)
        direction = doubt == nil ? .inventoryToReview : .observationToReview
        rule = doubt?.rule ?? Doubt.none
        let codes =
            doubt?.explanations
            ?? (comparison.difference > 0
                ? [.missingSources, .activityData, .emissionFactor]
                : [.activityData, .emissionFactor, .timing])
        explanations = (isUnusual ? [] : [.chance]) + Self.scope(circumstances.openParts) + codes
    }

    private static func scope(_ parts: [ScopePart]) -> [ExplanationCode] {
        let isBiogenic = { (part: ScopePart) in part == .biogenicFlux || part == .landUse }
        return (parts.contains(where: isBiogenic) ? [.biogenic] : [])
            + (parts.contains { !isBiogenic($0) } ? [.boundary] : [])
    }
}

/// What speaks against the observation; the first that holds names the reason.
enum Doubt: Equatable {
    case failedChecks
    case fit(Double)
    case metered
    case smallReduction(Double)

    /// Nil where nothing does.
    init?(_ comparison: Comparison, _ circumstances: ReviewAdvice.Circumstances) {
        if circumstances.hasFailedChecks {
            self = .failedChecks
        } else if let fit = circumstances.fit, !ReviewAdvice.usableFit.contains(fit) {
            self = .fit(fit)
        } else if circumstances.isMetered {
            self = .metered
        } else if comparison.uncertaintyReduction < ReviewAdvice.usableReduction {
            self = .smallReduction(comparison.uncertaintyReduction)
        } else {
            return nil
        }
    }

    var explanations: [ExplanationCode] {
        switch self {
        case .failedChecks: [.calibration, .poorFit]
        case .fit: [.poorFit, .transportError]
        case .metered: [.transportError, .background, .neighbouringSource]
        case .smallReduction: [.unconstrained, .background]
        }
    }

    static let none = LocalizedName(
        english: "nothing speaks against the observation",
        chinese: "观测方面未见疑点"
    )

    var rule: LocalizedName {
        switch self {
        case .failedChecks:
            LocalizedName(english: "quality checks of the observation failed", chinese: "观测未通过质量检查")
        case .fit(let fit):
            LocalizedName(
                english: "chi²/n of the fit is \(significantText(fit, digits: 2)), outside 0.5 to 2",
                chinese: "拟合χ²/n为\(significantText(fit, digits: 2))，超出0.5至2"
            )
        case .metered:
            LocalizedName(english: "the declared figure is metered", chinese: "申报值为在线计量值")
        case .smallReduction(let share):
            LocalizedName(
                english:
                    "the observation reduced the uncertainty by \(significantText(100 * share, digits: 2)) %, "
                    + "less than 30 %",
                chinese: "观测仅使不确定度降低\(significantText(100 * share, digits: 2))%，不足30%"
            )
        }
    }
}
