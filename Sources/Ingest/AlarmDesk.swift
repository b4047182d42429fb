import Foundation
public import Observations
public import Quantities

/// The alarms of all networks of a run, with what they remember in a file beside the store.
///
/// A kill between the sending of an event and the writing of the file sends the event once more after the restart,
/// with the same `since`; none is lost.
public struct AlarmDesk: Sendable {
    private let names: [String]
    private var monitors: [AlarmMonitor]
    private let path: String
    private var saved: [String: AlarmMemory]

    /// - Parameters:
    ///   - rules: by network.
    ///   - storePath: of the store; the memory is `STORE.alarms.json`. One that cannot be read counts as none.
    public init(networks: [Network], rules: [String: [AlarmRule]], storePath: String, started: Instant) {
        path = storePath + ".alarms.json"
        var saved: [String: AlarmMemory] = [:]
        if let data = FileManager.default.contents(atPath: path) {
            saved = (try? JSONDecoder().decode([String: AlarmMemory].self, from: data)) ?? [:]
        }
        names = networks.map(\.id)
        monitors = networks.map { network in
            AlarmMonitor(
                network: network,
                rules: rules[network.id] ?? [],
                memory: saved[network.id] ?? AlarmMemory(),
                started: started
            )
        }
        self.saved = saved
    }

    /// How many alarms stand.
    public var standingCount: Int { monitors.reduce(0) { $0 + $1.standing.count } }

    /// Takes readings that are new and durable, in the order of their arrival.
    public mutating func observe(_ readings: [Reading], network: String, received: Instant)
        -> [AlarmPublication]
    {
        readings.flatMap { reading in
            publications(network) {
                $0.observe(
                    station: reading.station,
                    gas: reading.gas,
                    time: reading.time,
                    value: reading.valuePartsPerMillion,
                    flag: reading.flag,
                    received: received
                )
            }
        }
    }

    /// Something came from a station that was a duplicate or could not be used.
    public mutating func heard(station: String, network: String, received: Instant) -> [AlarmPublication] {
        publications(network) { $0.heard(station: station, received: received) }
    }

    /// Time has passed; to be called every few seconds.
    public mutating func tick(_ now: Instant) -> [AlarmPublication] {
        names.flatMap { network in publications(network) { $0.tick(now) } }
    }

    /// Writes what must survive a restart, if it has changed; after the publications have been handed over.
    /// - Throws: an error of the file system.
    public mutating func save() throws {
        let memories = Dictionary(zip(names, monitors.map(\.memory))) { $1 }
        guard memories != saved else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(memories).write(to: URL(filePath: path), options: .atomic)
        saved = memories
    }

    private mutating func publications(
        _ network: String,
        _ change: (inout AlarmMonitor) -> [AlarmEvent]
    ) -> [AlarmPublication] {
        guard let index = names.firstIndex(of: network) else { return [] }
        // In its place: a copy of a monitor for every reading would be dear.
        let events = change(&monitors[index])
        guard !events.isEmpty else { return [] }
        let standing = monitors[index].standing
        return events.map { AlarmPublication($0, standing: standing) }
    }
}
