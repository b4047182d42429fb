import Observations
import Quantities

/// The member `alarms` of a network file; none where it is absent. Concentrations are in ppm.
func readAlarms(
    _ network: ConfigurationObject,
    stations: [Station]
) throws(ConfigurationError) -> [AlarmRule] {
    guard network.has("alarms") else { return [] }
    var rules: [AlarmRule] = []
    for object in try network.objects("alarms", known: allKeys) {
        let kind = try object.text("kind")
        guard let kind = AlarmRule.Kind(rawValue: kind) else {
            throw object.error("kind", "`\(kind)` is not one of silence, threshold, capture")
        }
        let known = ["kind", "station"] + keys(of: kind)
        if let other = object.keys.first(where: { !known.contains($0) }) {
            throw object.error(other, "does not belong to an alarm of kind `\(kind.rawValue)`")
        }
        let station = try readStation(object, stations)
        switch kind {
        case .silence: rules.append(.silence(try readSilence(object, station)))
        case .threshold: rules.append(.threshold(try readThreshold(object, station)))
        case .capture: rules.append(.capture(try readCapture(object, station)))
        }
    }
    return rules
}

private let allKeys = [
    "kind", "station", "after_seconds", "intervals", "gas", "above", "clear_below", "for_seconds", "flags",
    "below", "clear_at", "window_hours",
]

private func keys(of kind: AlarmRule.Kind) -> [String] {
    switch kind {
    case .silence: ["after_seconds", "intervals"]
    case .threshold: ["gas", "above", "clear_below", "for_seconds", "flags"]
    case .capture: ["below", "clear_at", "window_hours"]
    }
}

/// Nil for `*` and for none: every station.
private func readStation(
    _ object: ConfigurationObject,
    _ stations: [Station]
) throws(ConfigurationError) -> String? {
    guard object.has("station") else { return nil }
    let name = try object.text("station")
    guard name != "*" else { return nil }
    guard stations.contains(where: { $0.id == name }) else {
        throw object.error("station", "no station `\(name)` in this file")
    }
    return name
}

private func readSilence(
    _ object: ConfigurationObject,
    _ station: String?
) throws(ConfigurationError) -> AlarmRule.Silence {
    guard !(object.has("after_seconds") && object.has("intervals")) else {
        throw object.error("intervals", "either `after_seconds` or `intervals`")
    }
    return AlarmRule.Silence(
        station: station,
        afterSeconds: object.has("after_seconds") ? try positive("after_seconds", object) : nil,
        intervals: object.has("intervals") ? try positive("intervals", object) : 3
    )
}

private func readThreshold(
    _ object: ConfigurationObject,
    _ station: String?
) throws(ConfigurationError) -> AlarmRule.Threshold {
    let above = try object.number("above")
    let clearBelow = object.has("clear_below") ? try object.number("clear_below") : above
    guard clearBelow <= above else {
        throw object.error("clear_below", "the limit for clearing is above the limit for raising")
    }
    let seconds = object.has("for_seconds") ? try object.number("for_seconds") : 0
    guard (0...31_536_000).contains(seconds) else {
        throw object.error("for_seconds", "not a time of 0 to 31536000 s")
    }
    var flags: [QualityFlag] = []
    for name in object.has("flags") ? try object.texts("flags") : ["good"] {
        guard let flag = flagNames[name] else {
            throw object.error("flags", "`\(name)` is not one of fail, good, suspect")
        }
        flags.append(flag)
    }
    guard !flags.isEmpty else { throw object.error("flags", "names no flag") }
    return AlarmRule.Threshold(
        station: station,
        gas: try readGas(object),
        abovePartsPerMillion: above,
        clearBelowPartsPerMillion: clearBelow,
        forSeconds: seconds,
        flags: flags
    )
}

private let flagNames: [String: QualityFlag] = ["good": .good, "suspect": .suspect, "fail": .fail]

private func readCapture(
    _ object: ConfigurationObject,
    _ station: String?
) throws(ConfigurationError) -> AlarmRule.Capture {
    let below = try object.number("below")
    guard below > 0, below <= 1 else { throw object.error("below", "not a share of the expected readings") }
    let clearAt = object.has("clear_at") ? try object.number("clear_at") : min(1, below + 0.05)
    guard clearAt >= below, clearAt <= 1 else { throw object.error("clear_at", "not between `below` and 1") }
    let hours = object.has("window_hours") ? try positive("window_hours", object) : 24
    guard hours <= 8784 else { throw object.error("window_hours", "longer than a year") }
    return AlarmRule.Capture(station: station, below: below, clearAt: clearAt, windowHours: hours)
}

private func positive(_ key: String, _ object: ConfigurationObject) throws(ConfigurationError) -> Double {
    let value = try object.number(key)
    guard value > 0, value <= 1e9 else { throw object.error(key, "not a positive number below 1e9") }
    return value
}
