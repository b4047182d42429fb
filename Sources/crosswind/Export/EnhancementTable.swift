import Archive
import Geo
import Observations
import Quantities

/// Writes by how much the usable readings of a station exceed the background. The readings of the station, and of
/// the one that gives the background, are held in memory.
struct EnhancementExport {
    private let settings: ExportSettings

    init(_ settings: ExportSettings) { self.settings = settings }

    /// Rows in the order of instruments, then of time.
    func write(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery,
        to writer: ExportRowWriter
    ) throws {
        let series = try readings(archive, query)
        guard !series.isEmpty else {
            throw BackgroundError.nothingUsable(station: query.stations?.first ?? "")
        }
        var shared: (any Background)?
        if let station = settings.backgroundStation {
            shared = try background(ofStation: station, archive, query)
        }
        for (name, readings) in series.sorted(by: { $0.key < $1.key }) {
            let background = try shared ?? background(of: readings)
            for reading in readings {
                let enhancement = try reading.enhancement(over: background)
                writer.put(EnhancementRow(name, reading, enhancement, background.station))
            }
        }
    }

    private func background(
        ofStation station: String,
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery
    ) throws -> any Background {
        var query = query
        query.stations = [station]
        // What blows in has been there before: the windows around the first and last hour count too.
        if settings.background == .curve { query.period = nil }
        let series = try readings(archive, query)
        guard series.count <= 1 else { throw ManyInstruments(station: station, count: series.count) }
        guard let readings = series.first?.value else {
            throw BackgroundError.nothingUsable(station: station)
        }
        return try background(of: readings)
    }

    private func background(of readings: [Reading]) throws -> any Background {
        switch settings.background {
        case .curve: try CurveBackground(of: readings, usableFlags: settings.usableFlags)
        case .percentile:
            try PercentileBackground(
                of: readings,
                percentile: settings.percentile,
                windowSeconds: settings.windowHours * 3600,
                usableFlags: settings.usableFlags
            )
        }
    }

    /// The usable readings with a value, by series and in the order of time.
    private func readings(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery
    ) throws -> [SeriesName: [Reading]] {
        var query = query
        query.flags = settings.usableFlags.sorted { $0.rawValue < $1.rawValue }
        var series: [SeriesName: [Reading]] = [:]
        var failure: (any Error)?
        try archive.forEachReading(query) { stored in
            guard failure == nil, stored.reading.valuePartsPerMillion != nil else { return }
            do {
                series[SeriesName(stored), default: []].append(try settings.converted(stored.reading))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return series
    }
}

/// A background station of which it is not clear what it measures the background with.
struct ManyInstruments: Fault {
    let station: String
    let count: Int
    var exitStatus: ExitStatus { .badData }
    var what: String { "\(count) instruments of the background station measure the gas" }
    var place: String { "station \(station)" }
    var remedy: String { "take a station with one" }
}

struct EnhancementRow: ExportRow {
    let time: Instant
    let network: String
    let station: String
    let instrument: String
    let gas: Gas
    let valuePartsPerMillion: Double?
    let standardUncertaintyPartsPerMillion: Double?
    let scale: CalibrationScale
    let backgroundStation: String
    let backgroundPartsPerMillion: Double?
    let backgroundStandardUncertaintyPartsPerMillion: Double?
    let enhancementPartsPerMillion: Double?
    let enhancementStandardUncertaintyPartsPerMillion: Double?
    let longitude: Double?
    let latitude: Double?
    let flag: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case time, network, station, instrument, gas
        case valuePartsPerMillion = "value_ppm"
        case standardUncertaintyPartsPerMillion = "standard_uncertainty_ppm"
        case scale
        case backgroundStation = "background_station"
        case backgroundPartsPerMillion = "background_ppm"
        case backgroundStandardUncertaintyPartsPerMillion = "background_standard_uncertainty_ppm"
        case enhancementPartsPerMillion = "enhancement_ppm"
        case enhancementStandardUncertaintyPartsPerMillion = "enhancement_standard_uncertainty_ppm"
        case longitude, latitude, flag
    }

    static let header = CodingKeys.allCases.map { $0.rawValue }

    init(_ name: SeriesName, _ reading: Reading, _ enhancement: Enhancement?, _ background: String) {
        time = reading.time
        network = name.network
        station = name.station
        instrument = name.instrument
        gas = name.gas
        valuePartsPerMillion = reading.valuePartsPerMillion
        standardUncertaintyPartsPerMillion = reading.standardUncertaintyPartsPerMillion
        scale = reading.scale
        backgroundStation = background
        backgroundPartsPerMillion = enhancement?.backgroundPartsPerMillion
        backgroundStandardUncertaintyPartsPerMillion =
            enhancement?.backgroundStandardUncertaintyPartsPerMillion
        enhancementPartsPerMillion = enhancement?.partsPerMillion
        enhancementStandardUncertaintyPartsPerMillion = enhancement?.standardUncertaintyPartsPerMillion
        longitude = reading.position?.longitude
        latitude = reading.position?.latitude
        flag = "\(reading.flag)"
    }

    var fields: [String] {
        [
            "\(time)", network, station, instrument, gas.rawValue, field(valuePartsPerMillion),
            field(standardUncertaintyPartsPerMillion), scale.rawValue, backgroundStation,
            field(backgroundPartsPerMillion), field(backgroundStandardUncertaintyPartsPerMillion),
            field(enhancementPartsPerMillion), field(enhancementStandardUncertaintyPartsPerMillion),
            field(longitude), field(latitude), flag,
        ]
    }
}
