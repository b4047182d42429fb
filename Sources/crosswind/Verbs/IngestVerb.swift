import Dispatch
import Formats
import Foundation
import Ingest
import MQTT
import Observations
import Quantities

/// `crosswind ingest`: from the broker into the store.
struct IngestVerb: Verb {
    let name = "ingest"
    let summary = "subscribe to a broker, check what comes, and store it"
    let operands = ""
    let discussion = """
        Subscribes with MQTT 5 and QoS 1 to co2/v1/{network}/+/obs, decodes and checks every message and
        stores it in an SQLite file. A message is acknowledged only after it is on disk; what cannot be used
        is kept with its reason. Runs until SIGTERM or Ctrl-C, or as the options say.

          crosswind ingest --broker mqtt://127.0.0.1:1883 --network stations/hamburg-vehicle.json \\
              --store readings.sqlite
        """
    let options: [OptionSpecification] = [
        .value("broker", "URL", "mqtt://[user:password@]host[:port]"),
        .value("network", "FILE", "a network file; may be given several times"),
        .value("store", "FILE", "the SQLite store; created where absent"),
        .value("client-id", "ID", "names the session at the broker (crosswind-ingest)"),
        .value("count", "N", "end when at least N messages are stored"),
        .value("until-idle", "SECONDS", "end when nothing has come for so long"),
        .value("max-store-megabytes", "N", "acknowledge nothing that would make the store larger"),
        .json,
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        let settings = try settings(options)
        let stop = StopRequest()
        let signals = StopSignals(stop)
        let summary = try await ingest(settings, until: stop) { line in
            Terminal.note("crosswind ingest: \(line)")
        }
        signals.cancel()
        try report(summary, asJSON: options.isSet("json"))
        return .success
    }

    private func settings(_ options: Options) throws -> IngestSettings {
        let broker = try options.broker()
        let storePath = try options.required("store")
        _ = try options.required("network")
        guard options.operands.isEmpty else { throw UsageError.operands(expected: "no operands", verb: name) }
        var networks: [Network] = []
        for path in options.texts("network") { networks.append(try NetworkFile(path: path).network) }
        var settings = IngestSettings(
            broker: broker,
            networks: networks,
            storePath: storePath,
            clientID: options.text("client-id") ?? "crosswind-ingest"
        )
        settings.messageLimit = try options.positive("count")
        if let seconds = try options.number("until-idle") {
            guard seconds > 0, seconds <= 1e9 else {
                throw UsageError.badValue(
                    "until-idle",
                    options.text("until-idle") ?? "",
                    expected: "a positive number of seconds below 1e9",
                    verb: name
                )
            }
            settings.idleLimit = .seconds(seconds)
        }
        let megabytes = try options.positive("max-store-megabytes").map { min($0, 1 << 40) }
        settings.maximumStoreBytes = megabytes.map { Int64($0) * 1_000_000 }
        return settings
    }

    private func report(_ summary: IngestSummary, asJSON: Bool) throws {
        if asJSON { try JSONSummary.print(summary) }
        let stream: Terminal.Stream = asJSON ? .standardError : .standardOutput
        try Terminal.write(
            """
            received \(summary.received) = stored \(summary.stored) + revised \(summary.revised) \
            + duplicated \(summary.duplicated) + rejected \(summary.rejected), \
            from \(summary.messages) messages
            """,
            to: stream
        )
        try Terminal.write("flags: \(text(summary.flags))", to: stream)
        for (reason, count) in summary.rejectedByReason.sorted(by: { $0.key < $1.key }) {
            try Terminal.write("rejected \(count): \(reason)", to: stream)
        }
        for (station, tally) in summary.stations.sorted(by: { $0.key < $1.key }) {
            try Terminal.write(
                """
                \(station): stored \(tally.stored), revised \(tally.revised), duplicated \
                \(tally.duplicated), rejected \(tally.rejected); \(text(tally.flags))
                """,
                to: stream
            )
        }
    }

    private func text(_ flags: FlagTally) -> String {
        "good \(flags.good), suspect \(flags.suspect), fail \(flags.fail), missing \(flags.missing)"
    }
}

extension Options {
    /// The broker of `--broker`.
    func broker() throws(UsageError) -> BrokerAddress {
        let text = try required("broker")
        guard let broker = BrokerAddress(text) else {
            throw .badValue("broker", text, expected: "an address like mqtt://host:1883", verb: verb)
        }
        return broker
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

/// Turns SIGTERM and SIGINT into a request to end in good order.
struct StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ request: StopRequest) {
        sources = [SIGTERM, SIGINT].map { number in
            // The default action would end the process before the source hears of the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in request.stop() }
            source.activate()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
