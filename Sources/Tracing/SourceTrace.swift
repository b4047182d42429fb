import Foundation
import Geo
public import Quantities
import Transport

/// Enhancements of one stretch of time, and what made them.
public struct TracedEvent: Sendable {
    public let period: Period
    /// Means of a window at a sensor that were used.
    public let meanCount: Int
    /// Largest enhancement of a mean, ppm, its sensor, and how many standard deviations of the noise it is.
    public let peakEnhancement: Double
    public let peakSensor: String
    public let peakLevel: Double
    /// Of the whole event; see ``WindowWeather``.
    public let windSpeed: Double
    public let windFromDegrees: Double
    public let calmShare: Double
    /// Nil without candidates.
    public let attribution: Attribution?
    /// Nil without a scan.
    public let location: SourceLocation?
}

/// What a run of the search found.
public struct TraceResult: Sendable {
    public let events: [TracedEvent]
    public let sensors: [String]
    public let windowCount: Int
    /// Means without wind, which were not used.
    public let windlessCount: Int
    /// Standard deviation of window means without plumes, sensor by sensor, ppm.
    public let noise: [Double]
    /// Nil without candidates, and where there is none.
    public let windDoubt: WindDoubt?
}

/// Finds when something is emitted near sensors, where, and how much.
public struct SourceTrace: Sendable {
    public let settings: TraceSettings
    let wind: WindRecord
    let means: WindowMeans
    let plane: TouchingPlane
    let site: Position
    let plumes: [PlumeSensitivity]
    /// By windows since 1970.
    let weather: [Int64: WindowWeather]
    private let windless: Int

    /// - Throws: ``TraceError``.
    public init(
        _ readings: [SensorReading],
        wind: WindRecord,
        _ settings: TraceSettings
    ) throws(TraceError) {
        self.settings = settings
        self.wind = wind
        var means = try WindowMeans(readings, windowSeconds: settings.windowSeconds)
        site = means.readings[0].position
        plane = TouchingPlane(longitude: site.longitude, latitude: site.latitude)
        for reading in means.readings { try Self.check(reading.position, reading.sensor, from: site) }
        var weather: [Int64: WindowWeather] = [:]
        for window in Set(means.rows.map(\.window)) {
            let period = means.period(of: window...window)
            weather[window] = WindowWeather(wind, period, at: site, settings)
        }
        means.removeBackground(settings)
        let all = means.rows.count
        means.rows.removeAll { weather[$0.window] == nil }
        guard !means.rows.isEmpty else { throw .noCommonTime }
        windless = all - means.rows.count
        self.means = means
        self.weather = weather
        plumes = PlumeSensitivity.turned(wind, settings)
    }

    private static func check(_ position: Position, _ name: String, from site: Position) throws(TraceError) {
        let kilometres = position.distanceMetres(to: site) / 1000
        guard kilometres <= TraceError.farthestKilometres else {
            throw .tooFarApart(name, kilometres: kilometres)
        }
    }

    /// - Parameters:
    ///   - sources: that may have made an event; none to look for places alone.
    ///   - scan: places to look at; nil for none.
    /// - Throws: ``TraceError``, `CancellationError`.
    public func perform(sources: [CandidateSource], scan: PlaceGrid? = nil) async throws -> TraceResult {
        for source in sources { try Self.check(source.position, source.name, from: site) }
        let origins = sources.map { origin($0.position, $0.heightMetres, $0.sizeMetres) }
        var means = means
        if case .upwind = settings.background, !origins.isEmpty {
            means.removeCommonPart { row in
                origins.allSatisfy {
                    sensitivity(of: $0, row, plumes[0]).mean * Self.cleanRate < row.deviation
                }
            }
        }
        var events: [TracedEvent] = []
        var rowsOfEvents: [[WindowMean]] = []
        for rows in EventDetection.events(in: means, settings) {
            try Task.checkCancellation()
            let part = Array(means.rows[rows])
            let data = EventData(part)
            let columns = origins.map { column(of: $0, part, plumes) }
            let attribution =
                sources.isEmpty
                ? nil
                : Attribution(data, names: sources.map(\.name), columns: columns, settings)
            let location = try await locate(part, data, scan)
            events.append(event(part, attribution, location))
            rowsOfEvents.append(part)
        }
        return TraceResult(
            events: events,
            sensors: means.sensors,
            windowCount: weather.count,
            windlessCount: windless,
            noise: means.sensors.indices.map { sensor in
                means.rows.first { $0.sensor == sensor }?.deviation ?? .nan
            },
            windDoubt: windDoubt(
                rowsOfEvents,
                origins,
                evidence: events.compactMap(\.attribution?.logEvidence).reduce(0, +)
            )
        )
    }

    /// A sensor is upwind of a source of so much that does not show, kg h-1.
    private static let cleanRate = 1.0

    func origin(_ position: Position, _ height: Double, _ size: Double) -> PlumeOrigin {
        PlumeOrigin(
            place: plane.place(longitude: position.longitude, latitude: position.latitude),
            heightMetres: height,
            sizeMetres: size
        )
    }

    func column(of origin: PlumeOrigin, _ rows: [WindowMean], _ plumes: [PlumeSensitivity]) -> TurnedColumn {
        TurnedColumn(turns: plumes.map { turned in rows.map { sensitivity(of: origin, $0, turned) } })
    }

    /// Mean over the readings of a window.
    func sensitivity(of origin: PlumeOrigin, _ row: WindowMean, _ plumes: PlumeSensitivity) -> Sensitivity {
        guard let weather = weather[row.window] else { return Sensitivity() }
        var (sum, count) = (Sensitivity(), 0.0)
        for reading in means.readings[row.readings] {
            guard let step = wind.index(at: reading.time) else { continue }
            sum =
                sum
                + plumes.sensitivity(
                    of: origin,
                    at: plane.place(
                        longitude: reading.position.longitude,
                        latitude: reading.position.latitude
                    ),
                    heightMetres: reading.heightMetres,
                    step: step,
                    weather
                )
            count += 1
        }
        return count > 0 ? sum.scaled(by: 1 / count) : sum
    }

    private func event(_ rows: [WindowMean], _ attribution: Attribution?, _ location: SourceLocation?)
        -> TracedEvent
    {
        let peak = rows.max { ($0.enhancement, $1.sensor) < ($1.enhancement, $0.sensor) } ?? rows[0]
        let windows = rows[0].window...rows[rows.count - 1].window
        let period = means.period(of: windows)
        let mean = WindowWeather(wind, period, at: site, settings)
        return TracedEvent(
            period: period,
            meanCount: rows.count,
            peakEnhancement: peak.enhancement,
            peakSensor: means.sensors[peak.sensor],
            peakLevel: peak.enhancement / peak.deviation,
            windSpeed: mean?.speed ?? .nan,
            windFromDegrees: mean?.windFromDegrees ?? .nan,
            calmShare: mean?.calmShare ?? .nan,
            attribution: attribution,
            location: location
        )
    }
}

extension EventData {
    init(_ rows: [WindowMean]) {
        enhancements = rows.map(\.enhancement)
        deviations = rows.map(\.deviation)
        sensors = rows.map(\.sensor)
        var windows: [Range<Int>] = []
        for index in rows.indices {
            if let last = windows.last, rows[last.lowerBound].window == rows[index].window {
                windows[windows.count - 1] = last.lowerBound..<(index + 1)
            } else {
                windows.append(index..<(index + 1))
            }
        }
        self.windows = windows
    }
}
