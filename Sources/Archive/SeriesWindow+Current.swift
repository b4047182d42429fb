public import Observations

extension SeriesWindow {
    /// The readings as they stand: with their final flags, and calibrated where they are.
    public var currentReadings: [Reading] {
        standing { _, row in QualityVerdict(flag: row.flag, tests: row.tests) }
    }

    /// The readings as they stood before they were compared with other series.
    public var uncomparedReadings: [Reading] {
        standing { reading, row in
            QualityVerdict(flag: row.flag, tests: row.tests).withoutComparison(reported: reading.tests)
        }
    }

    private func standing(_ verdict: (Reading, SettledRow) -> QualityVerdict) -> [Reading] {
        zip(readings, settled).map { reading, row in
            let verdict = verdict(reading, row)
            return Reading(
                station: reading.station,
                instrument: reading.instrument,
                gas: reading.gas,
                time: reading.time,
                valuePartsPerMillion: row.value.map(\.partsPerMillion) ?? reading.valuePartsPerMillion,
                scale: row.value?.scale ?? reading.scale,
                position: reading.position,
                standardUncertaintyPartsPerMillion: row.value.map(\.standardUncertaintyPartsPerMillion)
                    ?? reading.standardUncertaintyPartsPerMillion,
                flag: verdict.flag,
                tests: verdict.tests,
                conditions: reading.conditions,
                bottle: reading.bottle
            )
        }
    }
}
