public import Quantities

/// How a source's emission runs through a period: its profiles, and the hours that its local time is ahead.
public struct ActivityCycle: Hashable, Sendable {
    public let profiles: [TemporalProfile]

    /// Profiles that multiply; none means a constant emission.
    ///
    /// - Throws: ``ProfileError`` where two say the same part of time.
    public init(_ profiles: [TemporalProfile]) throws(ProfileError) {
        var covered: Set<TemporalProfile.Kind> = []
        for profile in profiles {
            let parts = Self.parts(profile.kind)
            guard covered.isDisjoint(with: parts) else {
                throw ProfileError(.twice(profile.kind), profile: profile.id)
            }
            covered.formUnion(parts)
        }
        self.profiles = profiles
    }

    private static func parts(_ kind: TemporalProfile.Kind) -> Set<TemporalProfile.Kind> {
        switch kind {
        case .month, .weekday, .hour: [kind]
        case .hourOfWeek: [.weekday, .hour]
        case .hourOfWeekPerMonth: [.month, .weekday, .hour]
        }
    }

    /// The product of the profiles at a local time, before any normalisation.
    func weight(localSeconds seconds: Double) -> Double {
        let time = Instant(microseconds: Int64((seconds * 1e6).rounded())).civil
        let days = Int((seconds / 86_400).rounded(.down))
        // 1970-01-01 was a Thursday.
        let weekday = ((days + 3) % 7 + 7) % 7
        var product = 1.0
        for profile in profiles {
            switch profile.kind {
            case .month: product *= profile.factors[time.month - 1]
            case .weekday: product *= profile.factors[weekday]
            case .hour: product *= profile.factors[time.hour]
            case .hourOfWeek: product *= profile.factors[24 * weekday + time.hour]
            case .hourOfWeekPerMonth:
                product *= profile.factors[168 * (time.month - 1) + 24 * weekday + time.hour]
            }
        }
        return product
    }
}

/// Factors for each hour of a period, of mean 1: a mean flux times these gives hourly fluxes whose sum is that of the
/// period.
///
/// Months and weekdays interact, and local years begin beside those of UTC, so that a product of profiles of mean 1
/// has a mean up to half a percent beside 1; the factors are divided by it.
public struct HourlyFactors: Sendable {
    public let period: Period
    /// From the start of the period in UTC.
    public let factors: [Double]
    /// The mean before it was divided out.
    public let meanBefore: Double

    /// Nil where the period is no whole number of hours, longer than 100 years, or the cycle never emits in it.
    public init?(_ cycle: ActivityCycle, period: Period, secondsAhead: Double) {
        let hours = period.seconds / 3600
        guard hours >= 1, hours == hours.rounded(), hours < 900_000, secondsAhead.isFinite,
            abs(secondsAhead) <= 86_400
        else { return nil }
        let start = period.start.secondsSince1970 + secondsAhead
        var weights: [Double] = []
        weights.reserveCapacity(Int(hours))
        for hour in 0..<Int(hours) {
            // Quarters of an hour, since some zones are ahead by a half or three quarters.
            var sum = 0.0
            for quarter in 0..<4 {
                sum += cycle.weight(localSeconds: start + 3600 * Double(hour) + 900 * Double(quarter) + 450)
            }
            weights.append(sum / 4)
        }
        let mean = weights.reduce(0, +) / hours
        guard mean > 0 else { return nil }
        self.period = period
        meanBefore = mean
        factors = weights.map { $0 / mean }
    }

    /// The factor of the hour that holds an instant; nil outside the period.
    public func factor(at instant: Instant) -> Double? {
        guard period.contains(instant) else { return nil }
        return factors[Int(instant.seconds(since: period.start) / 3600)]
    }
}
