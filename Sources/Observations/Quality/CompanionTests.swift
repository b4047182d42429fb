/// How far a station may be from its neighbours: as many standard deviations as the differences between them vary
/// at quiet times.
public struct BuddyLimit: Equatable, Sendable {
    public var deviations: Double
    /// Values so close in time are compared, seconds.
    public var nearSeconds: Double
    /// The differences are taken to vary at least so much, ppm.
    public var smallestDeviationPartsPerMillion: Double
    /// Fewer pairs say nothing.
    public var fewestPairs: Int

    public init(
        deviations: Double = 3,
        nearSeconds: Double = 1800,
        smallestDeviationPartsPerMillion: Double = 1,
        fewestPairs: Int = 20
    ) {
        self.deviations = deviations
        self.nearSeconds = nearSeconds
        self.smallestDeviationPartsPerMillion = smallestDeviationPartsPerMillion
        self.fewestPairs = fewestPairs
    }
}

/// How far the median difference from a reference beside an instrument may drift.
public struct ColocationLimit: Equatable, Sendable {
    public var offsetPartsPerMillion: Double
    /// The differences within so long are one median, seconds.
    public var windowSeconds: Double
    /// Values so close in time are compared, seconds.
    public var nearSeconds: Double
    public var fewestPairs: Int

    public init(
        offsetPartsPerMillion: Double = 10,
        windowSeconds: Double = 86_400,
        nearSeconds: Double = 60,
        fewestPairs: Int = 20
    ) {
        self.offsetPartsPerMillion = offsetPartsPerMillion
        self.windowSeconds = windowSeconds
        self.nearSeconds = nearSeconds
        self.fewestPairs = fewestPairs
    }
}

/// What two gases that a source emits together can have to do with each other: the ratio of their excesses.
public struct RatioLimit: Equatable, Sendable {
    /// Excess of the companion over excess of the gas under test.
    public var smallest: Double
    public var largest: Double
    /// Below this excess of the gas under test the ratio says nothing, ppm.
    public var smallestExcessPartsPerMillion: Double
    public var nearSeconds: Double
    /// Excess is above the 10th percentile of a centred window of so long, seconds.
    public var windowSeconds: Double

    public init(
        smallest: Double,
        largest: Double,
        smallestExcessPartsPerMillion: Double,
        nearSeconds: Double = 2,
        windowSeconds: Double = 600
    ) {
        self.smallest = smallest
        self.largest = largest
        self.smallestExcessPartsPerMillion = smallestExcessPartsPerMillion
        self.nearSeconds = nearSeconds
        self.windowSeconds = windowSeconds
    }
}

/// Tests of one series against another one. Both in the order of time; a verdict for each reading of the first.
public enum CompanionTests {
    /// Suspect where the difference from a neighbour is far from its median over the whole of what is given, by a
    /// robust standard deviation. Give readings of the same hours of the day, at best the night, when the air over
    /// a region is most alike.
    public static func buddy(
        _ readings: [Reading],
        neighbour: [Reading],
        _ limit: BuddyLimit = BuddyLimit()
    ) -> [QualityVerdict] {
        let own = QualitySeries(readings, QualityProfile())
        var verdicts = VerdictColumn(own)
        let differences = differences(own.air, from: air(neighbour), limit.nearSeconds)
        guard differences.count >= max(1, limit.fewestPairs) else { return verdicts.verdicts }
        let order = SlidingOrder(differences.values)
        let median = order.median
        let spread = 1.4826 * order.medianDistance(from: median)
        let allowed = limit.deviations * max(spread, limit.smallestDeviationPartsPerMillion)
        for (place, index) in differences.indices.enumerated() {
            verdicts.judge(index, .buddy, isFine: abs(differences.values[place] - median) <= allowed)
        }
        return verdicts.verdicts
    }

    /// Suspect where the running median of the differences from the reference has drifted.
    public static func colocation(
        _ readings: [Reading],
        reference: [Reading],
        _ limit: ColocationLimit = ColocationLimit()
    ) -> [QualityVerdict] {
        let own = QualitySeries(readings, QualityProfile())
        var verdicts = VerdictColumn(own)
        let differences = differences(own.air, from: air(reference), limit.nearSeconds)
        var window = CentredWindow(seconds: limit.windowSeconds)
        for (place, index) in differences.indices.enumerated() {
            window.centre(on: place, of: differences)
            guard window.order.count >= limit.fewestPairs else { continue }
            let isFine = abs(window.order.median) <= limit.offsetPartsPerMillion
            verdicts.judge(index, .colocation, isFine: isFine)
        }
        return verdicts.verdicts
    }

    /// Suspect where a companion gas of the same air does not rise as the gas does.
    public static func ratio(
        _ readings: [Reading],
        companion: [Reading],
        _ limit: RatioLimit
    ) -> [QualityVerdict] {
        let own = QualitySeries(readings, QualityProfile())
        var verdicts = VerdictColumn(own)
        let gas = excesses(own.air, limit.windowSeconds)
        let other = excesses(air(companion), limit.windowSeconds)
        for (place, match) in matches(gas, other, limit.nearSeconds) {
            guard gas.values[place] >= limit.smallestExcessPartsPerMillion else { continue }
            let ratio = other.values[match] / gas.values[place]
            let isFine = ratio >= limit.smallest && ratio <= limit.largest
            verdicts.judge(gas.indices[place], .ratio, isFine: isFine)
        }
        return verdicts.verdicts
    }

    private static func air(_ readings: [Reading]) -> QualitySeries.Column {
        QualitySeries(readings, QualityProfile()).air
    }

    /// Of each value that has a partner the difference from it, ppm.
    private static func differences(
        _ own: QualitySeries.Column,
        from other: QualitySeries.Column,
        _ nearSeconds: Double
    ) -> QualitySeries.Column {
        var column = QualitySeries.Column()
        for (place, match) in matches(own, other, nearSeconds) {
            column.indices.append(own.indices[place])
            column.times.append(own.times[place])
            column.values.append(own.values[place] - other.values[match])
        }
        return column
    }

    /// The places of the values that have a partner near in time, with the place of the nearest one, of two
    /// equally near the earlier.
    private static func matches(
        _ own: QualitySeries.Column,
        _ other: QualitySeries.Column,
        _ nearSeconds: Double
    ) -> [(place: Int, match: Int)] {
        guard other.count > 0 else { return [] }
        var matches: [(place: Int, match: Int)] = []
        var match = 0
        for place in 0..<own.count {
            let time = own.times[place]
            while match + 1 < other.count,
                distance(other.times[match + 1], time) < distance(other.times[match], time)
            {
                match += 1
            }
            if distance(other.times[match], time) <= nearSeconds { matches.append((place, match)) }
        }
        return matches
    }

    private static func distance(_ a: Int64, _ b: Int64) -> Double { abs(Double(a - b)) / 1e6 }

    /// Above the 10th percentile of a centred window, ppm.
    private static func excesses(_ air: QualitySeries.Column, _ seconds: Double) -> QualitySeries.Column {
        var window = CentredWindow(seconds: seconds)
        var column = air
        for place in 0..<air.count {
            window.centre(on: place, of: air)
            column.values[place] = air.values[place] - window.order.quantile(0.1)
        }
        return column
    }
}

extension VerdictColumn {
    fileprivate mutating func judge(_ index: Int, _ test: QualityTests, isFine: Bool) {
        if isFine { pass(index) } else { mark(index, .suspect, test) }
    }
}
