import Archive
import Foundation
import Quantities

/// What in a store that is whole needs somebody's attention.
enum StoreHealthCheck {
    /// With less than this to go the disk is worth a word.
    private static let daysNeeded = 30.0
    /// A station that reports at all reports within a day.
    private static let silenceSeconds = 86_400.0
    /// More than a few minutes of one network.
    private static let spansTolerated = 1000

    /// - Parameter freeBytes: of the disk that the store is on; nil where unknown.
    static func findings(_ health: StoreHealth, now: Instant, freeBytes: Int64?) -> [Finding] {
        [
            .ok("store schema", "version \(health.schemaVersion), \(health.bytes / 1_000_000) MB"),
            backlog(health), letters(health), stations(health, now), clock(health, now),
        ] + growth(health, freeBytes)
    }

    private static func backlog(_ health: StoreHealth) -> Finding {
        let detail = "\(health.dirtySpans) spans wait for context tests and aggregates"
        return health.dirtySpans <= spansTolerated
            ? .ok("settling", detail)
            : .warn(
                "settling",
                detail,
                remedy: "let `crosswind ingest` run; it works them off between batches"
            )
    }

    private static func letters(_ health: StoreHealth) -> Finding {
        let reasons = health.deadLetters.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard !reasons.isEmpty else { return .ok("dead letters", "none waits") }
        let total = reasons.reduce(0) { $0 + $1.value }
        let list = reasons.prefix(3).map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let remedy =
            "look at them with `crosswind export dead-letters`, mend the cause, then "
            + "`crosswind ingest --replay-dead-letters`"
        return .warn("dead letters", "\(total) wait: \(list)", remedy: remedy)
    }

    private static func stations(_ health: StoreHealth, _ now: Instant) -> Finding {
        guard !health.stations.isEmpty else { return .ok("stations", "no reading yet") }
        let silent = health.stations.filter { now.seconds(since: $0.received) > silenceSeconds }
        guard let longest = silent.min(by: { $0.received < $1.received }) else {
            return .ok("stations", "all \(health.stations.count) heard of within a day")
        }
        return .warn(
            "stations",
            "\(silent.count) of \(health.stations.count) not heard of for a day; "
                + "\(longest.network)/\(longest.station) not since \(longest.received)",
            remedy: "look at the logger and its connection to the broker"
        )
    }

    private static func clock(_ health: StoreHealth, _ now: Instant) -> Finding {
        let ahead = health.lastReceived.map { $0.seconds(since: now) } ?? 0
        guard ahead <= 60 else {
            return .warn(
                "store clock",
                "the last receipt lies \(Int(ahead.rounded())) s ahead of the clock of this machine",
                remedy: "set the clock; times of receipt decide what was known when"
            )
        }
        return .ok("store clock", "receipts lie in the past")
    }

    private static func growth(_ health: StoreHealth, _ freeBytes: Int64?) -> [Finding] {
        guard let freeBytes, let perDay = health.bytesPerDay, perDay > 0 else { return [] }
        let days = min(Double(freeBytes) / perDay, 1e6)
        let detail = "\(Int(perDay / 1e6)) MB a day, room for \(Int(days)) days"
        return [
            days >= daysNeeded
                ? .ok("store growth", detail)
                : .warn(
                    "store growth",
                    detail,
                    remedy: "free some space or shorten the retention of raw messages"
                )
        ]
    }
}
