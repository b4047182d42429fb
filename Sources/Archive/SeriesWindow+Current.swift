public import Observations

extension SeriesWindow {
    /// The readings as they stand: with their final flags, and calibrated where they are.
    public var currentReadings: [Reading] {
        zip(readings, settled).map { reading, row in
            Reading(
                station: reading.station,
                instrument: reading.instrument,
                gas: reading.gas,
                time: reading.time,
                valuePartsPerMillion: row.value.map(\.partsPerMillion) ?? reading.valuePartsPerMillion,
                scale: row.value?.scale ?? reading.scale,
                position: reading.position,
                standardUncertaintyPartsPerMillion: row.value.map(\.standardUncertaintyPartsPerMillion)
                    ?? reading.standardUncertaintyPartsPerMillion,
                flag: row.flag,
                tests: row.tests,
                conditions: reading.conditions,
                bottle: reading.bottle
            )
        }
    }
}
