import Archive
import Observations
public import Quantities

/// The network files do not describe what the store holds.
public struct WrongNetwork: Fault, Equatable {
    /// The networks that were given.
    public let given: [String]
    /// The networks that the store has readings of.
    public let stored: [String]
    public let store: String

    public var exitStatus: ExitStatus { .usage }
    public var what: String {
        "none of the stations of \(given.joined(separator: ", ")) is in the store, "
            + "which has readings of \(stored.joined(separator: ", "))"
    }
    public var place: String { store }
    public var remedy: String { "give --network the file that its readings came in by" }
}

extension MessageStore {
    /// - Returns: the networks given of which no station has readings, and the networks with readings of which no
    ///   station was given.
    func foreignNetworks() throws(ArchiveError) -> (absent: [String], untouched: [String]) {
        let stored = Set(
            try archive.allSeries().map { StationName(network: $0.network, station: $0.station) }
        )
        let given = Set(
            knowledge.networks.flatMap { network in
                network.stations.map { StationName(network: network.id, station: $0.id) }
            }
        )
        let common = Set(stored.intersection(given).map(\.network))
        return (
            Set(knowledge.networks.map(\.id)).subtracting(common).sorted(),
            Set(stored.map(\.network)).subtracting(common).sorted()
        )
    }

    /// An empty store is nobody's.
    func requireOwnNetwork() throws {
        let (absent, stored) = try foreignNetworks()
        guard !stored.isEmpty, absent.count == Set(knowledge.networks.map(\.id)).count else { return }
        throw WrongNetwork(given: absent, stored: stored, store: path)
    }
}
