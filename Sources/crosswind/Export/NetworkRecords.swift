import Archive
import Formats
import Observations
import Quantities

/// The descriptions of networks, and what their operators decided, as a store recorded them.
struct NetworkRecords: Sendable {
    private var networks: [String: Network] = [:]
    private var edits: [String: OperatorEdits] = [:]
    /// Networks of which no description had been recorded, in the order of their names.
    private(set) var unknown: [String] = []

    /// What holds at a moment; nil for now.
    /// - Throws: the fault of a record that cannot be read, e.g. one with keys that are not known any more.
    init(_ archive: borrowing ArchiveReader, asOf moment: Instant? = nil) throws {
        for id in Set(try archive.stationExtents().map(\.network)).sorted() {
            guard let file = try archive.configuration(network: id, kind: "network", asOf: moment) else {
                unknown.append(id)
                continue
            }
            networks[id] = try NetworkFile(text: file.text, path: Self.place(file)).network
            var decided: [OperatorEdit] = []
            if let table = try archive.configuration(network: id, kind: "edits", asOf: moment),
                !table.text.isEmpty
            {
                decided = try OperatorEditsFile(text: table.text, path: Self.place(table)).edits
            }
            edits[id] = OperatorEdits(network: id, edits: decided)
        }
    }

    /// None.
    init() {}

    /// Those of one file.
    init(_ file: NetworkFile) { networks[file.network.id] = file.network }

    private static func place(_ record: RecordedConfiguration) -> String {
        "\(record.kind) `\(record.network)`, recorded \(record.recorded)"
    }

    /// In the order of their names.
    var all: [Network] { networks.keys.sorted().compactMap { networks[$0] } }

    func station(_ network: String, _ station: String) -> Station? {
        networks[network]?.stations.first { $0.id == station }
    }

    /// Nil for an instrument that nobody has described; its readings stay as they are.
    func rules(of series: Series) -> SeriesRules? {
        let instrument = station(series.network, series.station)?.instruments.first {
            $0.id == series.instrument && $0.gas == series.gas
        }
        guard let instrument else { return nil }
        return SeriesRules(
            network: series.network,
            instrument: instrument,
            edits: edits[series.network] ?? OperatorEdits(network: series.network, edits: [])
        )
    }
}
