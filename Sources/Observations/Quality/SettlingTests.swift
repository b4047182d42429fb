extension VerdictColumn {
    /// Values soon after a silence. A value that no other follows within the time to settle is the mean of a
    /// longer time, or alone, and nothing can be said; what comes after another silence does not follow it.
    mutating func testWarmUp(_ air: QualitySeries.Column, _ limit: WarmUpLimit) {
        markSettling(air.times, limit) { air.indices[$0] }
    }

    /// Positions soon after a time without any.
    mutating func testFixWarmUp(_ track: [QualitySeries.TrackPoint], _ limit: WarmUpLimit) {
        markSettling(track.map(\.time), limit) { track[$0].index }
    }

    private mutating func markSettling(
        _ times: [Int64],
        _ limit: WarmUpLimit,
        index: (Int) -> Int
    ) {
        let followsWithin = min(limit.settleSeconds, limit.gapSeconds)
        // The start of the record is the end of a silence of unknown length.
        var onset: Int64?
        for place in times.indices {
            let isFirst =
                place == 0 || Double(times[place] - times[place - 1]) / 1e6 > limit.gapSeconds
            let hasFollower =
                place + 1 < times.count
                && Double(times[place + 1] - times[place]) / 1e6 <= followsWithin
            if isFirst { onset = hasFollower ? times[place] : nil }
            guard let start = onset, Double(times[place] - start) / 1e6 < limit.settleSeconds else {
                if !isFirst { pass(index(place)) }
                continue
            }
            mark(index(place), .suspect, .warmUp)
        }
    }
}
