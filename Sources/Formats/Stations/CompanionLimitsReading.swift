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
            standard throws(ConfigurationError) in
            let usual = standard ?? ColocationLimit()
            return ColocationLimit(
                offsetPartsPerMillion: try object.moleFraction(
                    "offset",
                    unit,
                    or: standard?.offsetPartsPerMillion
                ),
                windowSeconds: try object.span("window_s", or: usual.windowSeconds, atMost: 30 * 86_400),
                nearSeconds: try object.span("near_s", or: usual.nearSeconds, atMost: 86_400),
                fewestPairs: try object.count("fewest_pairs", or: usual.fewestPairs)
            )
        }
        try object.limit(
            "gas_ratio",
            &ratio,
            known: ["smallest", "largest", "smallest_excess", "near_s", "window_s"]
        ) { object, _ throws(ConfigurationError) in try readRatio(object, unit) }
        try object.limit("station_pass", &stationPass, known: passKeys) {
            object,
            standard throws(ConfigurationError) in
            let usual = standard ?? StationPassLimit()
            return StationPassLimit(
                reachMetres: try object.span("reach_m", or: usual.reachMetres, atMost: 100_000),
                offsetPartsPerMillion: try object.moleFraction(
                    "offset",
                    unit,
                    or: standard?.offsetPartsPerMillion
                ),
                nearSeconds: try object.span("near_s", or: usual.nearSeconds, atMost: 86_400),
                fewestPairs: try object.count("fewest_pairs", or: usual.fewestPairs),
                gapSeconds: try object.span("gap_s", or: usual.gapSeconds, atMost: 3600)
            )
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
    return BuddyLimit(
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
