/// The verdicts of the tests among neighbours on each reading of one series, in the order given.
///
/// A pure function of the set of readings: they may come in any order, and a verdict depends only on the readings
/// within ``QualityProfile/margin`` seconds of its own. What cannot be evaluated stays ``QualityFlag/notEvaluated``,
/// a missing value ``QualityFlag/missing``; both leave the flag of the message alone when they are combined with it.
/// Gas from a bottle fails as air (``QualityTests/calibrationGas``) and is no neighbour to anything; nor is a value
/// that the message already told to be no measurement of air.
/// - Parameter readings: of one station, instrument and gas, with the flags of their messages.
/// - Complexity: O(n log w) for n readings and windows of w, and the time to move a part of the window for each.
public func contextVerdicts(_ readings: [Reading], profile: QualityProfile) -> [QualityVerdict] {
    let isInOrder = zip(readings, readings.dropFirst()).allSatisfy { $0.time <= $1.time }
    guard !isInOrder else { return orderedVerdicts(readings, profile) }
    let order = readings.indices.sorted { (readings[$0].time, $0) < (readings[$1].time, $1) }
    let verdicts = orderedVerdicts(order.map { readings[$0] }, profile)
    var result = verdicts
    for (place, index) in order.enumerated() { result[index] = verdicts[place] }
    return result
}

private func orderedVerdicts(_ readings: [Reading], _ profile: QualityProfile) -> [QualityVerdict] {
    let series = QualitySeries(readings, profile)
    var column = VerdictColumn(series)
    column.runValueTests(series, profile)
    column.runPositionTests(series, profile)
    if let limit = profile.warmUp { column.testWarmUp(series.air, limit) }
    if let largest = profile.largestWaterVapourPercent { column.testWaterVapour(series.waterVapour, largest) }
    if let smallest = profile.smallestBatteryVolts { column.testBattery(series.battery, smallest) }
    return column.verdicts
}

extension VerdictColumn {
    fileprivate mutating func runValueTests(_ series: QualitySeries, _ profile: QualityProfile) {
        let air = series.air
        if profile.rateOfChange != nil || profile.spike != nil {
            let runs = HeldRuns(air, holdSeconds: profile.holdSeconds)
            if let limit = profile.rateOfChange { testRateOfChange(air, runs, limit) }
            if let limit = profile.spike { testNeighbourSpikes(air, runs, limit) }
        }
        if let limit = profile.hampel { testHampel(air, limit) }
        if let limit = profile.flatLine { testFlatLine(air, limit, holdSeconds: profile.holdSeconds) }
        if let limit = profile.attenuation { testAttenuation(air, limit) }
        if let limit = profile.ownExhaust { testOwnExhaust(series, limit) }
        if !profile.climatology.isEmpty { testClimatology(air, profile.climatology) }
        if let floor = profile.background { testFloor(air, floor) }
    }

    fileprivate mutating func runPositionTests(_ series: QualitySeries, _ profile: QualityProfile) {
        if let limit = profile.fix { testFix(series, limit) }
        if let limit = profile.fixWarmUp { testFixWarmUp(series.track, limit) }
        if let limit = profile.jumpMetresPerSecond { testJumps(series.track, limit) }
        if let limit = profile.standstillMetresPerSecond { remarkStandstill(series.speeds, limit) }
    }
}

extension QualityProfile {
    /// The verdict on a reading depends on the readings that lie no further than this before or after it; seconds.
    public var margin: Double {
        var reach = 0.0
        if let limit = hampel { reach = max(reach, limit.windowSeconds / 2) }
        if let limit = ownExhaust { reach = max(reach, limit.windowSeconds / 2) }
        if let limit = warmUp { reach = max(reach, limit.gapSeconds + limit.settleSeconds) }
        if let limit = fixWarmUp { reach = max(reach, limit.gapSeconds + limit.settleSeconds) }
        // A stretch that makes a value flat can be cut to its duration and one step.
        if let limit = flatLine {
            reach = max(reach, limit.failSeconds + limit.suspectSeconds / 3 + 2 * holdSeconds)
            reach = max(reach, limit.suspectSeconds * 4 / 3 + 2 * holdSeconds)
        }
        if let limit = attenuation { reach = max(reach, limit.seconds * 4 / 3) }
        if let limit = rateOfChange { reach = max(reach, heldReach(limit.longestStepSeconds)) }
        if let limit = spike { reach = max(reach, heldReach(limit.longestStepSeconds)) }
        if jumpMetresPerSecond != nil { reach = max(reach, 2 * Self.longestFixStepSeconds) }
        return reach
    }
}
