import Foundation

/// A solution of which rounding would leave too few digits, and what in the problem makes it so.
public struct Inaccuracy: Equatable, Sendable {
    /// What makes the matrix of a space nearly singular.
    public enum Cause: Equatable, Sendable {
        /// An observation that is `excess` times more exact than what the prior foresees of it, far more than others;
        /// `sufficient` is a standard deviation that would do.
        case observation(index: Int, excess: Double, sufficient: Double)
        /// An observation that others nearly repeat.
        case repeated(index: Int)
        /// An element that is known `excess` times better than before.
        case state(index: Int, name: String, excess: Double)
        /// An element that the observations tell together with others, not apart from them.
        case combination(index: Int, name: String)
    }

    /// How the problem fares in the other space.
    public enum Alternative: Equatable, Sendable {
        case good
        /// The error there, in posterior standard deviations.
        case inaccurate(Double)
        /// Matrices there would be too large, or the Jacobian is not in memory.
        case unavailable
    }

    public let space: SolutionSpace
    /// Bound of what rounding does, in posterior standard deviations; infinite where a matrix has no factor.
    public let roundingError: Double
    public let cause: Cause
    public var alternative: Alternative

    var what: String {
        let amount =
            roundingError < 1
            ? "by up to \(Self.short(roundingError)) posterior standard deviations" : "beyond use"
        var text = "rounding would change the solution in \(space.rawValue) space \(amount)"
        if case .inaccurate = alternative { text += ", and in \(space.other.rawValue) space also too much" }
        return text + ": " + reason
    }

    /// Of a solution that was made in the other space for this.
    public var told: String { what.replacing("would change", with: "would have changed") }

    /// What of the problem is at fault.
    public var reason: String {
        switch cause {
        case .observation(let index, let excess, _) where !excess.isFinite:
            "what the prior foresees of observation \(index) is beyond all numbers"
        case .observation(let index, let excess, _):
            "observation \(index) is \(Self.short(excess)) times more exact than the prior's idea of it"
        case .repeated(let index): "observation \(index) is nearly the same as others, but for its error"
        case .state(_, let name, let excess) where !excess.isFinite:
            "state element `\(name)` is told too well to be subtracted from its prior"
        case .state(_, let name, let excess):
            "state element `\(name)` is told \(Self.short(excess)) times better than by its prior"
        case .combination(_, let name):
            "the observations tell state element `\(name)` together with others, and hardly apart from them"
        }
    }

    var place: String {
        switch cause {
        case .observation(let index, _, _), .repeated(let index): "observation_sigma[\(index)]"
        case .state(let index, _, _), .combination(let index, _): "state_name[\(index)]"
        }
    }

    var remedy: String {
        let change =
            switch cause {
            case .observation(let index, _, let sufficient) where !sufficient.isFinite:
                "check the row of observation \(index) in the jacobian"
            case .observation(let index, _, let sufficient):
                "give observation \(index) an error of \(Self.short(sufficient)) or more"
                    + ", or check its row of the jacobian"
            case .repeated(let index):
                "gather observation \(index) and those like it in one, or raise their errors"
            case .state(_, let name, _):
                "check the unit of the column of `\(name)` in the jacobian, or raise the errors of its observations"
            case .combination(_, let name):
                "gather `\(name)` with its neighbours, or raise the errors of the observations"
            }
        switch alternative {
        case .good: return "take \(space.other.rawValue) space (--space \(space.other.rawValue))"
        case .inaccurate: return change
        case .unavailable where space == .state:
            return change
                + ", or keep the jacobian in memory (--memory), where observation space is taken instead"
        case .unavailable: return change
        }
    }

    static func short(_ value: Double) -> String { String(format: "%.1g", value) }
}

extension SolutionSpace {
    /// The one of the two that this is not.
    var other: SolutionSpace { self == .state ? .observation : .state }
}
