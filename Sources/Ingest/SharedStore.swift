import Archive
import MQTT
import Quantities
import Synchronization

/// The one writer of a run, shared by the threads of its sources. None of them belongs to the cooperative pool.
final class SharedStore: Sendable {
    private let store: Mutex<MessageStore?>
    private let pressed = Atomic(false)

    /// Whether messages come faster than they are stored: the last batch was a full one.
    var isPressed: Bool { pressed.load(ordering: .relaxed) }

    init(_ settings: IngestSettings) throws {
        store = Mutex(
            try MessageStore(
                path: settings.storePath,
                knowledge: settings.knowledge,
                maximumBytes: settings.maximumStoreBytes,
                metrics: settings.metrics
            )
        )
    }

    /// As the sessions make them.
    private static let fullBatch = 500

    /// - Parameter receipts: of the loggers in the batch, once it is durable.
    func store(_ batch: MessageBatch, receipts: ([ReceiptState]) -> Void) throws -> BatchOutcome {
        pressed.store(batch.count >= Self.fullBatch, ordering: .relaxed)
        return try with { store in
            let outcome = try store.store(batch, received: .now())
            if case .durable = outcome { receipts(store.receipts) }
            return outcome
        }
    }

    /// Closes the file: nothing may be done with the store afterwards.
    func close() { store.withLock { $0 = nil } }

    /// Everything else that is done with the store; to be short, since messages wait meanwhile.
    func with<Value: Sendable>(_ body: (inout MessageStore) throws -> Value) throws -> Value {
        try store.withLock { store in
            guard var open = store.take() else { preconditionFailure("the store has been closed") }
            do {
                let value = try body(&open)
                store = consume open
                return value
            } catch {
                store = consume open
                throw error
            }
        }
    }
}
