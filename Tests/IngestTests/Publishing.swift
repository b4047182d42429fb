import Concurrent
import MQTT

/// Sends messages and waits for their acknowledgements.
func publishOnOwnThread(to broker: BrokerAddress, _ messages: [(String, String)]) async throws {
    try await onOwnThread(named: "publisher") {
        var session = try PublisherSession(to: broker, clientID: "test-publisher")
        for (topic, payload) in messages { try session.publish(topic: topic, payload: Array(payload.utf8)) }
        try session.finish()
    }
}
