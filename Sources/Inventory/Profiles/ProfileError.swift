public import Quantities

/// A profile that cannot be used.
public struct ProfileError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        case count(expected: Int, found: Int)
        /// Counted from 1.
        case weight(place: Int, value: Double)
        case empty
        /// Layers that do not rise.
        case layers
        /// Two parts of one cycle, e.g. two profiles of hours.
        case twice(TemporalProfile.Kind)
    }

    public let kind: Kind
    public let profile: String

    public init(_ kind: Kind, profile: String) {
        self.kind = kind
        self.profile = profile
    }

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch kind {
        case .count(let expected, let found): "profile has \(found) weights, its cycle has \(expected)"
        case .weight(let place, let value): "weight \(place) is \(value), not a number from 0 up"
        case .empty: "no weight of the profile is above 0"
        case .layers: "the tops of the layers do not rise"
        case .twice(let kind): "two profiles of the kind \(kind.rawValue)"
        }
    }

    public var place: String { profile }
    public var remedy: String { "correct the profile at its source" }
}
