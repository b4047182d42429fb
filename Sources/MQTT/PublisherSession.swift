import Foundation
import Quantities

/// Sends messages with QoS 1 and a bounded number of them under way. Calls block: use it on a thread of
/// its own.
public struct PublisherSession: ~Copyable {
    private let connection: BrokerConnection
    private let window: Int
    /// Messages handed over so far.
    public private(set) var sent = 0

    /// Messages the broker has acknowledged so far.
    public var acknowledged: Int { connection.events.acknowledged }

    /// - Parameter window: how many messages may be unacknowledged before ``publish(topic:payload:)`` waits.
    /// - Throws: ``MQTTError`` when the broker does not answer or does not let us in.
    public init(
        to broker: BrokerAddress,
        access: BrokerAccess = BrokerAccess(),
        clientID: String,
        window: Int = 500
    ) throws(MQTTError) {
        precondition(window > 0, "a window holds at least one message")
        ignoreBrokenPipes()
        self.window = window
        var negotiation = Negotiation()
        connection = try negotiation.open(
            to: broker,
            access,
            .init(clientID: clientID, keepsSession: false)
        )
    }

    /// Sends one message, first waiting for room in the window.
    /// - Throws: ``MQTTError`` of kind `interrupted`, or `library` for a topic that is not one.
    public mutating func publish(topic: String, payload: [UInt8]) throws(MQTTError) {
        try publish(Publication(topic: topic, payload: payload))
    }

    /// Sends one message, first waiting for room in the window.
    /// - Throws: ``MQTTError`` of kind `interrupted`, or `library` for a topic that is not one or a message that
    ///   is larger than the broker allows.
    public mutating func publish(_ message: Publication) throws(MQTTError) {
        while inFlight >= window { try exchange(waitingMilliseconds: 100) }
        try connection.publish(message)
        sent += 1
        // A system call for every few messages; the window bounds what waits here.
        if sent % 16 == 0 { try exchange(waitingMilliseconds: 0) }
    }

    /// Keeps the connection going while there is nothing to send.
    public mutating func idle(for duration: Duration) throws(MQTTError) {
        let end = ContinuousClock.now + duration
        while true {
            let left = end - ContinuousClock.now
            guard left > .zero else { return }
            let milliseconds = min(100, left / .milliseconds(1))
            try exchange(waitingMilliseconds: Int32(milliseconds.rounded(.up)))
        }
    }

    /// Waits until every message is acknowledged, and says goodbye.
    /// - Throws: ``MQTTError`` of kind `publicationRefused` when the broker did not take some of them.
    public mutating func finish() throws(MQTTError) {
        while inFlight > 0 { try exchange(waitingMilliseconds: 100) }
        connection.close()
        let events = connection.events
        guard events.refused == 0 else {
            let reason = describeReason(events.firstRefusal)
            throw connection.failure(.publicationRefused(count: events.refused, reason: reason))
        }
    }

    private var inFlight: Int { sent - connection.events.acknowledged - connection.events.refused }

    private func exchange(waitingMilliseconds milliseconds: Int32) throws(MQTTError) {
        var code = connection.write()
        if milliseconds > 0 {
            connection.wait(milliseconds: milliseconds, forWriting: connection.wantsToWrite)
        }
        var before = -1
        while code == nil, before != connection.events.acknowledged {
            before = connection.events.acknowledged
            code = connection.read()
        }
        code = code ?? connection.tend()
        guard code == nil else {
            throw connection.failure(.interrupted(acknowledged: acknowledged, sent: sent))
        }
    }
}
