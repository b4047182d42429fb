import CMosquitto
public import Quantities

/// A failure of a session with a broker.
public struct MQTTError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        /// No broker answers at the address.
        case unreachable(String)
        /// The broker answers that it cannot serve us now.
        case unavailable(String)
        /// The broker answers and says no.
        case refused(String)
        /// The broker does not speak the version of MQTT that it was asked for.
        case versionRefused(ProtocolVersion)
        /// The connection was closed where the broker should have answered the first packet.
        case closedUnanswered
        /// The broker and we do not accept each other.
        case access(AccessProblem)
        /// The broker has no shared subscriptions.
        case noSharedSubscriptions
        /// The broker refuses a subscription.
        case subscriptionRefused(filter: String, reason: String)
        /// The broker did not take messages: number and first reason.
        case publicationRefused(count: Int, reason: String)
        /// The connection broke while messages were under way: how many were acknowledged of those sent.
        case interrupted(acknowledged: Int, sent: Int)
        /// A call of the library failed: a topic that is not one, a payload too large.
        case library(String)
    }

    public let kind: Kind
    public let broker: String

    public init(_ kind: Kind, broker: String) {
        self.kind = kind
        self.broker = broker
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .unreachable, .unavailable, .refused, .versionRefused, .closedUnanswered,
            .noSharedSubscriptions, .subscriptionRefused, .publicationRefused, .interrupted:
            .unavailable
        case .access(let problem): problem.exitStatus
        case .library: .internalError
        }
    }

    /// Whether waiting may help: the broker is not there, or not ready. What a setting causes stays until somebody
    /// mends it.
    var mayPass: Bool {
        switch kind {
        case .unreachable, .unavailable, .closedUnanswered, .interrupted: true
        case .access(let problem): problem.mayPass
        default: false
        }
    }

    public var what: String {
        switch kind {
        case .unreachable(let reason): "the broker is not reachable (\(reason))"
        case .unavailable(let reason): "the broker cannot serve us now (\(reason))"
        case .refused(let reason): "the broker refuses the connection (\(reason))"
        case .versionRefused(let version): "the broker does not speak MQTT \(version.rawValue)"
        case .closedUnanswered: "the broker closed the connection without an answer"
        case .access(let problem): problem.what
        case .noSharedSubscriptions: "the broker has no shared subscriptions"
        case .subscriptionRefused(let filter, let reason):
            "the broker refuses the subscription to \(filter) (\(reason))"
        case .publicationRefused(let count, let reason):
            "the broker refused \(count) messages (\(reason))"
        case .interrupted(let acknowledged, let sent):
            "the connection broke with \(acknowledged) of \(sent) messages acknowledged"
        case .library(let text): "MQTT error (\(text))"
        }
    }

    public var place: String { broker }

    public var remedy: String {
        switch kind {
        case .unreachable: "start the broker or check the address"
        case .unavailable: "try again later; the broker's log says more"
        case .versionRefused: "use a broker for MQTT 5 or 3.1.1"
        case .closedUnanswered:
            "a TLS listener needs mqtts://, and may demand --certificate; the broker's log says more"
        case .access(let problem): problem.remedy
        case .noSharedSubscriptions: "run one ingester alone, or use a broker with MQTT 5"
        case .refused, .subscriptionRefused, .publicationRefused: "check user, password and access rules"
        case .interrupted: "send again; what arrived twice is counted as duplicated"
        case .library: ""
        }
    }
}

/// `MOSQ_ERR_SUCCESS` as the type the calls return.
let success = Int32(MOSQ_ERR_SUCCESS.rawValue)

/// The library's words for a result code; the system's where it only passes an error on.
func describe(_ code: Int32) -> String {
    if code == Int32(MOSQ_ERR_ERRNO.rawValue) { return systemErrorText() }
    return String(cString: mosquitto_strerror(code)).trimmingFullStop
}

/// The words for a reason code of MQTT 5 (OASIS MQTT 5.0, section 2.4).
func describeReason(_ code: Int32) -> String {
    String(cString: mosquitto_reason_string(code)).trimmingFullStop
}

/// The words for an answer to CONNECT of MQTT 3.1.1.
func describeAnswer(_ code: Int32) -> String {
    String(cString: mosquitto_connack_string(code)).trimmingFullStop
}

extension String {
    fileprivate var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
