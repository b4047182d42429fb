import Archive
import Formats
import Geo
import Observations
import Quantities

/// What the instruments of a network are, and what the bits of their tests mean.
enum LegendTable {
    private struct Row {
        let network: Network
        let station: Station
        let instrument: Instrument
        let test: QualityTestDescription
    }

    /// As the store has recorded the networks.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let writer = try export.writer(columns)
        try write(export.records.all, export.query, to: writer)
        return try writer.finish()
    }

    /// As a file describes one.
    static func write(
        _ file: String,
        _ query: ReadingQuery,
        _ settings: ExportSettings,
        to sink: ExportSink
    ) throws -> Int {
        let writer = try ExportTableWriter(columns, settings.format, to: sink)
        try write([NetworkFile(path: file).network], query, to: writer)
        return try writer.finish()
    }

    private static func write(
        _ networks: [Network],
        _ query: ReadingQuery,
        to writer: ExportTableWriter<Row>
    ) throws {
        for network in networks {
            for station in network.stations where query.stations?.contains(station.id) ?? true {
                for instrument in station.instruments where (query.gas ?? instrument.gas) == instrument.gas {
                    for test in QualityTests.describe(instrument) {
                        try writer.put(
                            Row(network: network, station: station, instrument: instrument, test: test)
                        )
                    }
                }
            }
        }
    }

    static var names: [String] { columns.map(\.name) }

    private static var columns: [ExportColumn<Row>] {
        [
            ExportColumn("network") { .text($0.network.id) },
            ExportColumn("station") { .text($0.station.id) },
            ExportColumn("station_name_en") { .text($0.station.names.english) },
            ExportColumn("station_name_zh") { .text($0.station.names.chinese) },
            ExportColumn("longitude") { ExportCell($0.station.position?.longitude) },
            ExportColumn("latitude") { ExportCell($0.station.position?.latitude) },
            ExportColumn("altitude_m") { ExportCell($0.station.position?.altitudeMetres) },
            ExportColumn("instrument") { .text($0.instrument.id) },
            ExportColumn("gas") { .text($0.instrument.gas.rawValue) },
            ExportColumn("unit") { _ in .text("ppm") },
            ExportColumn("scale") { .text($0.instrument.settledScale.rawValue) },
            ExportColumn("inlet_height_m") { ExportCell($0.instrument.inletHeightMetres) },
            ExportColumn("bit") { ExportCell($0.test.bit) },
            ExportColumn("mask") { .integer(Int64(1) << Int64($0.test.bit)) },
            ExportColumn("test") { .text($0.test.key) },
            ExportColumn("test_name_en") { .text($0.test.names.english) },
            ExportColumn("test_name_zh") { .text($0.test.names.chinese) },
            ExportColumn("threshold") { .text($0.test.threshold) },
            ExportColumn("version") { ExportCell($0.test.version) },
        ]
    }
}
