import Observations
import Quantities

/// The member `calibration` of an instrument; nil where there is none. Mole fractions stand in the unit of the
/// instrument; here they become ppm.
func readCalibrationPlan(
    _ instrument: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> CalibrationPlan? {
    guard instrument.has("calibration") else { return nil }
    let object = try instrument.object("calibration", known: planKeys)
    let gas = try readGas(instrument)
    let scale = try readOutputScale(object, instrument, gas)
    var plan = CalibrationPlan(scale: scale)
    plan.dryAir = try readDryAir(object)
    plan.maximumAgeSeconds = try optionalPositive("maximum_age_hours", of: object).map { $0 * 3600 }
    plan.driftPartsPerMillionPerDay = unit.partsPerMillion(try notNegative("drift_per_day", of: object) ?? 0)
    plan.repeatabilityPartsPerMillion = try notNegative("repeatability", of: object)
        .map(unit.partsPerMillion)
    plan.scaleUncertaintyPartsPerMillion = unit.partsPerMillion(
        try notNegative("scale_uncertainty", of: object) ?? 0
    )
    if object.has("span") {
        let span = try object.numbers("span")
        guard span.count == 2, span[0] < span[1] else { throw object.error("span", "needs [lower, upper]") }
        plan.spanPartsPerMillion = unit.partsPerMillion(span[0])...unit.partsPerMillion(span[1])
    }
    plan.method = try readMethod(object, gas, scale, unit)
    return plan
}

private let methodKeys = [
    "fixed": ["fixed"],
    "bottles": [
        "bottles", "flush_seconds", "trim", "minimum_readings", "maximum_gap_seconds", "maximum_sd",
        "event_gap_seconds", "target", "target_limit", "assumed_slope",
    ],
    "transfer": [
        "reference", "periods", "predictors", "robust", "minimum_pairs", "minimum_span", "windy_nights",
    ],
]

private let planKeys =
    [
        "method", "scale", "dry_air", "maximum_age_hours", "drift_per_day", "repeatability",
        "scale_uncertainty", "span",
    ] + methodKeys.keys.sorted().flatMap { methodKeys[$0] ?? [] }

/// A key of another method would be ignored in silence: it is refused.
private func readMethod(
    _ object: ConfigurationObject,
    _ gas: Gas,
    _ scale: CalibrationScale?,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> CalibrationPlan.Method {
    let method = object.has("method") ? try object.text("method") : object.has("fixed") ? "fixed" : ""
    guard methodKeys[method] != nil || (method.isEmpty && object.has("dry_air")) else {
        let known = methodKeys.keys.sorted()
        let hint = nearest(to: method, among: known).map { ", did you mean `\($0)`?" } ?? ""
        throw object.error("method", "not one of \(known.joined(separator: ", "))\(hint)")
    }
    for (name, keys) in methodKeys.sorted(by: { $0.key < $1.key }) where name != method {
        if let key = keys.first(where: object.has) {
            throw object.error(key, "belongs to the method `\(name)`")
        }
    }
    switch method {
    case "fixed": return .fixed(try readFixed(object, unit))
    case "bottles": return .bottles(try readBottles(object, gas, scale, unit))
    case "transfer": return .transfer(try readTransfer(object, unit))
    default: return .unchanged
    }
}

/// Its own `scale`, else that of the instrument when it is tied to one, else the one on which all bottles are.
private func readOutputScale(
    _ object: ConfigurationObject,
    _ instrument: ConfigurationObject,
    _ gas: Gas
) throws(ConfigurationError) -> CalibrationScale? {
    if object.has("scale") {
        let scale = CalibrationScale(rawValue: try object.text("scale"))
        guard scale.fits(gas) else {
            throw object.error("scale", "`\(scale)` is no WMO scale of \(gas.rawValue)")
        }
        return scale
    }
    let stated = CalibrationScale(rawValue: try instrument.text("scale"))
    guard stated == .uncalibrated || stated == .unstated else { return stated }
    guard object.has("bottles") else { return nil }
    var scales: Set<CalibrationScale> = []
    for bottle in try object.objects("bottles", known: bottleKeys) {
        scales.insert(CalibrationScale(rawValue: try bottle.text("scale")))
    }
    guard scales.count <= 1 else {
        throw object.error("scale", "bottles are on several scales: say which one the values shall be on")
    }
    return scales.first
}

private func readDryAir(_ object: ConfigurationObject) throws(ConfigurationError) -> DryAirCorrection? {
    guard object.has("dry_air") else { return nil }
    let dryAir = try object.object("dry_air", known: ["from", "correction", "linear", "quadratic"])
    guard let source = DryAirCorrection.Source(rawValue: try dryAir.text("from")) else {
        throw dryAir.error("from", "neither `h2o` nor `rh,t,p`")
    }
    switch try dryAir.text("correction") {
    case "dilution":
        for key in ["linear", "quadratic"] where dryAir.has(key) {
            throw dryAir.error(key, "belongs to the correction `instrument`")
        }
        return .dilution(from: source)
    case "instrument":
        let linear = try dryAir.number("linear")
        let quadratic = try optionalNumber("quadratic", of: dryAir) ?? 0
        guard (-0.1..<0).contains(linear), abs(quadratic) < 0.01 else {
            throw dryAir.error("linear", "wet / dry falls by 0 to 0.1 for each % of water vapour")
        }
        return DryAirCorrection(source: source, linear: linear, quadratic: quadratic)
    default: throw dryAir.error("correction", "neither `dilution` nor `instrument`")
    }
}

private func readFixed(
    _ object: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> FixedCalibration {
    let fixed = try object.object("fixed", known: ["slope", "intercept", "covariance"])
    let slope = try fixed.number("slope")
    guard (0.1...10).contains(slope) else { throw fixed.error("slope", "not between 0.1 and 10") }
    // [variance of the intercept, covariance, variance of the slope].
    let given = try fixed.numbers("covariance")
    guard given.count == 3, given[0] >= 0, given[2] >= 0, given[1] * given[1] <= given[0] * given[2] else {
        throw fixed.error("covariance", "needs [var intercept, cov, var slope] of a possible covariance")
    }
    let factor = unit.partsPerMillionFactor
    return FixedCalibration(
        slope: slope,
        intercept: unit.partsPerMillion(try fixed.number("intercept")),
        covariance: LineCovariance(
            intercept: given[0] * factor * factor,
            both: given[1] * factor,
            slope: given[2]
        )
    )
}

private func readTransfer(
    _ object: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> TransferPlan {
    let reference = try object.object("reference", known: ["station", "instrument"])
    var plan = TransferPlan(
        referenceStation: try reference.text("station"),
        referenceInstrument: try reference.text("instrument"),
        periods: try object.periods("periods")
    )
    guard !plan.periods.isEmpty else { throw object.error("periods", "names no period") }
    if object.has("predictors") { plan.predictors = try object.texts("predictors") }
    guard Set(plan.predictors).count == plan.predictors.count else {
        throw object.error("predictors", "names a predictor twice")
    }
    if object.has("robust") { plan.isRobust = try object.bool("robust") }
    if let count = try optionalPositive("minimum_pairs", of: object) {
        plan.minimumPairs = try object.whole("minimum_pairs", count)
    }
    if let span = try optionalPositive("minimum_span", of: object) {
        plan.minimumSpanPartsPerMillion = unit.partsPerMillion(span)
    }
    if object.has("windy_nights") {
        let nights = try object.object("windy_nights", known: ["minimum_wind", "from_hour", "to_hour"])
        let hours = (try nights.number("from_hour"), try nights.number("to_hour"))
        guard (0...24).contains(hours.0), (0...24).contains(hours.1), hours.0 != hours.1 else {
            throw nights.error("from_hour", "hours lie from 0 to 24")
        }
        plan.windyNights = WindyNights(
            minimumWindSpeed: try nights.number("minimum_wind"),
            fromHour: hours.0,
            toHour: hours.1
        )
    }
    return plan
}

/// What is calibrated against a reference must not be the reference of that in turn: neither would ever be settled.
func checkReferences(
    among stations: [Station],
    of network: ConfigurationObject
) throws(ConfigurationError) {
    func reference(of instrument: Instrument) -> (station: Station, instrument: Instrument)? {
        guard case .transfer(let plan) = instrument.calibration?.method,
            let station = stations.first(where: { $0.id == plan.referenceStation })
        else { return nil }
        return station.instruments.first { $0.id == plan.referenceInstrument && $0.gas == instrument.gas }
            .map { (station, $0) }
    }
    for station in stations {
        for instrument in station.instruments {
            var (visited, next) = (0, reference(of: instrument))
            // A chain that is longer than there are stations goes round.
            while let current = next, visited <= stations.count {
                (visited, next) = (visited + 1, reference(of: current.instrument))
            }
            guard next == nil else {
                throw network.error("stations", "the reference of `\(station.id)` rests on itself")
            }
        }
    }
}

func optionalPositive(
    _ key: String,
    of object: ConfigurationObject
) throws(ConfigurationError) -> Double? {
    guard let number = try optionalNumber(key, of: object) else { return nil }
    guard number > 0 else { throw object.error(key, "must be positive") }
    return number
}

func notNegative(_ key: String, of object: ConfigurationObject) throws(ConfigurationError) -> Double? {
    guard let number = try optionalNumber(key, of: object) else { return nil }
    guard number >= 0 else { throw object.error(key, "must not be negative") }
    return number
}
