import Archive
import Geo
import Observations
import Quantities

/// Single readings.
enum ReadingTable {
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let query = export.settings.selecting(export.query)
        var found: Set<String> = []
        if export.settings.conditions == .all {
            try export.supply.forEachReading(archive, query) { exported in
                for entry in exported.reading.conditions.entries { found.insert(entry.name) }
            }
        }
        let writer = try export.writer(
            columns(export.settings)
                + conditionColumns(export.settings.conditions, found, beside: columns(export.settings))
                .map { $0.of(\.reading.conditions) }
        )
        try export.supply.forEachReading(archive, query) { exported in
            var exported = exported
            exported.reading = try export.settings.converted(exported.reading)
            try writer.put(exported)
        }
        return try writer.finish()
    }

    /// Values that others have replaced.
    static func writeRevisions(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let query = export.settings.selecting(export.query)
        var found: Set<String> = []
        if export.settings.conditions == .all {
            try archive.forEachRevision(query) { revision in
                for entry in revision.stored.reading.conditions.entries { found.insert(entry.name) }
            }
        }
        let columns =
            columns(export.settings) + [ExportColumn("superseded") { ExportCell($0.superseded) }]
        let writer = try export.writer(
            columns
                + conditionColumns(export.settings.conditions, found, beside: columns)
                .map { $0.of(\.reading.conditions) }
        )
        var failure: (any Error)?
        try archive.forEachRevision(query) { revision in
            guard failure == nil else { return }
            do {
                try writer.put(ExportedReading(revision.stored, superseded: revision.superseded))
            } catch { failure = error }
        }
        if let failure { throw failure }
        return try writer.finish()
    }

    /// Those of conditions aside.
    static var names: [String] { columns(ExportSettings()).map(\.name) }
    static var revisionNames: [String] { names + ["superseded"] }

    private static func columns(_ settings: ExportSettings) -> [ExportColumn<ExportedReading>] {
        let time = [ExportColumn<ExportedReading>("time") { ExportCell($0.reading.time) }]
        return time + SeriesName.columns.map { $0.of(SeriesName.init) } + [
            ExportColumn("value_ppm") { ExportCell($0.reading.valuePartsPerMillion) },
            ExportColumn("standard_uncertainty_ppm") {
                ExportCell($0.reading.standardUncertaintyPartsPerMillion)
            },
            ExportColumn("scale") { .text($0.reading.scale.rawValue) },
            ExportColumn("longitude") { ExportCell($0.reading.position?.longitude) },
            ExportColumn("latitude") { ExportCell($0.reading.position?.latitude) },
            ExportColumn("altitude_m") { ExportCell($0.reading.position?.altitudeMetres) },
            ExportColumn("flag") { .text(settings.text($0.reading.flag, $0.reading.tests)) },
            ExportColumn("tests") { .integer(Int64($0.reading.tests.rawValue)) },
            ExportColumn("test_names") { .words($0.reading.tests.keys) },
            ExportColumn("bottle") { ExportCell($0.reading.bottle) },
            ExportColumn("revision") { ExportCell($0.revision) },
            ExportColumn("raw_message") { .integer($0.rawMessage) },
        ]
    }
}

/// A column for each of the conditions asked for. One whose name another column has is called `condition_NAME`.
/// - Parameter found: those that occur.
func conditionColumns<Row>(
    _ choice: ConditionChoice,
    _ found: Set<String>,
    beside others: [ExportColumn<Row>]
) -> [ExportColumn<Conditions>] {
    let names: [String]
    switch choice {
    case .none: names = []
    case .names(let chosen): names = chosen
    case .all:
        let common = Conditions.commonNames.filter(found.contains)
        names = common + found.subtracting(common).sorted()
    }
    let taken = Set(others.map(\.name))
    return names.map { name in
        ExportColumn(taken.contains(name) ? "condition_\(name)" : name) { ExportCell($0[name]) }
    }
}
