import Observations
import Quantities

let bottleKeys = ["id", "value", "uncertainty", "scale", "valid_from", "valid_to"]

func readBottles(
    _ object: ConfigurationObject,
    _ gas: Gas,
    _ scale: CalibrationScale?,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> BottlePlan {
    var plan = BottlePlan(certificates: [])
    for bottle in try object.objects("bottles", known: bottleKeys) {
        let certificate = try readCertificate(bottle, gas, scale, unit)
        let others = plan.certificates.filter { $0.bottle == certificate.bottle }
        guard !others.contains(where: { $0.overlaps(certificate) }) else {
            throw bottle.error("id", "`\(certificate.bottle)` has two certificates for the same time")
        }
        plan.certificates.append(certificate)
    }
    guard !plan.certificates.isEmpty else { throw object.error("bottles", "names no bottle") }
    plan.flushSeconds = try notNegative("flush_seconds", of: object) ?? plan.flushSeconds
    plan.maximumGapSeconds = try optionalPositive("maximum_gap_seconds", of: object) ?? plan.maximumGapSeconds
    plan.eventGapSeconds = try notNegative("event_gap_seconds", of: object) ?? plan.eventGapSeconds
    plan.maximumStandardDeviationPartsPerMillion = try optionalPositive("maximum_sd", of: object)
        .map(unit.partsPerMillion)
    if let trim = try notNegative("trim", of: object) {
        guard trim < 0.5 else { throw object.error("trim", "leaves nothing from 0.5 on") }
        plan.trim = trim
    }
    if let count = try optionalPositive("minimum_readings", of: object) {
        plan.minimumReadings = try object.whole("minimum_readings", count)
    }
    if object.has("assumed_slope") {
        let slope = try object.numbers("assumed_slope")
        guard slope.count == 2, slope[0] > 0, slope[1] >= 0 else {
            throw object.error("assumed_slope", "needs [slope, standard uncertainty]")
        }
        plan.assumedSlope = Estimate(mean: slope[0], standardDeviation: slope[1])
    }
    try readTarget(&plan, object, unit)
    return plan
}

private func readTarget(
    _ plan: inout BottlePlan,
    _ object: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) {
    let limit = try optionalPositive("target_limit", of: object)
    guard object.has("target") else {
        guard limit == nil else { throw object.error("target_limit", "no `target` is named") }
        return
    }
    let target = try object.text("target")
    let ids = Set(plan.certificates.map { $0.bottle })
    guard ids.contains(target) else {
        let hint = nearest(to: target, among: ids.sorted()).map { ", did you mean `\($0)`?" } ?? ""
        throw object.error("target", "`\(target)` is none of the bottles\(hint)")
    }
    guard ids.count > 1 else { throw object.error("target", "no bottle is left to calibrate with") }
    plan.target = target
    plan.targetLimitPartsPerMillion = limit.map(unit.partsPerMillion) ?? .infinity
}

/// A bottle on another scale than the values shall be on is converted, or refused where nobody can.
private func readCertificate(
    _ bottle: ConfigurationObject,
    _ gas: Gas,
    _ output: CalibrationScale?,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> BottleCertificate {
    var value = unit.partsPerMillion(try bottle.number("value"))
    var uncertainty = unit.partsPerMillion(try bottle.number("uncertainty"))
    guard value > 0 else { throw bottle.error("value", "a mole fraction is positive") }
    guard uncertainty > 0 else { throw bottle.error("uncertainty", "a standard uncertainty is positive") }
    let scale = CalibrationScale(rawValue: try bottle.text("scale"))
    guard scale.fits(gas) else {
        throw bottle.error("scale", "`\(scale)` is no WMO scale of \(gas.rawValue)")
    }
    if let output, output != scale {
        do {
            let conversion = try ScaleConversion(of: gas, from: scale, to: output)
            let converted = try conversion(value)
            // Its slope, from two values in its range: 1.00079 for CO2.
            let slope = (try conversion(400) - conversion(300)) / 100
            (value, uncertainty) = (converted, uncertainty * slope)
        } catch {
            throw bottle.error("scale", "\(error.what)")
        }
    }
    let from = bottle.has("valid_from") ? try bottle.instant("valid_from") : nil
    let to = bottle.has("valid_to") ? try bottle.instant("valid_to") : nil
    if let from, let to, to <= from { throw bottle.error("valid_to", "not after `valid_from`") }
    return BottleCertificate(
        bottle: try bottle.text("id"),
        valuePartsPerMillion: value,
        standardUncertaintyPartsPerMillion: uncertainty,
        certifiedScale: scale,
        validFrom: from,
        validTo: to
    )
}

extension BottleCertificate {
    fileprivate func overlaps(_ other: BottleCertificate) -> Bool {
        let startsInTime = validFrom.map { start in other.validTo.map { start < $0 } ?? true } ?? true
        let endsInTime = validTo.map { end in other.validFrom.map { end > $0 } ?? true } ?? true
        return startsInTime && endsInTime
    }
}

extension ConfigurationObject {
    /// Stretches of time, each `[from, to]` in ISO 8601 with zone.
    func periods(_ key: String) throws(ConfigurationError) -> [Period] {
        var periods: [Period] = []
        for pair in try textLists(key) {
            guard pair.count == 2, let start = Instant(iso8601: pair[0]), let end = Instant(iso8601: pair[1]),
                start < end
            else { throw error(key, "each period is [from, to] in ISO 8601 with zone") }
            periods.append(Period(start: start, end: end))
        }
        return periods.sorted { $0.start < $1.start }
    }

    /// A number that counts something.
    func whole(_ key: String, _ number: Double) throws(ConfigurationError) -> Int {
        guard let count = Int(exactly: number), count <= 1_000_000_000 else {
            throw error(key, "must be a whole number")
        }
        return count
    }
}
