import Archive
import Digests
import Formats
import Observations
import Quantities

/// The readings of the store that fall into the period of a case.
struct StationReadings {
    let definition: Case
    let store: String
    let networks: [String]

    /// Every reading of the gas by the networks in the period, whatever its flag, in the order of time.
    func all() async throws -> [StoredReading] {
        let query = ReadingQuery(gas: definition.gas, period: definition.period)
        let known = Set(networks)
        return try await readArchive(at: store) { archive in
            try archive.storedReadings(query).filter { known.contains($0.network) }
        }
    }

    /// SHA-256 over the readings as text, which does not change when the store grows.
    static func digest(_ readings: [StoredReading]) -> String {
        var hash = SHA256()
        for stored in readings {
            let reading = stored.reading
            let value = reading.valuePartsPerMillion.map { String($0) } ?? ""
            let sigma = reading.standardUncertaintyPartsPerMillion.map { String($0) } ?? ""
            let fields = [
                stored.network, reading.station, reading.instrument, reading.gas.rawValue,
                reading.time.description, value,
                sigma, reading.scale.rawValue, String(reading.flag.rawValue),
            ]
            hash.update(Array((fields.joined(separator: ",") + "\n").utf8))
        }
        return hash.hexDigest()
    }
}

extension MatchedRow {
    /// The scale of the observations that are used; nil where none states one.
    ///
    /// Different scales must not meet in one inversion: 0.2 ppm between X2007 and X2019 is a bias.
    /// - Throws: ``ScaleMixture`` naming stations and instruments.
    static func commonScale(
        of rows: [MatchedRow],
        _ gas: Gas
    ) throws(ScaleMixture) -> CalibrationScale? {
        var members: [(name: String, scale: CalibrationScale)] = []
        for row in rows where row.observation.isUsed {
            if let scale = row.scale { members.append((row.observation.source.english, scale)) }
        }
        return try ScaleMixture.commonScale(of: members, gas)
    }
}
