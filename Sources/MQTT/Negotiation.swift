/// Which version of MQTT to speak with a broker: 5 where it can, else 3.1.1.
struct Negotiation {
    /// What the broker last agreed to; nil before the first connection.
    private(set) var agreed: ProtocolVersion?

    /// Connects with the version agreed, or the other one when the broker refuses it. Before anything is
    /// agreed, a connection that is closed without an answer counts as refused, for old brokers do that;
    /// later it is a broker that goes away.
    mutating func open(
        to address: BrokerAddress,
        _ access: BrokerAccess,
        _ settings: BrokerConnection.Settings
    ) throws(MQTTError) -> BrokerConnection {
        let version = agreed ?? .five
        let refusal: MQTTError
        do {
            let connection = try BrokerConnection.open(to: address, access, settings, version: version)
            agreed = version
            return connection
        } catch {
            guard isRefusal(error.kind) else { throw error }
            refusal = error
        }
        do {
            let connection = try BrokerConnection.open(
                to: address,
                access,
                settings,
                version: version.other
            )
            agreed = version.other
            return connection
        } catch {
            // A broker that closes the connection after a failed handshake may reset it, and with that lose
            // the alert that says why. The second attempt may have got it.
            if case .access = error.kind { throw error }
            throw isTrouble(error.kind, after: refusal.kind) ? error : refusal
        }
    }

    /// Whether the broker speaks the other version, and only cannot serve us now.
    private func isTrouble(_ kind: MQTTError.Kind, after refusal: MQTTError.Kind) -> Bool {
        switch (refusal, kind) {
        case (.versionRefused, .unavailable), (.versionRefused, .unreachable): true
        default: false
        }
    }

    private func isRefusal(_ kind: MQTTError.Kind) -> Bool {
        switch kind {
        case .versionRefused: true
        case .closedUnanswered: agreed == nil
        default: false
        }
    }
}
