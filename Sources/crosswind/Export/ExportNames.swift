import Archive
import Formats
import Observations
import Quantities

/// The names of stations, gases and conditions that an export can be asked for: those of the store, and those that
/// the network files describe, so that a station that is yet to send has a table without rows and a misspelt one has
/// none.
struct ExportNames {
    private let place: String
    private var gases: [String: Set<Gas>] = [:]
    private var conditions: Set<String> = []

    /// - Parameter file: a network file that is given; nil for what the store has recorded.
    init(_ archive: borrowing ArchiveReader, store: String, file: String?) throws {
        place = store
        for station in try archive.stationExtents() { gases[station.station] = [] }
        for series in try archive.allSeries() { gases[series.station, default: []].insert(series.gas) }
        conditions = Set(try archive.conditionNames()).union(Conditions.commonNames)
        // A record that cannot be read any more is no reason to withhold what the store holds.
        let described =
            try file.map { NetworkRecords(try NetworkFile(path: $0)) } ?? (try? NetworkRecords(archive))
        add(described?.all ?? [])
    }

    /// Those of a network file by itself.
    init(file: String) throws {
        place = file
        add([try NetworkFile(path: file).network])
    }

    private mutating func add(_ networks: [Network]) {
        for station in networks.flatMap(\.stations) {
            gases[station.id, default: []].formUnion(station.instruments.map(\.gas))
        }
    }

    /// - Throws: ``UnknownName`` for the first that nothing is known of.
    func check(_ query: ReadingQuery, _ settings: ExportSettings) throws(UnknownName) {
        try check("station", query.stations ?? [], .station)
        try check("background-station", settings.backgroundStations, .station)
        try check("wind", settings.windStation.map { [$0] } ?? [], .station)
        try check("gas", query.gas.map { [$0.rawValue] } ?? [], .gas(stations: query.stations))
        if case .names(let names) = settings.conditions { try check("conditions", names, .condition) }
    }

    private func check(
        _ option: String,
        _ names: [String],
        _ kind: UnknownName.Kind
    ) throws(UnknownName) {
        let known = known(kind)
        guard let unknown = names.first(where: { !known.contains($0) }) else { return }
        throw UnknownName(kind: kind, name: unknown, option: option, known: known, place: place)
    }

    /// Sorted.
    private func known(_ kind: UnknownName.Kind) -> [String] {
        switch kind {
        case .station: return gases.keys.sorted()
        case .gas(let stations):
            let chosen = gases.filter { stations?.contains($0.key) ?? true }
            return Set(chosen.values.joined()).map(\.rawValue).sorted()
        case .condition: return conditions.sorted()
        }
    }
}

/// A name on the command line that neither the store nor a network file knows. Exit status 64.
struct UnknownName: Fault, Equatable {
    enum Kind: Equatable {
        case station
        /// Of some stations; nil for all.
        case gas(stations: [String]?)
        case condition
    }

    let kind: Kind
    let name: String
    let option: String
    let known: [String]
    /// What knows the others.
    let place: String

    var exitStatus: ExitStatus { .usage }

    var what: String {
        switch kind {
        case .station: "--\(option): there is no station `\(name)`"
        case .gas(nil): "--\(option): nobody measures `\(name)`"
        case .gas(let stations?):
            "--\(option): \(stations.joined(separator: ", ")) measures no `\(name)`"
        case .condition: "--\(option): there is no condition `\(name)`"
        }
    }

    var remedy: String {
        if let near = nearest(to: name, among: known) { return "did you mean \(near)?" }
        let shown = known.prefix(Self.mostShown).joined(separator: ", ")
        return known.isEmpty
            ? "none is known" : "known: \(shown)\(known.count > Self.mostShown ? ", ..." : "")"
    }

    private static let mostShown = 20
}
