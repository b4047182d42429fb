import Archive
import Observations
import Quantities

/// Where the readings of an export come from.
enum ReadingSupply: Sendable {
    /// As the store holds them now.
    case stored(ReadingQuery.Level)
    /// As they had been reported by a moment.
    case reported(asOf: Instant)
    /// As they stood at a moment.
    case known(Hindsight)

    /// Visits readings in the order of time, station and instrument; after a failure no more.
    func forEachReading(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery,
        _ body: (ExportedReading) throws -> Void
    ) throws {
        var query = query
        switch self {
        case .stored(let level): query.level = level
        case .reported(let moment):
            query.level = .reported
            query.asOf = moment
        case .known(let hindsight): return try hindsight.forEachReading(archive, query, body)
        }
        var failure: (any Error)?
        try archive.forEachReading(query) { stored in
            guard failure == nil else { return }
            do { try body(ExportedReading(stored)) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

/// A moment before anything was known.
struct NothingKnown: Fault {
    let moment: Instant
    /// Nil for an empty store.
    let firstArrival: Instant?
    let store: String
    var exitStatus: ExitStatus { .badData }
    var what: String { "nothing was known at \(moment)" }
    var place: String { store }
    var remedy: String { firstArrival.map { "the first message came at \($0)" } ?? "the store is empty" }
}
