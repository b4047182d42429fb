import Archive
import Concurrent
import Foundation
import MQTT
import Quantities
import Synchronization

/// Takes in what brokers and loggers deliver, and stores it, until asked to end.
///
/// A message is acknowledged only after the transaction with its readings, or with its dead letter, has been
/// committed with the log synchronised. Whatever happens before that, the broker delivers it again. In between the
/// stored readings are settled.
/// - Parameter note: lines for the log.
/// - Throws: `MQTTError` when a broker cannot be reached at the start, `ArchiveError` when the store cannot be
///   written, `PayloadRoutingError`.
public func ingest(
    _ settings: IngestSettings,
    until stop: StopRequest,
    note: @escaping @Sendable (String) -> Void
) async throws -> IngestSummary {
    let run = try await onOwnThread(named: "ingest") { try IngestRun(settings, stop, note) }
    return try await run.run()
}

/// One run with all its threads.
private final class IngestRun: Sendable {
    private let settings: IngestSettings
    private let store: SharedStore
    private let progress: RunProgress
    private let stop: StopRequest
    private let note: @Sendable (String) -> Void
    /// To be published by the first session that can.
    private let outbox = Mutex<[Publication]>([])
    private let sourcesHaveEnded = StopRequest()
    private let hasSubscribed = Atomic(false)

    init(_ settings: IngestSettings, _ stop: StopRequest, _ note: @escaping @Sendable (String) -> Void) throws
    {
        self.settings = settings
        self.stop = stop
        self.note = note
        store = try SharedStore(settings)
        let sources = settings.brokers.count + (settings.loggerListener == nil ? 0 : 1)
        progress = RunProgress(sources: sources, settings, stop)
        let changed = try store.with { try $0.recordConfiguration(at: .now()) }
        if !changed.isEmpty { note("settling anew after changes: \(changed.joined(separator: ", "))") }
    }

    func run() async throws -> IngestSummary {
        if settings.brokers.isEmpty { settings.signs?(.ready("listening for loggers")) }
        async let settled: Void = onOwnThread(named: "settling") { try self.settle() }
        do {
            try await runSources()
        } catch {
            sourcesHaveEnded.stop()
            try? await settled
            throw error
        }
        settings.signs?(.stopping)
        sourcesHaveEnded.stop()
        try await settled
        return try await onOwnThread(named: "ingest") {
            let summary = try self.store.with { $0.summary }
            self.store.close()
            return summary
        }
    }

    private func runSources() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, broker) in settings.brokers.enumerated() {
                group.addTask {
                    try await onOwnThread(named: "broker-\(index)") { try self.serve(broker, index) }
                }
            }
            if let listener = settings.loggerListener {
                let index = settings.brokers.count
                group.addTask {
                    try await onOwnThread(named: "loggers") {
                        try self.listen(listener.host, listener.port, index)
                    }
                }
            }
            do {
                try await group.waitForAll()
            } catch {
                // One source that cannot go on ends the others in good order.
                stop.stop()
                throw error
            }
        }
    }

    private func serve(_ broker: BrokerAddress, _ index: Int) throws {
        var session = SubscriberSession(
            broker: broker,
            access: settings.access,
            clientID: settings.clientID,
            topicFilters: try store.with { $0.topicFilters }
        )
        session.sharedGroup = settings.sharedGroup
        session.waitsForBroker = settings.waitsForBroker
        if let limit = settings.messageLimit { session.batchLimit = max(1, min(session.batchLimit, limit)) }
        var desk = ReceiptDesk()
        try session.run(
            store: { batch in
                let outcome = try take(batch) { desk.add($0) }
                guard case .durable = outcome else { return outcome }
                return .durable(publishing: HJ212BrokerReplies.replies(to: batch))
            },
            publications: { desk.take(at: .now) + (index == 0 ? takeOutbox() : []) },
            shouldEnd: { state in
                progress.shouldEnd(source: index, stored: state.acknowledged, idle: state.idle)
            },
            note: { watch($0) }
        )
    }

    private func listen(_ host: String, _ port: UInt16, _ index: Int) throws {
        var listener = HJ212Listener(port: port)
        listener.host = host
        try listener.run(
            store: { batch in try take(batch) { _ in } },
            shouldEnd: { state in
                progress.shouldEnd(source: index, stored: state.stored, idle: state.idle)
            },
            note: { note($0.description) }
        )
    }

    /// Where there is no room, raw messages that are too old make some at once: the next round may come too late.
    private func take(_ batch: MessageBatch, receipts: ([ReceiptState]) -> Void) throws -> BatchOutcome {
        let outcome = try store.store(batch, receipts: receipts)
        guard case .refused(let error) = outcome, let error = error as? ArchiveError, error.isFull,
            try discardOld({ stop.isStopped })
        else { return outcome }
        return try store.store(batch, receipts: receipts)
    }

    private func watch(_ event: SessionEvent) {
        note(event.description)
        switch event {
        case .subscribed:
            settings.signs?(.ready(event.description))
            let again = hasSubscribed.exchange(true, ordering: .relaxed)
            settings.metrics?.connected(again: again && settings.brokers.count == 1)
        case .connectionLost, .takenOver, .hungUpAtOnce, .connectionFailed:
            settings.signs?(.ready(event.description))
            settings.metrics?.disconnected()
        case .publicationsDropped: settings.metrics?.receiptDropped()
        case .olderProtocol, .batchRefused: break
        }
    }

    private func takeOutbox() -> [Publication] {
        outbox.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }

    // MARK: - Between batches

    /// Settles what has come, tells alarms and deletes what is too old, until the sources have ended and, unless
    /// somebody is waiting for the end, everything is settled.
    private func settle() throws {
        var lastRound = ContinuousClock.now
        while !sourcesHaveEnded.isStopped {
            // A backlog at the broker comes first, but not for ever.
            let pause: Duration = store.isPressed ? .seconds(60) : .seconds(2)
            guard ContinuousClock.now - lastRound >= pause else {
                Thread.sleep(forTimeInterval: 0.05)
                continue
            }
            try doRound { sourcesHaveEnded.isStopped }
            lastRound = .now
        }
        // Nobody else gives signs of life any more.
        try doRound {
            settings.signs?(.alive)
            return stop.isStopped
        }
    }

    private func doRound(until isOver: () -> Bool) throws {
        try tellAlarms()
        settings.metrics?.setStoreBytes(storeBytes)
        while !isOver() {
            let isMore = try tolerating { try store.with { try $0.settleNext(at: .now()) } }
            guard isMore else { break }
            // Gives the lock to a source that waits for it.
            Thread.sleep(forTimeInterval: 0.0005)
        }
        try discardOld(isOver)
    }

    /// The file and its log.
    private var storeBytes: Int64 {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: settings.storePath + suffix)
            return sum + ((attributes?[.size] as? NSNumber)?.int64Value ?? 0)
        }
    }

    private func tellAlarms() throws {
        for alarm in try store.with({ try $0.takeAlarms(at: .now()) }) {
            let payload = alarm.payload
            outbox.withLock {
                $0.append(Publication(topic: alarm.topic, payload: payload, isRetained: true))
            }
            settings.webhook?.send(payload)
        }
    }

    /// - Returns: whether anything was deleted.
    @discardableResult
    private func discardOld(_ isOver: () -> Bool) throws -> Bool {
        guard let kept = settings.rawMessagesKept else { return false }
        var hasDiscarded = false
        let moment = Instant.now().advanced(bySeconds: -(kept / .seconds(1)))
        while !isOver(), try tolerating({ try store.with { try $0.discardRaw(before: moment) } }) {
            hasDiscarded = true
            Thread.sleep(forTimeInterval: 0.0005)
        }
        return hasDiscarded
    }

    /// A full disk or a locked file stops settling for a while; what is to be settled stays on the list.
    private func tolerating(_ body: () throws -> Bool) throws -> Bool {
        do {
            return try body()
        } catch let error as ArchiveError where error.mayPass {
            note("settling waits: \(error.line)")
            return false
        }
    }
}
