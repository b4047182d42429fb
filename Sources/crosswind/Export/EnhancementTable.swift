import Archive
import Geo
import Observations
import Quantities

/// By how much the usable readings of a station exceed the background. The readings of the station, and of those that
/// give the background, are held in memory.
enum EnhancementTable {
    private struct Row {
        let name: SeriesName
        let reading: Reading
        let enhancement: Enhancement?
        let background: String
    }

    /// Rows in the order of instruments, then of time.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let series = try export.usableReadings(archive, export.query)
        guard !series.isEmpty else {
            throw BackgroundError.nothingUsable(station: export.query.stations?.first ?? "")
        }
        let source = BackgroundSource(export: export)
        let shared = try source.shared(series, archive)
        let writer = try export.writer(columns(export.settings))
        for (name, readings) in series.sorted(by: { $0.key < $1.key }) {
            let background = try shared ?? source.own(of: readings)
            for reading in readings {
                let enhancement = try reading.enhancement(over: background)
                let stations = (background as? UpwindBackground)?.stations(at: reading.time)
                try writer.put(
                    Row(
                        name: name,
                        reading: reading,
                        enhancement: enhancement,
                        background: stations?.joined(separator: "+") ?? background.station
                    )
                )
            }
        }
        return try writer.finish()
    }

    static var names: [String] { columns(ExportSettings()).map(\.name) }

    private static func columns(_ settings: ExportSettings) -> [ExportColumn<Row>] {
        let time = [ExportColumn<Row>("time") { ExportCell($0.reading.time) }]
        return time + SeriesName.columns.map { $0.of { (row: Row) in row.name } } + [
            ExportColumn("value_ppm") { ExportCell($0.reading.valuePartsPerMillion) },
            ExportColumn("standard_uncertainty_ppm") {
                ExportCell($0.reading.standardUncertaintyPartsPerMillion)
            },
            ExportColumn("scale") { .text($0.reading.scale.rawValue) },
            ExportColumn("background_station") { .text($0.background) },
            ExportColumn("background_ppm") { ExportCell($0.enhancement?.backgroundPartsPerMillion) },
            ExportColumn("background_standard_uncertainty_ppm") {
                ExportCell($0.enhancement?.backgroundStandardUncertaintyPartsPerMillion)
            },
            ExportColumn("enhancement_ppm") { ExportCell($0.enhancement?.partsPerMillion) },
            ExportColumn("enhancement_standard_uncertainty_ppm") {
                ExportCell($0.enhancement?.standardUncertaintyPartsPerMillion)
            },
            ExportColumn("longitude") { ExportCell($0.reading.position?.longitude) },
            ExportColumn("latitude") { ExportCell($0.reading.position?.latitude) },
            ExportColumn("flag") { .text(settings.text($0.reading.flag, $0.reading.tests)) },
        ]
    }
}

extension ExportRun {
    /// The usable readings with a value, by series and in the order of time, on the scale asked for.
    func usableReadings(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery
    ) throws -> [SeriesName: [Reading]] {
        var series: [SeriesName: [Reading]] = [:]
        try supply.forEachReading(archive, settings.selectingUsable(query)) { exported in
            guard exported.reading.valuePartsPerMillion != nil else { return }
            series[SeriesName(exported), default: []].append(try settings.converted(exported.reading))
        }
        return series
    }
}
