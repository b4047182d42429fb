import Concurrent
import Foundation
public import MQTT
import Synchronization

/// Sends the messages of a plan at a fixed rate, as a logger with a spool would: what the broker has not
/// acknowledged is sent again after a broken connection.
public final class LoadPublisher: Sendable {
    private let broker: BrokerAddress
    private let name: String
    private let connections = Atomic(0)
    private let stop = Atomic(false)

    public init(broker: BrokerAddress, name: String = "load-publisher") {
        self.broker = broker
        self.name = name
    }

    /// Connections that it took, 1 without any fault.
    public var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// Gives up at the next pause.
    public func cancel() { stop.store(true, ordering: .relaxed) }

    /// Returns when the broker has acknowledged each of them.
    /// - Parameter perSecond: nil for as fast as the broker takes them.
    public func publish(_ indices: [Int], of plan: LoadPlan, perSecond: Double?) async throws {
        try await onOwnThread(named: "load publisher") { [self] in
            var next = 0
            while next < indices.count, !stop.load(ordering: .relaxed) {
                next += try publishUntilBroken(indices[next...], plan, perSecond)
            }
        }
    }

    /// How many were acknowledged. Those under way when the connection broke are sent again, although the broker
    /// may have them: that is what makes a duplicate.
    private func publishUntilBroken(
        _ indices: ArraySlice<Int>,
        _ plan: LoadPlan,
        _ perSecond: Double?
    ) throws -> Int {
        guard var session = try connect() else { return 0 }
        do {
            let start = ContinuousClock.now
            for (count, index) in indices.enumerated() {
                if let perSecond, count % 25 == 0 {
                    let due = start + .seconds(Double(count) / perSecond)
                    try session.idle(for: due - ContinuousClock.now)
                }
                if stop.load(ordering: .relaxed) { break }
                let message = plan.messages[index]
                try session.publish(topic: message.topic, payload: message.payload)
            }
            try session.finish()
            return indices.count
        } catch {
            guard case .interrupted(let acknowledged, _) = error.kind else { throw error }
            return acknowledged
        }
    }

    /// Tries for a minute; nil when cancelled.
    private func connect() throws -> PublisherSession? {
        for attempt in 0..<600 where !stop.load(ordering: .relaxed) {
            do {
                let session = try PublisherSession(to: broker, clientID: name, window: 200)
                connections.add(1, ordering: .relaxed)
                return session
            } catch {
                if attempt == 599 { throw error }
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
        return nil
    }
}
