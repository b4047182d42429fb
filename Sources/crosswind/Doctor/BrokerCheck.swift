import Concurrent
import Foundation
import MQTT
import Quantities

/// Whether a broker takes an MQTT 5 connection of ours.
enum BrokerCheck {
    static func finding(_ text: String) async throws -> Finding {
        guard let address = BrokerAddress(text) else {
            throw UsageError.badValue(
                "broker",
                text,
                expected: "an address like mqtt://host:1883",
                verb: "doctor"
            )
        }
        do {
            try await onOwnThread(named: "broker") {
                let name = "crosswind-doctor-\(UUID().uuidString.prefix(8))"
                var session = try PublisherSession(to: address, clientID: name)
                try session.finish()
            }
            return .ok("broker", "\(address) takes a connection")
        } catch let error as any Fault {
            return .fail("broker", "\(error.place): \(error.what)", remedy: error.remedy, error.exitStatus)
        }
    }
}
