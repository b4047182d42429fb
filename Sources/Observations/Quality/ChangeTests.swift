/// Of an instrument that repeats its last value the repeats count as one value that was taken at the first of
/// them, so that a change is not seen as faster than the instrument measures, nor a spike hidden behind its echo.
/// Values that stay equal for longer than the instrument repeats them are measured anew, each by itself.
struct HeldRuns {
    /// The first and the last place of each run of equal values in the column.
    private(set) var starts: [Int] = []
    private(set) var ends: [Int] = []

    init(_ air: QualitySeries.Column, holdSeconds: Double) {
        starts.reserveCapacity(air.count)
        ends.reserveCapacity(air.count)
        var start = 0
        while start < air.count {
            var end = start
            while holdSeconds > 0, end + 1 < air.count, air.values[end + 1] == air.values[start],
                air.seconds(from: end, to: end + 1) <= holdSeconds
            {
                end += 1
            }
            append(start, end, isHeld: air.seconds(from: start, to: end) <= holdSeconds)
            start = end + 1
        }
    }

    private mutating func append(_ start: Int, _ end: Int, isHeld: Bool) {
        if isHeld || start == end {
            starts.append(start)
            ends.append(end)
        } else {
            starts += start...end
            ends += start...end
        }
    }

    var count: Int { starts.count }
}

extension VerdictColumn {
    mutating func testRateOfChange(
        _ air: QualitySeries.Column,
        _ runs: HeldRuns,
        _ limit: RateOfChangeLimit
    ) {
        for run in 1..<max(1, runs.count) {
            let previous = runs.starts[run - 1]
            let start = runs.starts[run]
            guard air.seconds(from: runs.ends[run - 1], to: start) <= limit.longestStepSeconds else {
                continue
            }
            let step = max(air.seconds(from: previous, to: start), limit.shortestStepSeconds)
            let change = abs(air.values[start] - air.values[previous])
            let isTooFast = change > limit.partsPerMillionPerSecond * step
            for place in start...runs.ends[run] {
                if isTooFast {
                    mark(air.indices[place], .suspect, .rateOfChange)
                } else {
                    pass(air.indices[place])
                }
            }
        }
    }

    mutating func testNeighbourSpikes(
        _ air: QualitySeries.Column,
        _ runs: HeldRuns,
        _ limit: NeighbourSpikeLimit
    ) {
        for run in 1..<max(1, runs.count - 1) {
            let (before, after) = (runs.ends[run - 1], runs.starts[run + 1])
            guard air.seconds(from: before, to: runs.starts[run]) <= limit.longestStepSeconds,
                air.seconds(from: runs.ends[run], to: after) <= limit.longestStepSeconds
            else { continue }
            let distance = limit.distance(
                of: air.values[runs.starts[run]],
                from: air.values[before],
                and: air.values[after]
            )
            for place in runs.starts[run]...runs.ends[run] {
                switch distance {
                case let far where far > limit.failPartsPerMillion:
                    mark(air.indices[place], .fail, .spike)
                case let far where far > limit.suspectPartsPerMillion:
                    mark(air.indices[place], .suspect, .spike)
                default: pass(air.indices[place])
                }
            }
        }
    }
}

extension NeighbourSpikeLimit {
    /// ppm.
    fileprivate func distance(of value: Double, from before: Double, and after: Double) -> Double {
        switch method {
        case .average: return abs(value - (before + after) / 2)
        case .differential:
            let standsOut = (value - before) * (value - after) > 0
            return standsOut ? min(abs(value - before), abs(value - after)) : 0
        }
    }
}

extension QualityProfile {
    /// How far two neighbours can lie apart that are runs of repeats; whether values are repeats is seen within
    /// twice the time of a repeat to either side.
    func heldReach(_ longestStepSeconds: Double) -> Double { longestStepSeconds + 4 * holdSeconds }
}
