extension VerdictColumn {
    /// Below this number of values a window says nothing.
    private static let fewestValues = 5
    /// Of the normal distribution: the standard deviation over the median absolute deviation.
    private static let deviationsPerMedianDistance = 1.4826

    mutating func testHampel(_ air: QualitySeries.Column, _ limit: HampelLimit) {
        var window = CentredWindow(seconds: limit.windowSeconds)
        for place in 0..<air.count {
            window.centre(on: place, of: air)
            guard window.order.count >= Self.fewestValues else { continue }
            let index = air.indices[place]
            let median = window.order.median
            let distance = abs(air.values[place] - median)
            // Most values are near; of them the deviation is not needed.
            guard distance > limit.smallestDistancePartsPerMillion else {
                pass(index)
                continue
            }
            let deviation = Self.deviationsPerMedianDistance * window.order.medianDistance(from: median)
            if distance <= limit.deviations * deviation {
                pass(index)
            } else if limit.keepsPlumes, air.values[place] > median {
                pass(index)
                remark(index, .plumeCandidate)
            } else {
                mark(index, .suspect, .spike)
            }
        }
    }

    mutating func testOwnExhaust(_ series: QualitySeries, _ limit: OwnExhaustLimit) {
        let air = series.air
        var window = CentredWindow(seconds: limit.windowSeconds)
        for place in 0..<air.count {
            let index = air.indices[place]
            window.centre(on: place, of: air)
            guard series.speeds[index].isFinite else { continue }
            let background = window.order.quantile(0.1)
            let isSlow = series.speeds[index] < limit.metresPerSecond
            if isSlow, air.values[place] > background + limit.excessPartsPerMillion {
                mark(index, .suspect, .ownExhaust)
            } else {
                pass(index)
            }
        }
    }
}
