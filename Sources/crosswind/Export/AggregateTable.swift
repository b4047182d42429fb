import Archive
import Observations
import Quantities

/// Means over windows.
enum AggregateTable {
    private struct Row {
        let name: SeriesName
        let aggregate: Aggregate
    }

    /// Averages the readings while it walks through them, holding one window at a time: rows in the order of the
    /// windows, then of the names.
    static func writeComputed(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let interval = export.settings.interval ?? .hour
        var steps = try NominalSteps(archive, export)
        let writer = try export.writer(columns(export.settings, interval))
        var open: [SeriesName: [Reading]] = [:]
        var window: Period?
        func close() throws {
            for (name, readings) in open.sorted(by: { $0.key < $1.key }) {
                guard let first = readings.first else { continue }
                let settings = AggregationSettings(
                    interval: interval,
                    nominalStepSeconds: try steps.seconds(of: name, at: first.time, archive),
                    usableFlags: export.settings.usableFlags
                )
                guard let aggregate = try Aggregation.aggregate(ofWindow: readings, settings) else {
                    continue
                }
                try writer.put(Row(name: name, aggregate: aggregate))
            }
            open.removeAll(keepingCapacity: true)
        }
        try export.supply.forEachReading(archive, export.query) { exported in
            if let current = window, !current.contains(exported.reading.time) { try close() }
            window = interval.window(containing: exported.reading.time)
            open[SeriesName(exported), default: []].append(try export.settings.computable(exported.reading))
        }
        try close()
        return try writer.finish()
    }

    /// The means that the store keeps of what stands.
    static func writeStored(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let interval = export.settings.interval ?? .hour
        let writer = try export.writer(columns(export.settings, interval))
        for stored in try archive.aggregates(export.query, interval) {
            try writer.put(Row(name: SeriesName(stored.series), aggregate: stored.aggregate))
        }
        return try writer.finish()
    }

    static var names: [String] { columns(ExportSettings(), .hour).map(\.name) }

    private static func columns(
        _ settings: ExportSettings,
        _ interval: AggregateInterval
    ) -> [ExportColumn<Row>] {
        let names = SeriesName.columns.map { $0.of { (row: Row) in row.name } }
        let window = [
            ExportColumn<Row>("start") { ExportCell($0.aggregate.period.start) },
            ExportColumn("interval") { _ in .text(interval.rawValue) },
        ]
        let values = [
            ExportColumn<Row>("value_ppm") { ExportCell($0.aggregate.meanPartsPerMillion) },
            ExportColumn("standard_deviation_ppm") {
                ExportCell($0.aggregate.standardDeviationPartsPerMillion)
            },
            ExportColumn("standard_uncertainty_ppm") {
                ExportCell($0.aggregate.standardUncertaintyPartsPerMillion)
            },
            ExportColumn("scale") { ExportCell($0.aggregate.scale?.rawValue) },
            ExportColumn("parts") { ExportCell($0.aggregate.parts) },
            ExportColumn("used") { ExportCell($0.aggregate.used) },
            ExportColumn("excluded") { ExportCell($0.aggregate.excluded) },
            ExportColumn("nominal_step_s") { ExportCell($0.aggregate.nominalStepSeconds) },
            ExportColumn("completeness") { ExportCell($0.aggregate.completeness) },
            ExportColumn("complete") { .truth($0.aggregate.isComplete) },
            ExportColumn("worst_flag") { .text(settings.text($0.aggregate.worstFlag, $0.aggregate.tests)) },
            ExportColumn("tests") { .integer(Int64($0.aggregate.tests.rawValue)) },
            ExportColumn("test_names") { .words($0.aggregate.tests.keys) },
        ]
        let counts: [(String, QualityFlag)] = [
            ("good", .good), ("not_evaluated", .notEvaluated), ("suspect", .suspect), ("fail", .fail),
            ("missing", .missing),
        ]
        return window + names + values
            + counts.map { name, flag in
                ExportColumn(name) { ExportCell($0.aggregate.flagCounts[flag] ?? 0) }
            }
    }
}
