import Foundation
import Ingest
import MQTT
import Quantities
import Service

extension Options {
    /// The settings of a live run.
    /// - Throws: ``UsageError``, `MQTTError` for files of credentials that cannot be read.
    func ingestSettings(_ knowledge: NetworkKnowledge, _ storePath: String) throws -> IngestSettings {
        var settings = IngestSettings(
            brokers: try brokers(),
            knowledge: knowledge,
            storePath: storePath,
            clientID: text("client-id") ?? "crosswind-ingest"
        )
        settings.access = try brokerAccess()
        settings.sharedGroup = text("shared-group")
        settings.waitsForBroker = isSet("wait")
        settings.loggerListener = try listenAddress("hj212").map { ($0.host, $0.port) }
        settings.messageLimit = try positive("count")
        settings.idleLimit = try seconds("until-idle")
        settings.maximumStoreBytes = try maximumStoreBytes()
        settings.rawMessagesKept = try days("keep-raw-days")
        if let text = text("webhook") {
            let note: @Sendable (String) -> Void = { Terminal.note("crosswind ingest: \($0)") }
            guard let webhook = Webhook(text, note: note) else {
                throw UsageError.badValue("webhook", text, expected: "an http or https address", verb: verb)
            }
            settings.webhook = webhook
        }
        return settings
    }

    /// Proof of who we are, for every verb that has the options.
    func brokerAccess() throws -> BrokerAccess {
        var access = BrokerAccess(
            authorityPath: text("ca"),
            certificatePath: text("certificate"),
            keyPath: text("key"),
            user: text("user")
        )
        try access.readPassword(file: text("password-file"))
        return access
    }

    private func brokers() throws(UsageError) -> [BrokerAddress] {
        var brokers: [BrokerAddress] = []
        for text in texts("broker") {
            guard let broker = BrokerAddress(text) else {
                throw .badValue("broker", text, expected: brokerForm, verb: verb)
            }
            brokers.append(broker)
        }
        return brokers
    }

    /// The broker of `--broker`.
    func broker() throws(UsageError) -> BrokerAddress {
        let text = try required("broker")
        guard let broker = BrokerAddress(text) else {
            throw .badValue("broker", text, expected: brokerForm, verb: verb)
        }
        return broker
    }

    func listenAddress(_ name: String) throws(UsageError) -> ListenAddress? {
        guard let text = text(name) else { return nil }
        guard let address = ListenAddress(text) else {
            throw .badValue(name, text, expected: "a port, or an IPv4 address and port", verb: verb)
        }
        return address
    }

    func maximumStoreBytes() throws(UsageError) -> Int64? {
        let megabytes = try positive("max-store-megabytes").map { min($0, 1 << 40) }
        return megabytes.map { Int64($0) * 1_000_000 }
    }

    private func seconds(_ name: String) throws(UsageError) -> Duration? {
        guard let seconds = try number(name) else { return nil }
        guard seconds > 0, seconds <= 1e9 else {
            throw .badValue(
                name,
                text(name) ?? "",
                expected: "a positive number of seconds below 1e9",
                verb: verb
            )
        }
        return .seconds(seconds)
    }

    private func days(_ name: String) throws(UsageError) -> Duration? {
        guard let days = try number(name) else { return nil }
        guard days > 0, days <= 1e5 else {
            throw .badValue(name, text(name) ?? "", expected: "a number of days up to 1e5", verb: verb)
        }
        return .seconds(days * 86_400)
    }

    /// A whole number of at least one.
    func positive(_ name: String) throws(UsageError) -> Int? {
        guard let value = try integer(name) else { return nil }
        guard value > 0 else {
            throw .badValue(name, String(value), expected: "a number above zero", verb: verb)
        }
        return value
    }
}

private let brokerForm = "an address like mqtt://host:1883 or mqtts://host:8883"
