import Observations
import Quantities

/// The member `quality` of an instrument: thresholds that differ from the defaults of its platform and grade.
/// `false` turns a test off. Mole fractions stand in the unit of the instrument.
func readQualityProfile(
    _ instrument: ConfigurationObject,
    of kind: PlatformKind,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> QualityProfile {
    let gas = try readGas(instrument)
    guard instrument.has("quality") else { return .standard(for: kind, gas: gas) }
    let object = try instrument.object("quality", known: qualityKeys)
    let grade = try readGrade(object)
    var profile = QualityProfile.standard(for: kind, grade: grade, gas: gas)
    if object.has("hold_s") { profile.holdSeconds = try object.atLeastZero("hold_s") }
    try profile.readChangeTests(object, unit)
    try profile.readStretchTests(object, unit)
    try profile.readPositionTests(object, unit)
    try profile.readKnowledgeTests(object, unit)
    try profile.readCompanionTests(object, unit)
    return profile
}

let qualityKeys = [
    "grade", "hold_s", "rate_of_change", "hampel", "spike", "flat_line", "attenuated_signal", "warm_up",
    "fix_warm_up", "fix", "position_jump_m_s", "standstill_m_s", "own_exhaust", "climatology",
    "background", "water_vapour_percent", "battery_v", "buddy", "colocation", "gas_ratio", "station_pass",
]

private func readGrade(_ object: ConfigurationObject) throws(ConfigurationError) -> InstrumentGrade? {
    guard object.has("grade") else { return nil }
    let text = try object.text("grade")
    guard let grade = InstrumentGrade(rawValue: text) else {
        let known = InstrumentGrade.allCases.map(\.rawValue).joined(separator: ", ")
        throw object.error("grade", "`\(text)` is not one of \(known)")
    }
    return grade
}

extension ConfigurationObject {
    /// Changes a limit by the members of an object, starting from its default; `false` removes it.
    func limit<Limit>(
        _ key: String,
        _ limit: inout Limit?,
        known: [String],
        read: (ConfigurationObject, Limit?) throws(ConfigurationError) -> Limit
    ) throws(ConfigurationError) {
        guard has(key) else { return }
        if isOff(key) {
            limit = nil
        } else {
            limit = try read(try object(key, known: known), limit)
        }
    }

    fileprivate func limit(_ key: String, _ limit: inout Double?) throws(ConfigurationError) {
        guard has(key) else { return }
        limit = isOff(key) ? nil : try atLeastZero(key)
    }

    func isOff(_ key: String) -> Bool { (try? bool(key)) == false }

    /// The member, or the default where there is none of it.
    func number(_ key: String, or standard: Double?) throws(ConfigurationError) -> Double {
        if let standard, !has(key) { return standard }
        return try atLeastZero(key)
    }

    fileprivate func atLeastZero(_ key: String) throws(ConfigurationError) -> Double {
        let value = try number(key)
        guard value >= 0, value <= 1e9 else { throw error(key, "must be between 0 and 1e9") }
        return value
    }

    /// A mole fraction in the unit of the instrument, or a default in ppm.
    func moleFraction(
        _ key: String,
        _ unit: MoleFractionUnit,
        or standardPartsPerMillion: Double?
    ) throws(ConfigurationError) -> Double {
        if let standardPartsPerMillion, !has(key) { return standardPartsPerMillion }
        return unit.partsPerMillion(try atLeastZero(key))
    }
}

extension QualityProfile {
    fileprivate mutating func readChangeTests(
        _ object: ConfigurationObject,
        _ unit: MoleFractionUnit
    ) throws(ConfigurationError) {
        try object.limit(
            "rate_of_change",
            &rateOfChange,
            known: ["per_second", "shortest_step_s", "longest_step_s"]
        ) { object, standard throws(ConfigurationError) in
            RateOfChangeLimit(
                partsPerMillionPerSecond: try object.moleFraction(
                    "per_second",
                    unit,
                    or: standard?.partsPerMillionPerSecond
                ),
                shortestStepSeconds: try object.number(
                    "shortest_step_s",
                    or: standard?.shortestStepSeconds ?? 0
                ),
                longestStepSeconds: try object.number("longest_step_s", or: standard?.longestStepSeconds)
            )
        }
        try object.limit(
            "hampel",
            &hampel,
            known: ["window_s", "deviations", "smallest_distance", "keeps_plumes"]
        ) { object, standard throws(ConfigurationError) in
            HampelLimit(
                windowSeconds: try object.number("window_s", or: standard?.windowSeconds),
                deviations: try object.number("deviations", or: standard?.deviations),
                smallestDistancePartsPerMillion: try object.moleFraction(
                    "smallest_distance",
                    unit,
                    or: standard?.smallestDistancePartsPerMillion
                ),
                keepsPlumes: object.has("keeps_plumes")
                    ? try object.bool("keeps_plumes") : standard?.keepsPlumes ?? false
            )
        }
        try object.limit("spike", &spike, known: ["method", "suspect", "fail", "longest_step_s"]) {
            object,
            _ throws(ConfigurationError) in try readNeighbourSpike(object, unit)
        }
    }

    fileprivate mutating func readStretchTests(
        _ object: ConfigurationObject,
        _ unit: MoleFractionUnit
    ) throws(ConfigurationError) {
        try object.limit("flat_line", &flatLine, known: ["tolerance", "suspect_s", "fail_s"]) {
            object,
            standard throws(ConfigurationError) in
            let limit = FlatLineLimit(
                tolerancePartsPerMillion: try object.moleFraction(
                    "tolerance",
                    unit,
                    or: standard?.tolerancePartsPerMillion
                ),
                suspectSeconds: try object.number("suspect_s", or: standard?.suspectSeconds),
                failSeconds: try object.number("fail_s", or: standard?.failSeconds)
            )
            guard limit.suspectSeconds <= limit.failSeconds else {
                throw object.error("fail_s", "fails before it is suspect")
            }
            return limit
        }
        try object.limit("attenuated_signal", &attenuation, known: ["range", "window_s"]) {
            object,
            _ throws(ConfigurationError) in
            AttenuationLimit(
                rangePartsPerMillion: try object.moleFraction("range", unit, or: nil),
                seconds: try object.number("window_s", or: nil)
            )
        }
        try object.limit("warm_up", &warmUp, known: ["gap_s", "settle_s"], read: readWarmUp)
        try object.limit("fix_warm_up", &fixWarmUp, known: ["gap_s", "settle_s"], read: readWarmUp)
    }

    fileprivate mutating func readPositionTests(
        _ object: ConfigurationObject,
        _ unit: MoleFractionUnit
    ) throws(ConfigurationError) {
        try object.limit("fix", &fix, known: ["satellites", "accuracy_m"]) {
            object,
            standard throws(ConfigurationError) in
            FixLimit(
                fewestSatellites: try object.number("satellites", or: standard?.fewestSatellites),
                largestErrorMetres: try object.number("accuracy_m", or: standard?.largestErrorMetres)
            )
        }
        try object.limit("position_jump_m_s", &jumpMetresPerSecond)
        try object.limit("standstill_m_s", &standstillMetresPerSecond)
        try object.limit("own_exhaust", &ownExhaust, known: ["speed_m_s", "excess", "window_s"]) {
            object,
            standard throws(ConfigurationError) in
            OwnExhaustLimit(
                metresPerSecond: try object.number("speed_m_s", or: standard?.metresPerSecond),
                excessPartsPerMillion: try object.moleFraction(
                    "excess",
                    unit,
                    or: standard?.excessPartsPerMillion
                ),
                windowSeconds: try object.number("window_s", or: standard?.windowSeconds)
            )
        }
    }

    fileprivate mutating func readKnowledgeTests(
        _ object: ConfigurationObject,
        _ unit: MoleFractionUnit
    ) throws(ConfigurationError) {
        if object.has("climatology") {
            climatology = []
            for band in try object.objects("climatology", known: ["months", "hours", "minimum", "maximum"]) {
                climatology.append(try readBand(band, unit))
            }
        }
        try object.limit("background", &background, known: ["value", "at", "growth_per_year", "tolerance"]) {
            object,
            _ throws(ConfigurationError) in
            BackgroundFloor(
                partsPerMillion: try object.moleFraction("value", unit, or: nil),
                at: try object.instant("at"),
                growthPartsPerMillionPerYear: object.has("growth_per_year")
                    ? unit.partsPerMillion(try object.number("growth_per_year")) : 0,
                tolerancePartsPerMillion: try object.moleFraction("tolerance", unit, or: nil)
            )
        }
        try object.limit("water_vapour_percent", &largestWaterVapourPercent)
        try object.limit("battery_v", &smallestBatteryVolts)
    }
}

private func readNeighbourSpike(
    _ object: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> NeighbourSpikeLimit {
    let text = try object.text("method")
    guard let method = NeighbourSpikeLimit.Method(rawValue: text) else {
        throw object.error("method", "neither `average` nor `differential`")
    }
    let limit = NeighbourSpikeLimit(
        method: method,
        suspectPartsPerMillion: try object.moleFraction("suspect", unit, or: nil),
        failPartsPerMillion: try object.moleFraction("fail", unit, or: nil),
        longestStepSeconds: try object.number("longest_step_s", or: nil)
    )
    guard limit.suspectPartsPerMillion <= limit.failPartsPerMillion else {
        throw object.error("fail", "fails before it is suspect")
    }
    return limit
}

private func readWarmUp(
    _ object: ConfigurationObject,
    _ standard: WarmUpLimit?
) throws(ConfigurationError) -> WarmUpLimit {
    WarmUpLimit(
        gapSeconds: try object.number("gap_s", or: standard?.gapSeconds),
        settleSeconds: try object.number("settle_s", or: standard?.settleSeconds)
    )
}

private func readBand(
    _ object: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> ClimatologyBand {
    let band = ClimatologyBand(
        months: try wholeNumbers("months", in: 1...12, of: object),
        hours: object.has("hours") ? try wholeNumbers("hours", in: 0...23, of: object) : Set(0...23),
        lowestPartsPerMillion: try object.moleFraction("minimum", unit, or: nil),
        highestPartsPerMillion: try object.moleFraction("maximum", unit, or: nil)
    )
    guard band.lowestPartsPerMillion <= band.highestPartsPerMillion else {
        throw object.error("minimum", "the minimum is above the maximum")
    }
    return band
}

private func wholeNumbers(
    _ key: String,
    in range: ClosedRange<Int>,
    of object: ConfigurationObject
) throws(ConfigurationError) -> Set<Int> {
    var numbers: Set<Int> = []
    for value in try object.numbers(key) {
        guard let number = Int(exactly: value), range.contains(number) else {
            throw object.error(key, "`\(value)` is not one of \(range.lowerBound)...\(range.upperBound)")
        }
        numbers.insert(number)
    }
    return numbers
}
