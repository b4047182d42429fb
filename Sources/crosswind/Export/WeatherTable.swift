import Archive
import Observations
import Quantities

/// The conditions that came to stations.
enum WeatherTable {
    private struct Row {
        let station: StationExtent
        let stored: StoredConditions
    }

    /// In the order of stations, then of time; all conditions unless some are chosen.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let stations = try export.stations(archive)
        var choice = export.settings.conditions
        if choice == .none { choice = .all }
        var found: Set<String> = []
        if choice == .all {
            for station in stations {
                try forEachStretch(of: station, within: export.query.period, archive) { stretch in
                    for stored in stretch { found.formUnion(stored.conditions.entries.map(\.name)) }
                }
            }
        }
        let writer = try export.writer(
            columns + conditionColumns(choice, found, beside: columns).map { $0.of(\.stored.conditions) }
        )
        for station in stations {
            try forEachStretch(of: station, within: export.query.period, archive) { stretch in
                for stored in stretch { try writer.put(Row(station: station, stored: stored)) }
            }
        }
        return try writer.finish()
    }

    /// Those of conditions aside.
    static var names: [String] { columns.map(\.name) }

    private static var columns: [ExportColumn<Row>] {
        [
            ExportColumn("time") { ExportCell($0.stored.time) },
            ExportColumn("network") { .text($0.station.network) },
            ExportColumn("station") { .text($0.station.station) },
        ]
    }

    /// Visits the conditions of a station in the order of time, some whole days at once.
    static func forEachStretch(
        of station: StationExtent,
        within period: Period?,
        _ archive: borrowing ArchiveReader,
        _ body: ([StoredConditions]) throws -> Void
    ) throws {
        guard let first = station.first, let last = station.last else { return }
        var start = max(first, period?.start ?? first)
        let end = min(
            Instant(microseconds: last.microseconds + 1),
            period?.end ?? Instant(microseconds: .max)
        )
        var days = 1.0
        while start < end {
            // Only the first stretch begins within a day.
            let midnight = AggregateInterval.day.window(containing: start).start
            let next = min(end, midnight.advanced(bySeconds: days * 86_400))
            let stretch = try archive.conditions(
                network: station.network,
                station: station.station,
                period: Period(start: start, end: next)
            )
            try body(stretch)
            start = next
            if stretch.count < rowsAtOnce / 4 { days = min(days * 2, mostDays) }
            if stretch.count > rowsAtOnce { days = max((days / 2).rounded(.down), 1) }
        }
    }

    private static let rowsAtOnce = 100_000
    private static let mostDays = 4096.0
}

/// Means of the wind.
enum WindTable {
    private struct Row {
        let station: StationExtent
        let mean: WindMean
    }

    /// In the order of stations, then of time.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let interval = export.settings.interval ?? .hour
        let writer = try export.writer(columns(interval))
        for station in try export.stations(archive) {
            let step = export.settings.nominalStepSeconds
            try forEachStretch(of: station, within: export.query.period, interval, step: step, archive) {
                means in
                for mean in means { try writer.put(Row(station: station, mean: mean)) }
            }
        }
        return try writer.finish()
    }

    /// Visits the means of a station in the order of time.
    /// - Parameter step: seconds between observations; nil to find it from them.
    static func forEachStretch(
        of station: StationExtent,
        within period: Period?,
        _ interval: AggregateInterval,
        step: Double?,
        _ archive: borrowing ArchiveReader,
        _ body: ([WindMean]) throws -> Void
    ) throws {
        var usual = NominalStep()
        if step == nil {
            try WeatherTable.forEachStretch(of: station, within: period, archive) { stretch in
                for stored in stretch where stored.wind != nil { usual.add(stored.time) }
            }
        }
        let seconds = step ?? usual.seconds ?? interval.seconds
        // Stretches are whole days, which are whole windows.
        try WeatherTable.forEachStretch(of: station, within: period, archive) { stretch in
            try body(WindMean.means(of: stretch.compactMap(\.wind), interval, nominalStepSeconds: seconds))
        }
    }

    static var names: [String] { columns(.hour).map(\.name) }

    private static func columns(_ interval: AggregateInterval) -> [ExportColumn<Row>] {
        [
            ExportColumn("start") { ExportCell($0.mean.period.start) },
            ExportColumn("interval") { _ in .text(interval.rawValue) },
            ExportColumn("network") { .text($0.station.network) },
            ExportColumn("station") { .text($0.station.station) },
            ExportColumn("scalar_speed_m_s") { ExportCell($0.mean.scalarSpeed) },
            ExportColumn("vector_speed_m_s") { ExportCell($0.mean.vectorSpeed) },
            ExportColumn("vector_direction_deg") { ExportCell($0.mean.vectorDirection) },
            ExportColumn("unit_direction_deg") { ExportCell($0.mean.unitDirection) },
            ExportColumn("direction_deviation_deg") { ExportCell($0.mean.directionDeviation) },
            ExportColumn("steadiness") { ExportCell($0.mean.steadiness) },
            ExportColumn("calm_share") { ExportCell(Double($0.mean.calms) / Double(max(1, $0.mean.count))) },
            ExportColumn("count") { ExportCell($0.mean.count) },
            ExportColumn("directions") { ExportCell($0.mean.directions) },
            ExportColumn("calms") { ExportCell($0.mean.calms) },
            ExportColumn("completeness") { ExportCell($0.mean.completeness) },
            ExportColumn("complete") { .truth($0.mean.isComplete) },
        ]
    }
}

extension StoredConditions {
    /// Nil where the speed was not measured or cannot be.
    fileprivate var wind: WindObservation? {
        conditions["ws"].flatMap { WindObservation(time: time, speed: $0, direction: conditions["wd"]) }
    }
}
