import Archive
import Geo
import Observations
import Quantities

/// Makes the background that an export asks for.
struct BackgroundSource {
    let export: ExportRun
    private var settings: ExportSettings { export.settings }

    /// The background for all instruments of the station; nil where each is its own.
    /// - Throws: ``ScaleMixture`` when it does not share its scale with what exceeds it.
    func shared(
        _ series: [SeriesName: [Reading]],
        _ archive: borrowing ArchiveReader
    ) throws -> (any Background)? {
        if settings.background == .upwind { return try upwind(series, archive) }
        guard let station = settings.backgroundStations.first else { return nil }
        var query = export.query
        query.stations = [station]
        // What blows in has been there before: the windows around the first and last hour count too.
        query.period = settings.background == .curve ? nil : query.period
        let around = try export.usableReadings(archive, query)
        guard around.count <= 1 else { throw ManyInstruments(station: station, count: around.count) }
        guard let readings = around.first?.value else {
            throw BackgroundError.nothingUsable(station: station)
        }
        try checkScale(series, around)
        return try own(of: readings)
    }

    /// The background that an instrument gives itself, or others.
    func own(of readings: [Reading]) throws -> any Background {
        switch settings.background {
        case .curve, .upwind: try CurveBackground(of: readings, usableFlags: settings.usableFlags)
        case .percentile:
            try PercentileBackground(
                of: readings,
                percentile: settings.percentile,
                windowSeconds: settings.windowHours * 3600,
                usableFlags: settings.usableFlags
            )
        }
    }

    /// From the stations around, as the wind of a station blows.
    private func upwind(
        _ series: [SeriesName: [Reading]],
        _ archive: borrowing ArchiveReader
    ) throws -> any Background {
        let place = try place(series)
        let own = Set(export.query.stations ?? [])
        var query = export.query
        query.stations = settings.backgroundStations.isEmpty ? nil : settings.backgroundStations
        query.period = query.period.map(Self.wholeHours)
        let around = try export.usableReadings(archive, query).filter { !own.contains($0.key.station) }
        try checkScale(series, around)
        let readings = around.sorted { $0.key < $1.key }.flatMap(\.value)
        var upwind = UpwindBackground.Settings()
        upwind.statistic = .percentile(settings.percentile)
        upwind.usableFlags = settings.usableFlags
        return try UpwindBackground(at: place, of: readings, wind: try wind(query.period, archive), upwind)
    }

    private func wind(_ period: Period?, _ archive: borrowing ArchiveReader) throws -> [WindMean] {
        let name = settings.windStation ?? ""
        let stations = try archive.stationExtents().filter { $0.station == name }
        var means: [WindMean] = []
        for station in stations {
            try WindTable.forEachStretch(of: station, within: period, .hour, step: nil, archive) {
                means += $0
            }
        }
        guard !means.isEmpty else { throw NoWind(station: name) }
        return means
    }

    /// An hour of wind needs its hour of readings.
    private static func wholeHours(_ period: Period) -> Period {
        guard period.start.microseconds > .min, period.end.microseconds < .max else { return period }
        return Period(
            start: AggregateInterval.hour.window(containing: period.start).start,
            end: AggregateInterval.hour.window(containing: period.last).end
        )
    }

    /// Where the station stands.
    private func place(_ series: [SeriesName: [Reading]]) throws -> Position {
        let station = export.query.stations?.first ?? ""
        let positions = series.sorted { $0.key < $1.key }.flatMap(\.value).compactMap(\.position)
        guard let first = positions.first,
            positions.allSatisfy({ $0.distanceMetres(to: first) < Self.samePlaceMetres })
        else { throw NoPlace(station: station, isMoving: !positions.isEmpty) }
        return first
    }

    private static let samePlaceMetres = 1000.0

    /// Between instruments only what is tied to one scale can be compared.
    private func checkScale(
        _ series: [SeriesName: [Reading]],
        _ others: [SeriesName: [Reading]]
    ) throws(ScaleMixture) {
        let all = series.merging(others) { own, _ in own }
        _ = try ScaleMixture.commonScale(of: all.values.joined(), requiresTie: true)
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

/// A station that does not measure the wind.
struct NoWind: Fault {
    let station: String
    var exitStatus: ExitStatus { .badData }
    var what: String { "no wind was measured" }
    var place: String { "station \(station)" }
    var remedy: String { "take a station whose conditions hold ws and wd; see `crosswind export weather`" }
}

/// A station to which no direction leads.
struct NoPlace: Fault {
    let station: String
    let isMoving: Bool
    var exitStatus: ExitStatus { .badData }
    var what: String {
        isMoving ? "what is upwind of a vehicle changes with its way" : "the readings carry no position"
    }
    var place: String { "station \(station)" }
    var remedy: String { "take --background percentile" }
}
