import MQTT
import Synchronization
import TestSupport

/// Why a session was ended by its test.
struct Overdue: Error {}

extension SubscriberSession {
    /// Runs, but at most half a minute: a broken session must fail its test and not hold it for ever.
    func runWithinLimit(
        store: (MessageBatch) throws -> BatchOutcome,
        publications: () -> [Publication] = { [] },
        shouldEnd: (SessionProgress) -> Bool,
        note: (SessionEvent) -> Void = { _ in }
    ) throws {
        let deadline = ContinuousClock.now + .seconds(600)
        var isOverdue = false
        try run(
            store: store,
            publications: publications,
            shouldEnd: { progress in
                if shouldEnd(progress) { return true }
                isOverdue = ContinuousClock.now > deadline
                return isOverdue
            },
            note: note
        )
        if isOverdue { throw Overdue() }
    }
}

/// A number that threads raise and a test waits for.
final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add(_ amount: Int) { count.withLock { $0 += amount } }

    func wait(until wanted: Int) async throws {
        guard await becomes({ value >= wanted }) else { throw Overdue() }
    }
}
