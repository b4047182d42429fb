public import Quantities

/// Bottles measured one after the other, and the line through them.
struct CalibrationEvent: Equatable, Sendable {
    let start: Instant
    let end: Instant
    /// Mean time of its runs.
    let time: Instant
    let runs: [BottleRun]
    let line: CalibrationLine
    /// Certified values of its bottles, ppm.
    let values: ClosedRange<Double>

    /// One bottle tells where the line lies, not how steep it is.
    var isFull: Bool { line.count >= 2 }
}

extension BottlePlan {
    /// The calibrations that accepted runs make up, in the order of time.
    func events(of runs: [BottleRun]) -> [CalibrationEvent] {
        let groups = groups(of: runs)
        let full = groups.compactMap(fullEvent)
        return groups.compactMap { group in
            fullEvent(group) ?? singleEvent(group, between: full)
        }
    }

    private func groups(of runs: [BottleRun]) -> [[BottleRun]] {
        var groups: [[BottleRun]] = []
        let usable = runs.filter { $0.rejection == nil && $0.bottle != target }
        for run in usable.sorted(by: { $0.start < $1.start }) {
            if let last = groups.last?.last, run.start.seconds(since: last.end) <= eventGapSeconds {
                groups[groups.count - 1].append(run)
            } else {
                groups.append([run])
            }
        }
        return groups
    }

    private func fullEvent(_ runs: [BottleRun]) -> CalibrationEvent? {
        guard Set(runs.map(\.bottle)).count >= 2 else { return nil }
        return CalibrationLine(fitting: runs.compactMap(point)).map { event(runs, $0) }
    }

    /// The slope is that of the calibrations around, at the time of the run.
    private func singleEvent(
        _ runs: [BottleRun],
        between full: [CalibrationEvent]
    ) -> CalibrationEvent? {
        let points = runs.compactMap(point)
        guard Set(runs.map(\.bottle)).count == 1, let first = points.first else { return nil }
        let count = Double(points.count)
        let point = CalibrationPoint(
            response: points.reduce(0) { $0 + $1.response } / count,
            responseVariance: points.reduce(0) { $0 + $1.responseVariance } / (count * count),
            value: points.reduce(0) { $0 + $1.value } / count,
            valueVariance: first.valueVariance
        )
        let around = InterpolatedLine(full, at: runs.meanTime)
        let slope = around?.slope ?? assumedSlope.mean
        let deviation = around?.slopeStandardUncertainty ?? assumedSlope.standardDeviation
        let line = CalibrationLine(through: point, slope: slope, slopeVariance: deviation * deviation)
        return event(runs, line)
    }

    private func event(_ runs: [BottleRun], _ line: CalibrationLine) -> CalibrationEvent {
        let values = runs.compactMap { certificate(of: $0.bottle, at: $0.start)?.valuePartsPerMillion }
        return CalibrationEvent(
            start: runs[0].start,
            end: runs.map(\.end).max() ?? runs[0].end,
            time: runs.meanTime,
            runs: runs,
            line: line,
            values: (values.min() ?? 0)...(values.max() ?? 0)
        )
    }

    func point(_ run: BottleRun) -> CalibrationPoint? {
        guard let certificate = certificate(of: run.bottle, at: run.start) else { return nil }
        let (response, value) = (
            run.standardUncertaintyPartsPerMillion, certificate.standardUncertaintyPartsPerMillion
        )
        return CalibrationPoint(
            response: run.meanPartsPerMillion,
            responseVariance: response * response,
            value: certificate.valuePartsPerMillion,
            valueVariance: value * value
        )
    }
}

extension [BottleRun] {
    fileprivate var meanTime: Instant {
        let start = self[0].time
        return start.advanced(bySeconds: reduce(0) { $0 + $1.time.seconds(since: start) } / Double(count))
    }
}

/// The line at one moment: what the instrument shows for each bottle is linear in time between two calibrations
/// and held before the first and after the last. As a regression is linear in the responses, interpolating the
/// inverse lines is interpolating every bottle and fitting at each moment.
struct InterpolatedLine: Sendable {
    let slope: Double
    let intercept: Double
    private let before: CalibrationLine
    private let after: CalibrationLine
    /// By how much an error of each enters the value; they sum to one.
    private let weights: (before: Double, after: Double)
    let secondsBefore: Double?
    let secondsAfter: Double?
    /// What the bottles of both cover, ppm; nil for a single bottle.
    let values: ClosedRange<Double>?

    /// Nil without any event.
    init?(_ events: [CalibrationEvent], at time: Instant) {
        let next = events.partitionIndex { $0.time > time }
        guard let before = next > 0 ? events[next - 1] : events.first,
            let after = next < events.count ? events[next] : events.last
        else { return nil }
        let distance = after.time.seconds(since: before.time)
        let fraction = distance > 0 ? time.seconds(since: before.time) / distance : 0
        let steepness = ((1 - fraction) / before.line.slope, fraction / after.line.slope)
        slope = 1 / (steepness.0 + steepness.1)
        intercept = slope * (steepness.0 * before.line.intercept + steepness.1 * after.line.intercept)
        weights = (steepness.0 * slope, steepness.1 * slope)
        (self.before, self.after) = (before.line, after.line)
        secondsBefore = next > 0 ? time.seconds(since: before.time) : nil
        secondsAfter = next < events.count ? after.time.seconds(since: time) : nil
        let low = min(before.values.lowerBound, after.values.lowerBound)
        let high = max(before.values.upperBound, after.values.upperBound)
        values = low < high ? low...high : nil
    }

    func value(_ response: Double) -> Double { slope * response + intercept }

    /// Variance of a value from the runs, which are independent from one calibration to the next, ppm2.
    func runVariance(at value: Double) -> Double {
        let parts = (
            before.fromRuns.variance(at: before.response(value)),
            after.fromRuns.variance(at: after.response(value))
        )
        return weights.before * weights.before * parts.0 + weights.after * weights.after * parts.1
    }

    /// From the certificates, which are the same in both, ppm2.
    func certificateVariance(at value: Double) -> Double {
        let sum =
            weights.before * before.fromCertificates.variance(at: before.response(value)).squareRoot()
            + weights.after * after.fromCertificates.variance(at: after.response(value)).squareRoot()
        return sum * sum
    }

    /// An upper bound: the two taken as fully correlated.
    var slopeStandardUncertainty: Double {
        weights.before * before.covariance.slope.squareRoot()
            + weights.after * after.covariance.slope.squareRoot()
    }

    /// How far the response may have wandered from what was interpolated, in units of a day's drift: linear in
    /// the age where held; between two calibrations ab / (a + b), which is nothing at either and half the time
    /// to the nearer in the middle.
    var driftDays: Double {
        let day = 86_400.0
        switch (secondsBefore, secondsAfter) {
        case (let age?, nil), (nil, let age?): return age / day
        case (let a?, let b?): return a + b > 0 ? a * b / (a + b) / day : 0
        case (nil, nil): return 0
        }
    }

    /// To the nearer calibration.
    var ageSeconds: Double { min(secondsBefore ?? .infinity, secondsAfter ?? .infinity) }
}

extension RandomAccessCollection where Index == Int {
    /// The first index whose element satisfies a condition that none before it does.
    func partitionIndex(_ isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// A stretch of time that a change touches: before `start` and from `end` on nothing changes.
public struct AffectedSpan: Equatable, Sendable {
    /// Nil for all time before.
    public let start: Instant?
    /// Nil for all time after.
    public let end: Instant?

    public init(start: Instant?, end: Instant?) {
        self.start = start
        self.end = end
    }

    /// The smallest span that holds both.
    public func union(_ other: AffectedSpan) -> AffectedSpan {
        AffectedSpan(
            start: start.flatMap { a in other.start.map { min(a, $0) } },
            end: end.flatMap { a in other.end.map { max(a, $0) } }
        )
    }
}

extension BottlePlan {
    /// Whose calibrated values a run changes, when it is added to or taken from the runs: from the last complete
    /// calibration before it to the next after it, since single bottles in between take their slope from these.
    /// For a target, the stretch nearest to it is within the targets around.
    public func affected(by run: BottleRun, among runs: [BottleRun]) -> AffectedSpan {
        if run.bottle == target {
            let others = runs.filter { $0.bottle == target && $0.start != run.start }
            return AffectedSpan(
                start: others.last { $0.start < run.start }?.time,
                end: others.first { $0.start > run.start }?.time
            )
        }
        // What is closer than the gap may become one event with the run, or cease to be.
        let reach = eventGapSeconds
        let full = events(of: runs).filter(\.isFull)
        let span = AffectedSpan(
            start: full.last { run.start.seconds(since: $0.end) > reach }?.time,
            end: full.first { $0.start.seconds(since: run.end) > reach }?.time
        )
        return span.reachingTargets(of: runs.filter { $0.bottle == target }.map(\.time))
    }
}

extension AffectedSpan {
    /// Targets within are calibrated anew, and with them what is said of the readings nearest to them.
    fileprivate func reachingTargets(of times: [Instant]) -> AffectedSpan {
        let within = times.filter { time in
            (start.map { time >= $0 } ?? true) && (end.map { time <= $0 } ?? true)
        }
        guard let first = within.first, let last = within.last else { return self }
        let widened = AffectedSpan(
            start: times.last { $0 < first },
            end: times.first { $0 > last }
        )
        return union(widened)
    }
}
