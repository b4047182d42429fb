public import Quantities

/// The length of the windows that readings are averaged over. Windows are aligned to UTC and named after their
/// start.
public enum AggregateInterval: String, CaseIterable, Codable, Sendable {
    case minute
    case hour
    case day

    public var seconds: Double { Double(microseconds) / 1e6 }

    /// The interval whose means an average of this one is the mean of; nil for single readings.
    public var parts: AggregateInterval? {
        switch self {
        case .minute: nil
        case .hour: .minute
        case .day: .hour
        }
    }

    /// The window in which a moment lies.
    public func window(containing instant: Instant) -> Period {
        let start = index(of: instant) * microseconds
        return Period(start: Instant(microseconds: start), end: Instant(microseconds: start + microseconds))
    }

    /// The windows that moments fall into, each once, in the order of time: what late or corrected readings
    /// of these moments make stale, and all that has to be computed again.
    public func windows(touchedBy moments: some Sequence<Instant>) -> [Period] {
        Set(moments.map(index)).sorted().map {
            Period(
                start: Instant(microseconds: $0 * microseconds),
                end: Instant(microseconds: ($0 + 1) * microseconds)
            )
        }
    }

    /// The number of the window since 1970, rounded down also before.
    func index(of instant: Instant) -> Int64 {
        let (quotient, remainder) = instant.microseconds.quotientAndRemainder(dividingBy: microseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }

    var microseconds: Int64 {
        switch self {
        case .minute: 60_000_000
        case .hour: 3_600_000_000
        case .day: 86_400_000_000
        }
    }
}
