import Archive
import Formats
import Observations
import Quantities

/// One export: what is asked for, where it comes from and where it goes.
struct ExportRun {
    let table: ExportTable
    let query: ReadingQuery
    let settings: ExportSettings
    let store: String
    let supply: ReadingSupply
    /// Of the network file that is given, or as recorded.
    let records: NetworkRecords
    /// What the store has recorded, as far as the table needs it.
    let recorded: NetworkRecords
    /// Lines before the table.
    private(set) var remarks: [String] = []
    let sink: ExportSink

    /// - Throws: ``NothingKnown`` for a moment before the first message; faults of recorded configurations.
    init(
        _ table: ExportTable,
        _ query: ReadingQuery,
        _ settings: ExportSettings,
        store: String,
        _ archive: borrowing ArchiveReader,
        to sink: ExportSink
    ) throws {
        (self.table, self.query, self.settings) = (table, query, settings)
        (self.store, self.sink) = (store, sink)
        if let moment = settings.asOf {
            let first = try archive.firstArrival()
            guard let first, first <= moment else {
                throw NothingKnown(moment: moment, firstArrival: first, store: store)
            }
        }
        // A record that cannot be read any more is no reason to withhold what does not need it.
        let needsRecords =
            settings.asOf != nil || settings.hasHeader || settings.givesRuns || table == .legend
            || (table == .readings && settings.interval != nil && settings.nominalStepSeconds == nil)
        recorded = needsRecords ? try NetworkRecords(archive, asOf: settings.asOf) : NetworkRecords()
        records = try settings.networkFile.map { NetworkRecords(try NetworkFile(path: $0)) } ?? recorded
        supply = try Self.supply(settings, recorded, archive, query)
        if settings.hasHeader { remarks = try header(archive) }
    }

    private static func supply(
        _ settings: ExportSettings,
        _ records: NetworkRecords,
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery
    ) throws -> ReadingSupply {
        guard let moment = settings.asOf else { return .stored(settings.level) }
        guard settings.level == .settled else { return .reported(asOf: moment) }
        for network in records.unknown {
            Terminal.note("no description of `\(network)` was recorded by then: its readings are as reported")
        }
        // Of the stations beside the one that is asked for the background may be.
        var wide = query
        wide.stations = nil
        return .known(try Hindsight(at: moment, records, archive, wide))
    }

    /// A writer of the table's rows, with the remarks written.
    func writer<Row>(_ columns: [ExportColumn<Row>]) throws -> ExportTableWriter<Row> {
        try ExportTableWriter(columns, settings.format, remarks: remarks, to: sink)
    }

    /// The stations asked for, in the order of their names.
    func stations(_ archive: borrowing ArchiveReader) throws -> [StationExtent] {
        try archive.stationExtents().filter { query.stations?.contains($0.station) ?? true }
    }

    /// The series asked for, in the order of their names.
    func series(_ archive: borrowing ArchiveReader) throws -> [Series] {
        try archive.allSeries().filter(query.selects)
    }
}
