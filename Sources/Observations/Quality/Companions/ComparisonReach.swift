public import Quantities

/// Which verdicts depend on which readings: each comparison looks back over a window of stated length.
extension SeriesComparison {
    /// The period in which verdicts may change when readings of a series do, the own one or a companion; nil where
    /// none can.
    public func reach(of series: CompanionSeries, changedIn period: Period) -> Period? {
        var hull: Period?
        func add(_ part: Period) {
            hull = hull.map { Period(start: min($0.start, part.start), end: max($0.end, part.end)) } ?? part
        }
        if let buddy, series == own || companions.buddies.contains(series) {
            add(reach(buddy, period.extended(bySeconds: series == own ? 0 : buddy.nearSeconds)))
        }
        if let (reference, limit) = colocation, series == own || series == reference {
            let wide = period.extended(bySeconds: series == own ? 0 : limit.nearSeconds)
            add(Period(start: wide.start, end: Self.start(ofHour: Self.hour(of: wide.end) + 1 + limit.hours)))
        }
        if let (gas, limit) = ratio, series == own || series == gas {
            add(period.extended(bySeconds: limit.reachSeconds))
        }
        if let pass, series == own || companions.passed.contains(where: { $0.series == series }) {
            let wide = period.extended(bySeconds: series == own ? 0 : pass.nearSeconds)
            add(
                Period(
                    start: Self.start(ofHour: Self.hour(of: wide.start)),
                    end: Self.start(ofHour: Self.hour(of: wide.end) + 1)
                )
            )
        }
        return hull
    }

    /// What lies near, and after a night the days that look back at it.
    private func reach(_ limit: BuddyLimit, _ period: Period) -> Period {
        let nights = SolarNights(limit.nightHours, longitude: companions.longitude)
        guard nights.touches(period) else { return period }
        let last = nights.day(of: period.end) + limit.nights
        return Period(start: period.start, end: max(period.end, nights.noon(of: last + 1)))
    }

    /// Forgets what was found from readings that have changed.
    public func forget(_ series: CompanionSeries, changedIn period: Period, _ memory: inout ComparisonMemory)
    {
        if let buddy {
            let nights = SolarNights(buddy.nightHours, longitude: companions.longitude)
            let wide = period.extended(bySeconds: buddy.nearSeconds)
            forget(series, companions.buddies, nights.day(of: wide.start)...nights.day(of: wide.end), &memory)
            {
                .night($0)
            }
        }
        if let (reference, limit) = colocation {
            let wide = period.extended(bySeconds: limit.nearSeconds)
            forget(series, [reference], Self.hour(of: wide.start)...Self.hour(of: wide.end), &memory) {
                .hour($0)
            }
        }
    }

    private func forget(
        _ series: CompanionSeries,
        _ companions: [CompanionSeries],
        _ numbers: ClosedRange<Int>,
        _ memory: inout ComparisonMemory,
        _ span: (Int) -> ComparisonMemory.Span
    ) {
        for companion in companions where series == own || series == companion {
            if numbers.count > Self.mostForgottenSingly {
                memory.forget(pair(companion))
            } else {
                memory.forget(pair(companion), numbers.map(span))
            }
        }
    }

    private static let mostForgottenSingly = 1000
}
