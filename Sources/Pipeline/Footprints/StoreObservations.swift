import Archive
import Digests
import Formats
import Foundation
import Geo
public import Observations
import Quantities
import Transport

/// Readings of a store, averaged over the time of each footprint, by instrument.
public struct StoreObservations: Sendable {
    public var store: String
    public var networks: [Network]
    /// Flags of readings that may be used.
    public var flags: [QualityFlag]

    public init(store: String, networks: [Network], flags: [QualityFlag] = [.good]) {
        self.store = store
        self.networks = networks
        self.flags = flags
    }

    /// A footprint of a moment stands for the readings of half an hour to either side.
    static let momentSeconds = 3600.0

    /// - Throws: ``ArchiveError``.
    func read(_ gas: Gas, for receptors: [FootprintReceptor]) async throws -> [FootprintObservation] {
        let windows = ReceptorWindows(receptors, stations: networks.flatMap(\.stations), gas)
        guard let period = windows.period else { return [] }
        let (known, flags) = (Set(networks.map(\.id)), flags)
        let means = try await readArchive(at: store) { archive in
            var means: [WindowMean.Key: WindowMean] = [:]
            let query = ReadingQuery(gas: gas, period: period)
            try archive.forEachReading(query) { stored in
                guard known.contains(stored.network) else { return }
                for window in windows.holding(stored.reading) {
                    let key = WindowMean.Key(
                        receptor: window,
                        station: stored.reading.station,
                        instrument: stored.reading.instrument
                    )
                    means[key, default: WindowMean()].add(
                        stored,
                        isUsable: flags.contains(stored.reading.flag)
                    )
                }
            }
            return means
        }
        return means.keys.sorted().compactMap { key in
            means[key].map { observation($0, key, receptors[key.receptor]) }
        }
    }

    private func observation(
        _ mean: WindowMean,
        _ key: WindowMean.Key,
        _ receptor: FootprintReceptor
    ) -> FootprintObservation {
        let station = networks.flatMap(\.stations).first { $0.id == key.station }
        let name = station?.names ?? LocalizedName(english: key.station)
        var measured = ReceptorObservation(
            name: receptor.name,
            time: receptor.time,
            value: mean.value ?? .nan,
            sigma: mean.sigma ?? .nan
        )
        measured.group = key.station
        measured.bias = "\(key.station) \(key.instrument)"
        measured.heightMetres = receptor.place?.heightMetres
        measured.position = mean.position
        var observation = FootprintObservation(measured)
        observation.source = LocalizedName(
            english: "\(name.english), \(key.instrument)",
            chinese: "\(name.chinese)，\(key.instrument)"
        )
        observation.intakeHeightMetres =
            station?.instruments.first { $0.id == key.instrument }?.inletHeightMetres
        observation.scale = mean.scale
        observation.rawMessage = mean.rawMessage
        if mean.value == nil {
            observation.exclusion = .flagged
        } else if mean.sigma == nil {
            observation.exclusion = .noUncertainty
        }
        return observation
    }

    /// SHA-256 over the means as text, which does not change when the store grows.
    static func digest(_ observations: [FootprintObservation]) -> String {
        var hash = SHA256()
        for observation in observations {
            let own = observation.measured
            let fields = [
                own.name, "\(own.time)", "\(own.value)", "\(own.sigma)", observation.source.english,
            ]
            hash.update(Array((fields.joined(separator: ",") + "\n").utf8))
        }
        return hash.hexDigest()
    }
}

/// Which footprints a reading counts for.
struct ReceptorWindows: Sendable {
    /// Footprints of each station and instrument, by time; their times may overlap no more than by what one lasts.
    private var indices: [String: [Int]] = [:]
    private let periods: [Period]
    private var longest = 0.0

    init(_ receptors: [FootprintReceptor], stations: [Station], _ gas: Gas) {
        periods = receptors.map { receptor in
            let half = StoreObservations.momentSeconds / 2
            return receptor.averagingSeconds > 0
                ? Period(
                    start: receptor.time,
                    end: receptor.time.advanced(bySeconds: receptor.averagingSeconds)
                )
                : Period(
                    start: receptor.time.advanced(bySeconds: -half),
                    end: receptor.time.advanced(bySeconds: half)
                )
        }
        let byName = Dictionary(grouping: receptors.indices) { receptors[$0].name.lowercased() }
        for station in stations {
            for instrument in station.instruments where instrument.gas == gas {
                let found = Self.receptors(station, instrument, byName, receptors)
                guard !found.isEmpty else { continue }
                indices[Self.key(station.id, instrument.id)] = found.sorted {
                    (periods[$0].start, $0) < (periods[$1].start, $1)
                }
            }
        }
        for own in indices.values { for index in own { longest = max(longest, periods[index].seconds) } }
    }

    /// Receptors are named `station`, or `station-60m` where a station has several inlets; of one name those at the
    /// height of the inlet.
    private static func receptors(
        _ station: Station,
        _ instrument: Instrument,
        _ byName: [String: [Int]],
        _ receptors: [FootprintReceptor]
    ) -> [Int] {
        let id = station.id.lowercased()
        let height = instrument.inletHeightMetres
        if let height {
            let text = Int(exactly: height).map { "\($0)" } ?? "\(height)"
            if let own = byName["\(id)-\(text)m"] { return own }
        }
        return (byName[id] ?? []).filter { index in
            guard let height, let place = receptors[index].place else { return true }
            let others = Set((byName[id] ?? []).map { receptors[$0].place?.heightMetres })
            return others.count < 2 || abs(place.heightMetres - height) <= 1
        }
    }

    private static func key(_ station: String, _ instrument: String) -> String {
        "\(station)\u{0}\(instrument)"
    }

    /// From the first to the last moment that counts; nil where no station has a footprint.
    var period: Period? {
        let used = indices.values.joined()
        guard let start = used.map({ periods[$0].start }).min(), let end = used.map({ periods[$0].end }).max()
        else { return nil }
        return Period(start: start, end: end)
    }

    func holding(_ reading: Reading) -> [Int] {
        guard let own = indices[Self.key(reading.station, reading.instrument)] else { return [] }
        // The first that begins later; before it, those that may still last.
        var (low, high) = (0, own.count)
        while low < high {
            let middle = (low + high) / 2
            if periods[own[middle]].start > reading.time { high = middle } else { low = middle + 1 }
        }
        var held: [Int] = []
        while low > 0 {
            low -= 1
            let period = periods[own[low]]
            if period.contains(reading.time) { held.append(own[low]) }
            if reading.time.seconds(since: period.start) > longest { break }
        }
        return held
    }
}

/// The mean of the readings of one instrument during a footprint.
struct WindowMean: Sendable {
    struct Key: Hashable, Comparable, Sendable {
        let receptor: Int
        let station: String
        let instrument: String

        static func < (a: Key, b: Key) -> Bool {
            (a.receptor, a.station, a.instrument) < (b.receptor, b.station, b.instrument)
        }
    }

    private var count = 0
    private var origin = 0.0
    private var sum = 0.0
    private var squares = 0.0
    private var sigmas: Double? = 0
    private(set) var position: Position?
    private(set) var scale: CalibrationScale?
    /// Of the first reading.
    private(set) var rawMessage: Int64?

    mutating func add(_ stored: StoredReading, isUsable: Bool) {
        let reading = stored.reading
        position = position ?? reading.position
        rawMessage = rawMessage ?? stored.rawMessage
        guard isUsable, let value = reading.valuePartsPerMillion, value.isFinite else { return }
        if count == 0 { origin = value }
        count += 1
        sum += value - origin
        squares += (value - origin) * (value - origin)
        scale = scale ?? reading.scale
        if let sigma = reading.standardUncertaintyPartsPerMillion, sigma > 0, let before = sigmas {
            sigmas = before + sigma
        } else {
            sigmas = nil
        }
    }

    /// ppm; nil where no reading can be used.
    var value: Double? { count > 0 ? origin + sum / Double(count) : nil }

    /// The mean uncertainty of the readings, as if their errors were one, with the standard error of their mean; ppm.
    var sigma: Double? {
        guard count > 0, let sigmas else { return nil }
        let number = Double(count)
        let spread = squares - sum * sum / number
        // Rounding may leave it below zero; what is not a number stays so.
        let variance = count > 1 && !(spread < 0) ? spread / (number - 1) : 0
        return (sigmas * sigmas / (number * number) + variance / number).squareRoot()
    }
}
