import Concurrent
import Formats
import Foundation
import Geo
import Quantities
import Transport

/// The weather of a run, with what can be known to fail before it is read.
struct FootprintWeather {
    private let source: any MeteorologySource
    private let files: [String]
    /// What the user must know.
    private(set) var remarks: [FootprintRemark] = []

    /// - Throws: for files that are no weather, `MeteorologyGap` for the first missing time, ``FootprintFault`` for
    ///   receptors and grids outside.
    init(_ settings: FootprintSettings, _ receptors: [Receptor]) async throws {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(settings.meteorology[0])
        defer { heartbeat.doneReading() }
        if !settings.repeatedWeather.isEmpty { remarks.append(.namedTwice(settings.repeatedWeather)) }
        let window = Self.window(receptors, settings.dispersion)
        source = try await MeteorologyFiles.open(settings.meteorology, window: window)
        for stretch in Self.stretches(receptors, settings.dispersion) {
            try source.requireCoverage(of: stretch)
        }
        files = settings.meteorology
        try Self.requirePlaces(of: receptors, within: source.grid, files)
        let share = Self.shareWithin(settings.grid.grid, source.grid)
        guard share > 0 else { throw WeatherFault.gridOutside(settings.grid.name, files) }
        if share < 1 { remarks.append(.gridBeyondWeather(1 - share)) }
    }

    /// From the first to the last moment that any particle is under way.
    static func window(_ receptors: [Receptor], _ options: DispersionOptions) -> Period {
        let stretches = stretches(receptors, options)
        let nothing = Instant(microseconds: 0)
        return Period(start: stretches.first?.start ?? nothing, end: stretches.last?.end ?? nothing)
    }

    /// Times that some particle is under way, apart from each other and ascending.
    private static func stretches(_ receptors: [Receptor], _ options: DispersionOptions) -> [Period] {
        var stretches: [Period] = []
        for period in receptors.map(options.periodUnderWay).sorted(by: { $0.start < $1.start }) {
            if let last = stretches.last, period.start <= last.end {
                stretches[stretches.count - 1] = Period(start: last.start, end: max(last.end, period.end))
            } else {
                stretches.append(period)
            }
        }
        return stretches
    }

    private static func requirePlaces(of receptors: [Receptor], within grid: CellGrid, _ files: [String])
        throws
    {
        for receptor in receptors {
            let places = GeographicPoints(
                longitudes: receptor.points.map(\.longitude),
                latitudes: receptor.points.map(\.latitude)
            )
            guard let index = grid.cells(holding: places).firstIndex(of: nil) else { continue }
            throw WeatherFault.receptorOutside(receptor.name, receptor.points[index], files)
        }
    }

    private static func shareWithin(_ grid: CellGrid, _ weather: CellGrid) -> Double {
        var within = 0
        for row in 0..<grid.rows {
            let cells = Array((row * grid.columns)..<((row + 1) * grid.columns))
            within += weather.cells(holding: grid.centres(of: cells)).count { $0 != nil }
        }
        return Double(within) / Double(grid.cellCount)
    }

    func summary(of account: WeatherAccount) -> MeteorologySummary {
        MeteorologySummary(
            sources: source.sources.map { FileProvenance.Input.name(ofFile: $0) },
            times: account.hours,
            first: source.times.first,
            last: source.times.last,
            boundaryLayer: MeteorologySummary.BoundaryLayerSource(account),
            topMetres: account.lowestTopMetres,
            timesWithoutDepth: account.withoutDepth
        )
    }

    /// Weather of which one hour was read, ready to slide along with receptors.
    ///
    /// - Parameter keepsStates: whether columns or errors of the weather ask for what was read.
    func window(_ design: GriddedAtmosphere.Design, keepsStates: Bool) async throws -> WeatherWindow {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(files.joined(separator: ", "))
        defer { heartbeat.doneReading() }
        return try await WeatherWindow(of: source, design, keepsStates: keepsStates)
    }

    /// Brings in the hours of a batch and lets go of others.
    func move(_ window: inout WeatherWindow, to hours: Range<Int>, _ progress: StepProgress) async throws {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(files.joined(separator: ", "))
        defer { heartbeat.doneReading() }
        let start = progress.elapsedSeconds
        try await window.move(to: hours, threads: availableThreads) { done, count in
            heartbeat.reading(files.joined(separator: ", "))
            progress.show("hours of weather", done: done, of: count, since: start)
        }
    }
}

/// The weather that was used.
struct MeteorologySummary: Sendable, Encodable {
    let sources: [String]
    let times: Int
    let first: Instant?
    let last: Instant?
    let boundaryLayer: BoundaryLayerSource
    /// The lowest height above ground that the highest level of the weather has, m.
    let topMetres: Double
    /// Times at which the boundary layer is nowhere thicker than 1 m.
    let timesWithoutDepth: Int

    /// Where the heights of the boundary layer come from; the words of `--json` stay as they are.
    enum BoundaryLayerSource: String, Sendable, Encodable {
        case read
        case diagnosed
        case mixed

        init(_ account: WeatherAccount) {
            let count = account.diagnosed
            self = count == 0 ? .read : count == account.hours ? .diagnosed : .mixed
        }

        /// For the attribute of a file.
        var text: String {
            let rule =
                "the bulk Richardson number reaching \(BoundaryLayer.criticalRichardsonNumber) (Vogelezang and "
                + "Holtslag 1996, Boundary-Layer Meteorol. 81, 245)"
            return switch self {
            case .read: "of the weather model"
            case .diagnosed: "diagnosed: \(rule)"
            case .mixed: "of the weather model where it gives them, else diagnosed: \(rule)"
            }
        }
    }
}

/// Receptors or a grid that do not meet the weather.
enum WeatherFault: Fault, Equatable {
    case receptorOutside(String, ReceptorPoint, [String])
    case gridOutside(String, [String])

    var exitStatus: ExitStatus { .badData }

    var what: String {
        switch self {
        case .receptorOutside(let name, let point, _):
            "receptor `\(name)` at \(point.longitude), \(point.latitude) lies outside of the weather"
        case .gridOutside(let name, _): "grid `\(name)` lies outside of the weather"
        }
    }

    var place: String {
        switch self {
        case .receptorOutside(_, _, let files), .gridOutside(_, let files): files.joined(separator: ", ")
        }
    }

    var remedy: String { "take weather of a larger region, or check longitude and latitude" }
}
