import Concurrent
import Quantities

/// What is done to a store while no messages are taken in.
public enum MaintenanceTask: Sendable {
    /// Settles what is waiting for it.
    case settle
    /// Settles everything anew.
    case reprocess
    /// Decodes dead letters again, then settles.
    case replayDeadLetters
}

/// What maintenance came to.
public struct MaintenanceSummary: Codable, Equatable, Sendable {
    /// Stretches of series that were settled.
    public internal(set) var settled = 0
    /// False when it was stopped; what is left stays on the list.
    public internal(set) var isComplete = false
    public internal(set) var deadLetters: DeadLetterReplay?
    /// What came of the dead letters that are readings now.
    public internal(set) var ingest: IngestSummary?
    /// Networks that were given and of whose stations the store has no readings.
    public internal(set) var absentNetworks: [String] = []
    /// Networks that the store has readings of and that were not given: these stay as they are.
    public internal(set) var untouchedNetworks: [String] = []

    enum CodingKeys: String, CodingKey {
        case settled, ingest
        case isComplete = "is_complete"
        case deadLetters = "dead_letters"
        case absentNetworks = "absent_networks"
        case untouchedNetworks = "untouched_networks"
    }
}

/// Works on a store by the network files and edits as they are now, which it records.
/// - Parameter progress: told how many stretches have been settled, after each.
/// - Throws: `ArchiveError`, `PayloadRoutingError`; ``WrongNetwork`` when everything is to be settled anew and the
///   store has readings, but none of the networks.
public func maintain(
    storePath: String,
    _ knowledge: NetworkKnowledge,
    _ task: MaintenanceTask,
    until stop: StopRequest,
    progress: @escaping @Sendable (Int) -> Void
) async throws -> MaintenanceSummary {
    try await onOwnThread(named: "maintenance") {
        var store = try MessageStore(path: storePath, knowledge: knowledge)
        var summary = MaintenanceSummary()
        if case .reprocess = task { try store.requireOwnNetwork() }
        _ = try store.recordConfiguration(at: .now())
        switch task {
        case .settle: break
        case .reprocess: try store.markEverything(at: .now())
        case .replayDeadLetters:
            var replay = DeadLetterReplay()
            var last: Int64 = 0
            while !stop.isStopped,
                let next = try store.replayDeadLetters(after: last, limit: 1000, at: .now(), &replay)
            {
                last = next
            }
            summary.deadLetters = replay
            summary.ingest = store.summary
        }
        (summary.absentNetworks, summary.untouchedNetworks) = try store.foreignNetworks()
        while !stop.isStopped, try store.settleNext(at: .now()) {
            summary.settled += 1
            progress(summary.settled)
        }
        summary.isComplete = !stop.isStopped
        return summary
    }
}
