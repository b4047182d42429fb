import Formats
import Ingest
import Quantities

/// `crosswind replay`: a recorded file through the broker.
struct ReplayVerb: Verb {
    let name = "replay"
    let summary = "publish a recorded file through MQTT, in its own time or faster"
    let operands = "RECORD"
    let discussion = """
        Sends every row of a recorded file (CSV or netCDF, as the network file describes it) as the message
        that its station would have sent, with QoS 1, and ends when the broker has acknowledged them all.

          crosswind replay deploy/records/hamburg-drive.csv --network stations/hamburg-vehicle.json \\
              --broker mqtt://127.0.0.1:1883
        """
    let options: [OptionSpecification] =
        [
            .value("network", "FILE", "the network file that describes the record"),
            .value("broker", "URL", "mqtt://host[:1883] or mqtts://host[:8883]"),
        ] + OptionSpecification.brokerAccess + [
            .value("speed", "FACTOR", "so many times its own speed; as fast as possible where not given"),
            .value("limit", "N", "only the first N messages"),
            .json,
        ]

    func run(_ options: Options) async throws -> ExitStatus {
        guard let path = options.operands.first, options.operands.count == 1 else {
            throw UsageError.operands(expected: "one RECORD", verb: name)
        }
        let broker = try options.broker()
        let networkPath = try options.required("network")
        var settings = ReplaySettings(
            broker: broker,
            recordPath: path,
            networkFile: try NetworkFile(path: networkPath)
        )
        settings.access = try options.brokerAccess()
        settings.limit = try options.positive("limit")
        if let speed = try options.number("speed") {
            guard speed > 0 else {
                throw UsageError.badValue("speed", "\(speed)", expected: "a number above zero", verb: name)
            }
            settings.speed = speed
        }
        let stop = StopRequest()
        let signals = StopSignals(stop)
        let summary = try await replay(settings, until: stop)
        signals.cancel()
        if options.isSet("json") { try JSONSummary.print(summary) }
        try Terminal.write(
            summary.sent == summary.total
                ? "sent \(summary.sent), acknowledged \(summary.acknowledged)"
                : "stopped: sent \(summary.sent) of \(summary.total), acknowledged \(summary.acknowledged)",
            to: options.isSet("json") ? .standardError : .standardOutput
        )
        return .success
    }
}
