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
        let window = Self.window(receptors, settings.dispersion)
        source = try await MeteorologyFiles.open(settings.meteorology, window: window)
        try source.requireCoverage(of: window)
        files = settings.meteorology
        try Self.requirePlaces(of: receptors, within: source.grid, files)
        let share = Self.shareWithin(settings.grid.grid, source.grid)
        guard share > 0 else { throw WeatherFault.gridOutside(settings.grid.name, files) }
        if share < 1 { remarks.append(.gridBeyondWeather(1 - share)) }
    }

    /// From the first to the last moment that any particle is under way.
    static func window(_ receptors: [Receptor], _ options: DispersionOptions) -> Period {
        let periods = receptors.map(\.period)
        let first = periods.map(\.start).min() ?? Instant(microseconds: 0)
        let last = periods.map(\.end).max() ?? first
        let seconds = options.hours * 3600
        return options.direction == .backward
            ? Period(start: first.advanced(bySeconds: -seconds), end: last)
            : Period(start: first, end: last.advanced(bySeconds: seconds))
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

    func summary(of meteorology: Meteorology) -> MeteorologySummary {
        MeteorologySummary(
            sources: source.sources.map { FileProvenance.Input.name(ofFile: $0) },
            times: source.times.count,
            first: source.times.first,
            last: source.times.last,
            boundaryLayer: MeteorologySummary.BoundaryLayerSource(meteorology),
            topMetres: meteorology.lowestTopMetres
        )
    }

    /// All hours, with the boundary-layer heights that the files do not give.
    func read(_ progress: StepProgress) async throws -> Meteorology {
        let heartbeat = Heartbeat.inherited
        defer { heartbeat.doneReading() }
        let start = progress.elapsedSeconds
        var hours: [MeteorologyHour] = []
        for index in source.times.indices {
            heartbeat.reading(files.joined(separator: ", "))
            hours.append(try await source.hour(at: index).withBoundaryLayer)
            progress.show("hours of weather", done: index + 1, of: source.times.count, since: start)
        }
        return Meteorology(grid: source.grid, hours: hours, sources: source.sources)
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

    /// Where the heights of the boundary layer come from; the words of `--json` stay as they are.
    enum BoundaryLayerSource: String, Sendable, Encodable {
        case read
        case diagnosed
        case mixed

        init(_ meteorology: Meteorology) {
            let count = meteorology.hours.count { $0.surface.hasDiagnosedBoundaryLayer }
            self = count == 0 ? .read : count == meteorology.hours.count ? .diagnosed : .mixed
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

extension Meteorology {
    /// The lowest height above ground that the highest level has, m; infinite without levels.
    var lowestTopMetres: Double {
        hours.map { Double($0.heightMetres.suffix(grid.cellCount).min() ?? .infinity) }.min() ?? .infinity
    }
}
