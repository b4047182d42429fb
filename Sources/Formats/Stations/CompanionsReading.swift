import Geo
import Observations
import Quantities

/// The member `companions` of instruments: which other series of the network their readings are compared with. Needs
/// all stations, so that it is read after them.
func readCompanions(
    _ descriptions: [ConfigurationObject],
    of stations: inout [Station]
) throws(ConfigurationError) {
    let all = stations
    for (place, description) in descriptions.enumerated() {
        let instruments = try description.objects("instruments", known: Instrument.keys)
        for (index, object) in instruments.enumerated() {
            let reading = CompanionsReading(stations: all, station: all[place], instrument: index)
            stations[place].instruments[index].companions = try reading.companions(object)
        }
    }
}

private struct CompanionsReading {
    let stations: [Station]
    let station: Station
    let instrument: Instrument

    init(stations: [Station], station: Station, instrument: Int) {
        self.stations = stations
        self.station = station
        self.instrument = station.instruments[instrument]
    }

    private static let keys = ["buddies", "reference", "gas", "stations"]

    /// Nil where there is nothing to compare with.
    func companions(_ object: ConfigurationObject) throws(ConfigurationError) -> Companions? {
        var companions = Companions(of: series(station, instrument))
        companions.longitude = station.position?.longitude ?? 0
        if object.has("companions") {
            let named = try object.object("companions", known: Self.keys)
            guard Self.keys.contains(where: { named.has($0) }) else {
                throw object.error("companions", "names nothing to compare with: leave it out")
            }
            if named.has("buddies") { companions.buddies = try buddies(named) }
            if named.has("reference") { companions.reference = try reference(named) }
            if named.has("gas") { companions.gas = try gas(named) }
            if named.has("stations") { companions.passed = try passed(named) }
            if !named.has("stations") { companions.passed = passedByDefault }
            try requireLimits(named, object)
        } else {
            companions.passed = passedByDefault
        }
        try refuseIdleLimits(object, companions)
        let isAlone =
            companions.buddies.isEmpty && companions.reference == nil && companions.gas == nil
            && companions.passed.isEmpty
        return isAlone ? nil : companions
    }

    // MARK: - The members

    private func buddies(_ named: ConfigurationObject) throws(ConfigurationError) -> [CompanionSeries] {
        guard station.kind == .fixed else {
            throw named.error("buddies", "a vehicle has no neighbours, but `stations` that it passes")
        }
        return try others(named, "buddies", fixed: true).map { series($0.station, $0.instrument) }
    }

    private func reference(_ named: ConfigurationObject) throws(ConfigurationError) -> CompanionSeries {
        let other = try find(try named.text("reference"), named, "reference") { $0.gas == instrument.gas }
        try requireSamePlace(other.station, named)
        try requireComparableScale(other.instrument, named, "reference")
        return series(other.station, other.instrument)
    }

    /// The name of a gas that the station measures, or of a series.
    private func gas(_ named: ConfigurationObject) throws(ConfigurationError) -> CompanionSeries {
        let text = try named.text("gas")
        guard let gas = Gas(rawValue: text) else {
            guard text.contains("/") || stations.contains(where: { $0.id == text }) else {
                let known = Gas.allCases.map { $0.rawValue } + stations.map(\.id)
                throw unknown(named, "gas", text, "gas, and no station of this file", known)
            }
            let other = try find(text, named, "gas") { $0.gas != instrument.gas }
            return series(other.station, other.instrument)
        }
        guard gas != instrument.gas else { throw named.error("gas", "`\(text)` is no other gas") }
        guard let other = station.instruments.first(where: { $0.gas == gas }) else {
            throw named.error("gas", "`\(station.id)` measures no \(text)")
        }
        return series(station, other)
    }

    private func passed(_ named: ConfigurationObject) throws(ConfigurationError) -> [PassedStation] {
        guard station.kind == .vehicle else {
            throw named.error("stations", "a fixed station passes none, but has `buddies`")
        }
        return try others(named, "stations", fixed: true).compactMap { other in
            other.station.position.map {
                PassedStation(series: series(other.station, other.instrument), position: $0)
            }
        }
    }

    /// All fixed stations of the network that measure the same gas on a scale that can be compared.
    private var passedByDefault: [PassedStation] {
        guard station.kind == .vehicle, instrument.settledScale != .uncalibrated else { return [] }
        return stations.compactMap { other in
            let measured = other.instruments.first {
                $0.gas == instrument.gas
                    && $0.settledScale.isComparable(with: instrument.settledScale, of: $0.gas)
            }
            guard other.kind == .fixed, let position = other.position, let measured else { return nil }
            return PassedStation(series: series(other, measured), position: position)
        }
    }

    private func others(
        _ named: ConfigurationObject,
        _ key: String,
        fixed: Bool
    ) throws(ConfigurationError) -> [(station: Station, instrument: Instrument)] {
        var found: [(station: Station, instrument: Instrument)] = []
        for name in try named.texts(key) {
            let other = try find(name, named, key) { $0.gas == instrument.gas }
            guard !fixed || other.station.kind == .fixed else {
                throw named.error(key, "`\(name)` is no fixed station")
            }
            guard !found.contains(where: { $0.station.id == other.station.id }) else {
                throw named.error(key, "`\(other.station.id)` appears twice")
            }
            try requireComparableScale(other.instrument, named, key)
            found.append(other)
        }
        guard !found.isEmpty else { throw named.error(key, "names no station") }
        return found
    }

    // MARK: - Names

    private func series(_ station: Station, _ instrument: Instrument) -> CompanionSeries {
        CompanionSeries(station: station.id, instrument: instrument.id, gas: instrument.gas)
    }

    /// - Parameter name: of a station, or of one of its instruments after a slash.
    private func find(
        _ name: String,
        _ named: ConfigurationObject,
        _ key: String,
        where isMeant: (Instrument) -> Bool
    ) throws(ConfigurationError) -> (station: Station, instrument: Instrument) {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        guard let other = stations.first(where: { $0.id == parts.first }) else {
            let kind = "station of this file (companions are of the same file)"
            throw unknown(named, key, parts.first ?? "", kind, stations.map(\.id))
        }
        if parts.count > 1, !other.instruments.contains(where: { $0.id == parts[1] }) {
            let known = other.instruments.map(\.id)
            throw unknown(named, key, parts[1], "instrument of `\(other.id)`", known)
        }
        let candidates = other.instruments.filter { parts.count == 1 || $0.id == parts[1] }.filter(isMeant)
        guard let found = candidates.first else {
            let wanted = key == "gas" ? "no other gas" : "no \(instrument.gas.rawValue)"
            throw named.error(key, "`\(name)` measures \(wanted)")
        }
        guard other.id != station.id || found.gas != instrument.gas else {
            throw named.error(key, "`\(name)` cannot be its own companion")
        }
        return (other, found)
    }

    private func unknown(
        _ named: ConfigurationObject,
        _ key: String,
        _ name: String,
        _ kind: String,
        _ known: [String]
    ) -> ConfigurationError {
        let hint = nearest(to: name, among: known).map { ", did you mean `\($0)`?" } ?? ""
        return named.error(key, "`\(name)` is no \(kind)\(hint)")
    }

    // MARK: - Scales and limits

    /// Differences of values that are tied to no scale, or to another one, say nothing of the air. Neighbours are
    /// judged by how their difference varies, so that two that are uncalibrated alike can be compared.
    private func requireComparableScale(
        _ other: Instrument,
        _ named: ConfigurationObject,
        _ key: String
    ) throws(ConfigurationError) {
        let (own, scale) = (instrument.settledScale, other.settledScale)
        guard scale.isComparable(with: own, of: instrument.gas) else {
            throw named.error(key, "`\(other.id)` is on \(scale), and `\(instrument.id)` on \(own)")
        }
        guard own != .uncalibrated || key == "buddies" else {
            throw named.error(key, "`\(instrument.id)` is uncalibrated: it needs a `calibration`")
        }
    }

    /// Beside each other two instruments draw the same air; elsewhere their difference is that of the places.
    private func requireSamePlace(
        _ other: Station,
        _ named: ConfigurationObject
    ) throws(ConfigurationError) {
        guard other.kind == station.kind else {
            let moving = station.kind == .vehicle ? station.id : other.id
            throw named.error("reference", "`\(moving)` is a vehicle and does not stay beside the other")
        }
        guard station.kind == .fixed, let own = station.position, let place = other.position else { return }
        let metres = own.distanceMetres(to: place)
        guard metres <= Self.largestReferenceDistanceMetres else {
            let kilometres = (metres / 10).rounded(.up) / 100
            throw named.error(
                "reference",
                "`\(other.id)` stands \(kilometres) km away, and a reference at most 1 km: name it in `buddies`"
            )
        }
    }

    private static let largestReferenceDistanceMetres = 1000.0

    /// What has no default must be said, and what is turned off has none.
    private func requireLimits(
        _ named: ConfigurationObject,
        _ object: ConfigurationObject
    ) throws(ConfigurationError) {
        let quality = instrument.quality
        let described = object.has("quality") ? try object.object("quality", known: qualityKeys) : nil
        let absent = [
            ("buddies", "buddy", quality.buddy == nil),
            ("reference", "colocation", quality.colocation == nil),
            ("gas", "gas_ratio", quality.ratio == nil),
            ("stations", "station_pass", quality.stationPass == nil),
        ]
        for (key, limit, isAbsent) in absent where named.has(key) && isAbsent {
            guard described?.isOff(limit) != true else { continue }
            throw named.error(key, "needs the limits `\(limit)` in `quality`")
        }
    }

    /// Limits of a comparison that is never made would be ignored in silence.
    private func refuseIdleLimits(
        _ object: ConfigurationObject,
        _ companions: Companions
    ) throws(ConfigurationError) {
        guard object.has("quality") else { return }
        let quality = try object.object("quality", known: qualityKeys)
        let idle = [
            ("buddy", "buddies", companions.buddies.isEmpty),
            ("colocation", "reference", companions.reference == nil),
            ("gas_ratio", "gas", companions.gas == nil),
        ]
        for (limit, key, isIdle) in idle where quality.has(limit) && isIdle && !quality.isOff(limit) {
            throw quality.error(limit, "has no effect: `companions` names no `\(key)`")
        }
        if quality.has("station_pass"), !quality.isOff("station_pass"), station.kind == .fixed {
            throw quality.error("station_pass", "has no effect: a fixed station passes none")
        }
    }
}
