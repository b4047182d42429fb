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
    /// Ways that air takes longer for than a window.
    public let longWays: [LongWay]
}

/// From what may have made an event to the sensor of its peak, where air takes longer than a window: the wind changes
/// on the way, and what arrives was emitted in another window.
public struct LongWay: Hashable, Sendable {
    /// Nil for the place that a scan found.
    public let source: String?
    public let metres: Double
    /// At the mean speed of the wind in the event.
    public let seconds: Double
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
    let plumes: PlumeSensitivity
    /// Of each reading: its place in the plane, and the step of wind it falls into.
    private let places: [SIMD2<Double>]
    private let steps: [Int?]
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
        plumes = PlumeSensitivity(wind, .few(settings), settings)
        places = means.readings.map { [plane] in
            plane.place(longitude: $0.position.longitude, latitude: $0.position.latitude)
        }
        steps = means.readings.map { wind.index(at: $0.time) }
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
                    column(of: $0, [row], plumes).turns[0][0].mean * Self.cleanRate < row.deviation
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
            events.append(event(part, sources, attribution, location))
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
    /// A probability below which the way from a source is of no interest.
    private static let likelyEnough = 0.05

    func origin(_ position: Position, _ height: Double, _ size: Double) -> PlumeOrigin {
        PlumeOrigin(
            place: plane.place(longitude: position.longitude, latitude: position.latitude),
            heightMetres: height,
            sizeMetres: size
        )
    }

    /// Means over the readings of each window.
    func column(of origin: PlumeOrigin, _ rows: [WindowMean], _ plumes: PlumeSensitivity) -> TurnedColumn {
        var turns = [[Sensitivity]](repeating: [], count: plumes.turns.turns.count)
        for row in rows {
            let values = plumes.turns.sensitivities(values(of: origin, row, plumes))
            for (turn, value) in values.enumerated() { turns[turn].append(value) }
        }
        return TurnedColumn(turns: turns, logWeights: plumes.turns.logWeights)
    }

    /// What a source adds to a mean with each direction of the wind, ppm per kg h-1.
    private func values(of origin: PlumeOrigin, _ row: WindowMean, _ plumes: PlumeSensitivity) -> [Double] {
        var sums = [Double](repeating: 0, count: plumes.turns.directions.count)
        guard let weather = weather[row.window] else { return sums }
        var count = 0.0
        for reading in row.readings {
            guard let step = steps[reading] else { continue }
            plumes.add(
                origin,
                at: places[reading],
                heightMetres: means.readings[reading].heightMetres,
                step: step,
                weather,
                to: &sums
            )
            count += 1
        }
        return sums.map { $0 / max(count, 1) }
    }

    private func event(
        _ rows: [WindowMean],
        _ sources: [CandidateSource],
        _ attribution: Attribution?,
        _ location: SourceLocation?
    ) -> TracedEvent {
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
            location: location,
            longWays: longWays(peak, mean?.speed ?? .nan, sources, attribution, location)
        )
    }

    private func longWays(
        _ peak: WindowMean,
        _ speed: Double,
        _ sources: [CandidateSource],
        _ attribution: Attribution?,
        _ location: SourceLocation?
    ) -> [LongWay] {
        let sensor = means.readings[peak.readings.lowerBound].position
        let likely = zip(sources, attribution?.sources ?? []).filter { $1.probability >= Self.likelyEnough }
        let origins =
            likely.map { (name: Optional($0.0.name), position: $0.0.position) }
            + [location].compactMap(\.self).map { (name: nil, position: $0.position) }
        return origins.map { name, position in
            let metres = position.distanceMetres(to: sensor)
            return LongWay(
                source: name,
                metres: metres,
                seconds: metres / max(speed, WindRecord.calmSpeed)
            )
        }.filter { $0.seconds > settings.windowSeconds }
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
