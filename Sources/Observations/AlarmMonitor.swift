public import Quantities

/// Decides when the alarms of one network are raised and cleared, each once.
///
/// Thresholds go by the time of the observations. A reading that is not later than one before it, or that was long
/// under way, neither raises nor clears: nobody is to be called for yesterday. Silence goes by our own clock, and
/// never counts time in which we were not there to listen.
public struct AlarmMonitor: Sendable {
    /// Readings older than this when they arrive do not concern an alarm, s.
    public static let staleSeconds = 3600.0

    /// A rule at a station.
    private struct Watch: Sendable {
        let key: String
        let station: String
        let rule: AlarmRule
        /// Index of the window that the rule goes by.
        let capture: Int?
        /// First reading above the limit of those that have not been interrupted.
        var pendingSince: Instant?
    }

    private let network: String
    private let started: Instant
    private var watches: [Watch] = []
    private var watchesOfStation: [String: [Int]] = [:]
    private var captures: [CaptureWindow] = []
    /// Left from rules that are no more.
    private var orphans: [Alarm] = []
    public private(set) var memory: AlarmMemory

    /// - Parameters:
    ///   - memory: of the run before.
    ///   - started: from when on silence is noticed.
    public init(network: Network, rules: [AlarmRule], memory: AlarmMemory = AlarmMemory(), started: Instant) {
        self.network = network.id
        self.started = started
        self.memory = memory
        for rule in rules {
            for station in network.stations where rule.station == nil || rule.station == station.id {
                watch(rule, at: station.id)
            }
        }
        let keys = Set(watches.map(\.key))
        orphans = memory.standing.filter { !keys.contains($0.key) }.sorted { $0.key < $1.key }.map(\.value)
        self.memory.standing = memory.standing.filter { keys.contains($0.key) }
        self.memory.latest = memory.latest.filter { keys.contains($0.key) }
    }

    private mutating func watch(_ rule: AlarmRule, at station: String) {
        let key = "\(rule.key)@\(station)"
        guard !watches.contains(where: { $0.key == key }) else { return }
        watchesOfStation[station, default: []].append(watches.count)
        let window = rule.windowSeconds.map { CaptureWindow(seconds: $0) }
        let capture = window.map { _ in captures.count }
        if let window { captures.append(window) }
        watches.append(Watch(key: key, station: station, rule: rule, capture: capture))
    }

    /// The alarms that stand, in a fixed order.
    public var standing: [Alarm] {
        memory.standing.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Takes one reading that is new.
    /// - Parameters:
    ///   - value: ppm; nil for a missing one.
    ///   - received: when it came, by our clock.
    public mutating func observe(
        station: String,
        gas: Gas,
        time: Instant,
        value: Double?,
        flag: QualityFlag,
        received: Instant
    ) -> [AlarmEvent] {
        var events = heard(station: station, received: received)
        for index in watchesOfStation[station] ?? [] {
            if let capture = watches[index].capture { captures[capture].addOnce(time) }
            guard case .threshold(let rule) = watches[index].rule, rule.gas == gas else { continue }
            guard rule.flags.contains(flag), let value else { continue }
            guard received.seconds(since: time) <= Self.staleSeconds else { continue }
            events += crossed(index, rule, time, value)
        }
        return events
    }

    /// Something came from a station, if only what could not be read: it is not silent.
    public mutating func heard(station: String, received: Instant) -> [AlarmEvent] {
        guard let indices = watchesOfStation[station] else { return [] }
        let last = memory.lastReceived[station]
        memory.lastReceived[station] = max(last ?? received, received)
        return indices.compactMap { index in
            guard case .silence = watches[index].rule, let alarm = memory.standing[watches[index].key] else {
                return nil
            }
            return clear(index, received, received.seconds(since: alarm.since))
        }
    }

    /// Time has passed. To be called every few seconds.
    public mutating func tick(_ now: Instant) -> [AlarmEvent] {
        var events = orphans.map { AlarmEvent(change: .cleared, alarm: $0, time: now, value: nil) }
        orphans = []
        for index in watches.indices {
            switch watches[index].rule {
            case .silence(let rule): events += listened(index, rule, now)
            case .capture(let rule): events += captured(index, rule, now)
            case .threshold: break
            }
        }
        return events
    }

    private mutating func crossed(
        _ index: Int,
        _ rule: AlarmRule.Threshold,
        _ time: Instant,
        _ value: Double
    ) -> [AlarmEvent] {
        let key = watches[index].key
        if let latest = memory.latest[key], time <= latest { return [] }
        memory.latest[key] = time
        guard memory.standing[key] == nil else {
            return value < rule.clearBelowPartsPerMillion ? [clear(index, time, value)] : []
        }
        guard value > rule.abovePartsPerMillion else {
            watches[index].pendingSince = nil
            return []
        }
        let since = watches[index].pendingSince ?? time
        watches[index].pendingSince = since
        guard time.seconds(since: since) >= rule.forSeconds else { return [] }
        return [raise(index, since, time, value, limit: rule.abovePartsPerMillion, gas: rule.gas)]
    }

    private mutating func listened(_ index: Int, _ rule: AlarmRule.Silence, _ now: Instant) -> [AlarmEvent] {
        let station = watches[index].station
        guard memory.standing[watches[index].key] == nil else { return [] }
        let step = watches[index].capture.flatMap { captures[$0].stepSeconds }
        guard let limit = rule.afterSeconds ?? step.map({ $0 * rule.intervals }) else { return [] }
        let last = memory.lastReceived[station] ?? started
        guard now.seconds(since: max(last, started)) > limit else { return [] }
        return [raise(index, last, now, now.seconds(since: last), limit: limit)]
    }

    private mutating func captured(_ index: Int, _ rule: AlarmRule.Capture, _ now: Instant) -> [AlarmEvent] {
        guard let capture = watches[index].capture, let rate = captures[capture].rate(at: now) else {
            return []
        }
        if memory.standing[watches[index].key] != nil {
            return rate >= rule.clearAt ? [clear(index, now, rate)] : []
        }
        return rate < rule.below ? [raise(index, now, now, rate, limit: rule.below)] : []
    }

    private mutating func raise(
        _ index: Int,
        _ since: Instant,
        _ time: Instant,
        _ value: Double,
        limit: Double,
        gas: Gas? = nil
    ) -> AlarmEvent {
        let watch = watches[index]
        let alarm = Alarm(
            kind: watch.rule.kind,
            network: network,
            station: watch.station,
            gas: gas,
            limit: limit,
            since: since
        )
        memory.standing[watch.key] = alarm
        watches[index].pendingSince = nil
        return AlarmEvent(change: .raised, alarm: alarm, time: time, value: value)
    }

    /// - Precondition: the alarm stands.
    private mutating func clear(_ index: Int, _ time: Instant, _ value: Double) -> AlarmEvent {
        guard let alarm = memory.standing.removeValue(forKey: watches[index].key) else {
            preconditionFailure("only what stands is cleared")
        }
        return AlarmEvent(change: .cleared, alarm: alarm, time: time, value: value)
    }
}

extension AlarmRule {
    /// Of what the rule must remember of the arrivals.
    fileprivate var windowSeconds: Double? {
        switch self {
        // A silence of so many intervals needs the usual step.
        case .silence(let rule): rule.afterSeconds == nil ? 86_400 : nil
        case .capture(let rule): rule.windowHours * 3600
        case .threshold: nil
        }
    }

    /// Tells one rule from another, in this run and the next.
    fileprivate var key: String {
        switch self {
        case .silence(let rule):
            "silence/\(rule.afterSeconds.map { "\($0)" } ?? "\(rule.intervals) intervals")"
        case .threshold(let rule): "threshold/\(rule.gas.rawValue)/\(rule.abovePartsPerMillion)"
        case .capture(let rule): "capture/\(rule.below)/\(rule.windowHours)"
        }
    }
}

extension CaptureWindow {
    /// Of several gases of one moment the first counts.
    fileprivate mutating func addOnce(_ time: Instant) {
        if latest != time { add(time) }
    }
}
