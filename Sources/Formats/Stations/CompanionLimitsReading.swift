import Observations
import Quantities

/// The members of `quality` for the tests of one series against another.
extension QualityProfile {
    mutating func readCompanionTests(
        _ object: ConfigurationObject,
        _ unit: MoleFractionUnit
    ) throws(ConfigurationError) {
        try object.limit("buddy", &buddy, known: buddyKeys) { object, standard throws(ConfigurationError) in
            try readBuddy(object, standard, unit)
        }
        try object.limit("colocation", &colocation, known: ["offset", "window_s", "near_s", "fewest_pairs"]) {
            object,
            standard throws(ConfigurationError) in try readColocation(object, standard, unit)
        }
        try object.limit(
            "gas_ratio",
            &ratio,
            known: ["smallest", "largest", "smallest_excess", "near_s", "window_s"]
        ) { object, _ throws(ConfigurationError) in try readRatio(object, unit) }
        try object.limit("station_pass", &stationPass, known: passKeys) {
            object,
            standard throws(ConfigurationError) in try readPass(object, standard, unit)
        }
    }
}

private let buddyKeys = [
    "deviations", "near_s", "smallest_deviation", "fewest_pairs", "nights", "night_from", "night_to",
]

private let passKeys = ["reach_m", "offset", "near_s", "fewest_pairs", "gap_s"]

private func readBuddy(
    _ object: ConfigurationObject,
    _ standard: BuddyLimit?,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> BuddyLimit {
    let usual = standard ?? BuddyLimit()
    let from = try object.number("night_from", or: usual.nightHours.from)
    let to = try object.number("night_to", or: usual.nightHours.to)
    guard let hours = NightHours(from: from, to: to) else {
        throw object.error("night_from", "no night from \(from) to \(to): hours of solar time without noon")
    }
    let limit = BuddyLimit(
        deviations: try object.number("deviations", or: usual.deviations),
        nearSeconds: try object.span("near_s", or: usual.nearSeconds, atMost: 86_400),
        smallestDeviationPartsPerMillion: try object.moleFraction(
            "smallest_deviation",
            unit,
            or: standard?.smallestDeviationPartsPerMillion
        ),
        fewestPairs: try object.count("fewest_pairs", or: usual.fewestPairs),
        nights: try object.count("nights", or: usual.nights, atMost: 366),
        nightHours: hours
    )
    try object.requirePositive("deviations", limit.deviations)
    let span = "\(limit.nights) nights from \(spelt(from)) to \(spelt(to)) h"
    try object.requirePairs(limit.fewestPairs, atMost: limit.mostPairs, in: span)
    return limit
}

private func readColocation(
    _ object: ConfigurationObject,
    _ standard: ColocationLimit?,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> ColocationLimit {
    let usual = standard ?? ColocationLimit()
    let limit = ColocationLimit(
        offsetPartsPerMillion: try object.moleFraction("offset", unit, or: standard?.offsetPartsPerMillion),
        windowSeconds: try object.span("window_s", or: usual.windowSeconds, atMost: 30 * 86_400),
        nearSeconds: try object.span("near_s", or: usual.nearSeconds, atMost: 86_400),
        fewestPairs: try object.count("fewest_pairs", or: usual.fewestPairs)
    )
    try object.requirePositive("offset", limit.offsetPartsPerMillion)
    let seconds = limit.windowSeconds
    guard seconds >= 3600, seconds.truncatingRemainder(dividingBy: 3600) == 0 else {
        throw object.error(
            "window_s",
            "\(spelt(seconds)) s are no whole number of hours: 3600, 7200 and so on"
        )
    }
    try object.requirePairs(limit.fewestPairs, atMost: limit.mostPairs, in: "\(spelt(seconds)) s")
    return limit
}

private func readPass(
    _ object: ConfigurationObject,
    _ standard: StationPassLimit?,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> StationPassLimit {
    let usual = standard ?? StationPassLimit()
    let limit = StationPassLimit(
        reachMetres: try object.span("reach_m", or: usual.reachMetres, atMost: 100_000),
        offsetPartsPerMillion: try object.moleFraction("offset", unit, or: standard?.offsetPartsPerMillion),
        nearSeconds: try object.span("near_s", or: usual.nearSeconds, atMost: 86_400),
        fewestPairs: try object.count("fewest_pairs", or: usual.fewestPairs),
        gapSeconds: try object.span("gap_s", or: usual.gapSeconds, atMost: 3600)
    )
    try object.requirePositive("reach_m", limit.reachMetres)
    try object.requirePositive("offset", limit.offsetPartsPerMillion)
    // Each reading would be a pass of its own.
    try object.requirePositive("gap_s", limit.gapSeconds)
    return limit
}

private func readRatio(
    _ object: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> RatioLimit {
    var limit = RatioLimit(
        smallest: try object.number("smallest"),
        largest: try object.number("largest"),
        smallestExcessPartsPerMillion: try object.moleFraction("smallest_excess", unit, or: nil)
    )
    guard limit.smallest <= limit.largest else {
        throw object.error("smallest", "the smallest ratio is above the largest")
    }
    guard limit.smallestExcessPartsPerMillion > 0 else {
        throw object.error("smallest_excess", "without an excess there is no ratio")
    }
    limit.nearSeconds = try object.span("near_s", or: limit.nearSeconds, atMost: 86_400)
    limit.windowSeconds = try object.span("window_s", or: limit.windowSeconds, atMost: 86_400)
    try object.requirePositive("window_s", limit.windowSeconds)
    guard limit.nearSeconds <= limit.windowSeconds else {
        let (near, window) = (spelt(limit.nearSeconds), spelt(limit.windowSeconds))
        throw object.error("near_s", "values \(near) s apart are not in a window of \(window) s")
    }
    return limit
}

extension ConfigurationObject {
    /// A number from 0 on. Reading back over longer than is sensible would stall the settling.
    fileprivate func span(
        _ key: String,
        or standard: Double,
        atMost largest: Double
    ) throws(ConfigurationError) -> Double {
        let value = try number(key, or: standard)
        guard value <= largest else { throw error(key, "must be at most \(largest)") }
        return value
    }

    /// Nothing can keep to a limit of zero, or nothing is ever near enough to be tested.
    fileprivate func requirePositive(_ key: String, _ value: Double) throws(ConfigurationError) {
        guard value > 0 else { throw error(key, "must be above 0") }
    }

    /// A test that never has enough to say would be silent for ever.
    fileprivate func requirePairs(
        _ fewest: Int,
        atMost most: Int,
        in span: String
    ) throws(ConfigurationError) {
        guard fewest > most else { return }
        throw error("fewest_pairs", "at most \(most) pairs in \(span); fewest_pairs is \(fewest)")
    }

    fileprivate func count(
        _ key: String,
        or standard: Int,
        atMost largest: Int = 1_000_000
    ) throws(ConfigurationError) -> Int {
        let value = try number(key, or: Double(standard))
        guard let count = Int(exactly: value), (1...largest).contains(count) else {
            throw error(key, "must be a whole number from 1 to \(largest)")
        }
        return count
    }
}

/// Without the decimals of a whole number.
private func spelt(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
}
