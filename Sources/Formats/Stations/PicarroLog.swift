import Observations
import Quantities

/// Completes the mapping of a Picarro user log by the columns that the analyser writes under known names. What the
/// network file says itself goes first.
///
/// Times are those of the analyser, whose logs are in UTC. The dry channel of a gas is taken where there is one: the
/// analyser's own correction for water is better than dilution alone (wet/dry = 1 - 0.01548 h for CO2 in a G2301,
/// where dilution is 1 - 0.01 h). Where it is dead and the moist channel is not, that one is taken and is suspect. The
/// condition `dry` tells: 1 when all values of a row are dry, 0 when one is not.
/// - Throws: ``RecordError`` when the log has no columns of time or of a gas.
func picarroMapping(
    _ declared: RecordMapping,
    header: [String],
    _ path: String
) throws(RecordError) -> RecordMapping {
    var mapping = declared
    if mapping.time.columns.isEmpty {
        guard let time = picarroTime(header) else {
            throw .invalid(
                path: path,
                place: "line 1",
                problem: "no columns `EPOCH_TIME` or `DATE` and `TIME`"
            )
        }
        mapping.time = time
    }
    if mapping.values.isEmpty { mapping.values = picarroValues(header) }
    guard !mapping.values.isEmpty else {
        throw .invalid(path: path, place: "line 1", problem: "no column of a gas, such as `CO2_dry`")
    }
    if mapping.position == nil, header.contains("GPS_ABS_LAT"), header.contains("GPS_ABS_LONG") {
        mapping.position = .init(
            longitude: "GPS_ABS_LONG",
            latitude: "GPS_ABS_LAT",
            altitude: nil,
            accuracy: nil,
            satellites: nil,
            speed: header.contains("CAR_SPEED") ? "CAR_SPEED" : nil
        )
    }
    let taken = Set(mapping.state.map { $0.name })
    for (name, column) in picarroState where !taken.contains(name) && header.contains(column) {
        mapping.state.append(.init(name: name, column: column))
    }
    if header.contains("H2O"), !mapping.conditions.contains(where: { $0.name == "h2o" }) {
        mapping.conditions.append(.init(name: "h2o", column: "H2O", conversion: .identity))
    }
    return mapping
}

private func picarroTime(_ header: [String]) -> RecordMapping.TimeSource? {
    if header.contains("EPOCH_TIME") {
        return .init(columns: ["EPOCH_TIME"], format: .secondsSince1970)
    }
    guard header.contains("DATE"), header.contains("TIME") else { return nil }
    return .init(columns: ["DATE", "TIME"], format: .iso8601InUTC)
}

private func picarroValues(_ header: [String]) -> [RecordMapping.ValueSource] {
    let names: [(Gas, String)] = [(.co2, "CO2"), (.ch4, "CH4"), (.co, "CO"), (.n2o, "N2O")]
    return names.compactMap { gas, name in
        let isDry = header.contains("\(name)_dry")
        guard isDry || header.contains(name) else { return nil }
        return .init(
            gas: gas,
            column: isDry ? "\(name)_dry" : name,
            uncertainty: nil,
            unit: .partsPerMillion,
            flag: nil,
            channel: isDry ? .dry(otherwise: header.contains(name) ? name : nil) : .wet
        )
    }
}

/// Under the names that messages of these analysers use, with the units of the log: Torr, degree Celsius.
private let picarroState = [
    ("cp", "CavityPressure"), ("ct", "CavityTemp"), ("dt", "DasTemp"), ("status", "INST_STATUS"),
    ("alarm", "ALARM_STATUS"), ("species", "species"), ("fit", "GPS_FIT"),
]
