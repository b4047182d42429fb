import Archive
import Observations
import Quantities
import Transport

/// A row of the observation vector with the footprint that belongs to it.
struct MatchedRow: Sendable {
    /// Row of the sensitivity table; meaningless when the observation is excluded for want of a footprint.
    var footprintRow: Int
    var scale: CalibrationScale?
    /// Station and intake height, such as `TAC-100`.
    var platform = ""
    /// Metres above ground; nil where the network does not say.
    var intakeHeightMetres: Double?
    var observation: ObservationRow
}

/// Brings readings and footprints together by station and start of the averaging period.
struct ReadingMatch {
    let table: SensitivityTable
    let closure: BoundaryClosure
    let flags: [QualityFlag]
    let stations: [Station]

    private struct Key: Hashable {
        let station: String
        let time: Instant
    }

    /// One row for each footprint without a reading, each reading with a footprint, and each reading without.
    func rows(_ readings: [StoredReading]) -> [MatchedRow] {
        let byKey = Dictionary(grouping: readings) { Key(station: $0.reading.station, time: $0.reading.time) }
        var matched: Set<Key> = []
        var rows: [MatchedRow] = []
        for row in 0..<table.rows {
            let site = table.sites[table.siteIndices[row]]
            let key = Key(station: site.name, time: table.times[row])
            guard let own = byKey[key] else {
                rows.append(missing(row, site))
                continue
            }
            matched.insert(key)
            rows += own.map { match($0, row) }
        }
        for reading in readings {
            let key = Key(station: reading.reading.station, time: reading.reading.time)
            guard !matched.contains(key) else { continue }
            var row = match(reading, nil)
            row.observation.exclusion = row.observation.exclusion ?? .noFootprint
            rows.append(row)
        }
        return rows
    }

    private func missing(_ row: Int, _ site: SensitivityTable.Site) -> MatchedRow {
        MatchedRow(
            footprintRow: row,
            observation: ObservationRow(
                source: name(station: site.name, instrument: nil),
                time: table.times[row],
                position: site.position,
                exclusion: .noReading
            )
        )
    }

    private func match(_ stored: StoredReading, _ row: Int?) -> MatchedRow {
        let reading = stored.reading
        let instruments = stations.first { $0.id == reading.station }?.instruments ?? []
        let height = instruments.first { $0.id == reading.instrument }?.inletHeightMetres
        return MatchedRow(
            footprintRow: row ?? 0,
            scale: reading.scale,
            platform: reading.station + (height.map { "-\(Self.short($0))" } ?? ""),
            intakeHeightMetres: height,
            observation: ObservationRow(
                source: name(station: reading.station, instrument: reading.instrument),
                time: reading.time,
                position: reading.position,
                value: reading.valuePartsPerMillion,
                sigma: reading.standardUncertaintyPartsPerMillion,
                rawMessage: stored.rawMessage,
                exclusion: exclusion(reading, row)
            )
        )
    }

    private static func short(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }

    private func exclusion(_ reading: Reading, _ row: Int?) -> Exclusion? {
        guard reading.valuePartsPerMillion != nil, flags.contains(reading.flag) else { return .flagged }
        guard let sigma = reading.standardUncertaintyPartsPerMillion, sigma > 0 else { return .noUncertainty }
        guard let row else { return .noFootprint }
        return closure.closure[row] >= closure.threshold ? nil : .incompleteFootprint
    }

    private func name(station id: String, instrument: String?) -> LocalizedName {
        let names = stations.first { $0.id == id }?.names ?? LocalizedName(english: id)
        guard let instrument else { return names }
        return LocalizedName(
            english: "\(names.english), \(instrument)",
            chinese: "\(names.chinese)，\(instrument)"
        )
    }
}
