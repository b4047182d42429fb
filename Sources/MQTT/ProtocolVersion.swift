import CMosquitto

/// The version of MQTT that a connection speaks.
public enum ProtocolVersion: String, Sendable {
    case five = "5"
    /// Without a receive maximum (the broker's own limit holds), reason codes and shared subscriptions.
    case threeOneOne = "3.1.1"

    var option: Int32 { self == .five ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311 }
    var other: ProtocolVersion { self == .five ? .threeOneOne : .five }

    /// What a refused connection means: the codes of MQTT 5 (section 3.2.2.2) and of 3.1.1 (section 3.2.2.3).
    func refusal(_ reason: Int32, user: String?) -> MQTTError.Kind {
        switch (self, reason) {
        case (.five, 0x84), (.threeOneOne, 1): .versionRefused(self)
        case (.five, 0x86), (.five, 0x87), (.threeOneOne, 4), (.threeOneOne, 5):
            .access(.credentials(user: user))
        // Not available, busy, shutting down, over its quota or rate: the broker is there and will have us later.
        case (.five, 0x88), (.five, 0x89), (.five, 0x8B), (.five, 0x97), (.five, 0x9F):
            .unavailable(describeReason(reason))
        case (.threeOneOne, 3): .unavailable(describeAnswer(reason))
        case (.five, _): .refused(describeReason(reason))
        case (.threeOneOne, _): .refused(describeAnswer(reason))
        }
    }
}
