import Formats
import Foundation
import HTTPServer
import Ingest
import MQTT
import Quantities
import Service

/// `crosswind ingest`: from brokers, loggers and files into the store.
struct IngestVerb: Verb {
    let name = "ingest"
    let summary = "take in readings from brokers, loggers and files, check and store them"
    let operands = "[FILE...]"
    let discussion = """
        Subscribes with MQTT 5 (3.1.1 where a broker has no other) and QoS 1 to the topics of the networks,
        decodes and checks every message and stores it in an SQLite file. A message is acknowledged only after
        it is on disk; what cannot be used is kept with its reason (of more than 8 MiB, or of more than a tenth of
        --max-store-megabytes where there is no room, the beginning). Receipts on co2/v1/{network}/{station}/receipt
        tell each logger which of its messages are stored. Between batches readings are settled: tests among
        neighbours, calibration, the edits beside a network file (NAME.edits.csv), means over minutes, hours and
        days. Runs until SIGTERM or Ctrl-C, or as the options say.

          crosswind ingest --broker mqtts://broker.example:8883 --ca ca.crt --user ingest --password-file secret \\
              --network stations/hamburg-vehicle.json --store readings.sqlite --metrics 127.0.0.1:9464

        With FILE... it stores recorded files of months, in the layout of `record` in the network file:

          crosswind ingest --network stations/hamburg-vehicle.json --store readings.sqlite drive-*.csv
        """
    let options: [OptionSpecification] =
        [
            .value("network", "FILE", "a network file; may be given several times"),
            .value("store", "FILE", "the SQLite store; created where absent"),
            .value("broker", "URL", "mqtt://host[:1883] or mqtts://host[:8883]; may be given several times"),
        ] + OptionSpecification.brokerAccess + [
            .value("client-id", "ID", "names the session at the broker (crosswind-ingest)"),
            .value("shared-group", "NAME", "share the messages with the other ingesters of the group"),
            .flag("wait", "wait for a broker that is not reachable or not ready at the start"),
            .value("hj212", "[HOST:]PORT", "take in HJ 212 frames over TCP (this machine only without HOST)"),
            .value("metrics", "[HOST:]PORT", "serve /metrics, /healthz and /readyz"),
            .value("webhook", "URL", "post alarms to this address"),
            .value("keep-raw-days", "N", "delete raw messages that are older; readings stay"),
            .value("count", "N", "end when at least N messages are stored"),
            .value("until-idle", "SECONDS", "end when nothing has come for so long"),
            .value("max-store-megabytes", "N", "acknowledge nothing that makes the store larger; then end"),
            .flag("replay-dead-letters", "decode again what could not be used; tell what stays refused"),
            .flag("reprocess", "settle the whole store anew by the network files as they are"),
            .json,
        ]

    func run(_ options: Options) async throws -> ExitStatus {
        let mode = try IngestMode(options)
        let storePath = try options.required("store")
        _ = try options.required("network")
        let files = try NetworkFile.read(paths: options.texts("network"))
        let stop = StopRequest()
        let signals = StopSignals(stop)
        defer { signals.cancel() }
        switch mode {
        case .live: try await takeIn(files, storePath, options, stop)
        case .files(let paths): try await backFill(paths, files, storePath, options, stop)
        case .maintenance(let task): try await maintain(task, files, storePath, options, stop)
        }
        return .success
    }

    private func takeIn(
        _ files: [NetworkFile],
        _ storePath: String,
        _ options: Options,
        _ stop: StopRequest
    ) async throws {
        var settings = try options.ingestSettings(NetworkKnowledge(files: files), storePath)
        let metrics = IngestMetrics(networks: files.map(\.network))
        settings.metrics = metrics
        if let manager = ServiceManager() { settings.signs = { manager.tell($0) } }
        let server = try options.listenAddress("metrics").map { try startMetricsServer($0, metrics) }
        let summary: IngestSummary
        do {
            summary = try await ingest(settings, until: stop) { Terminal.note("crosswind ingest: \($0)") }
        } catch {
            await server?.stop()
            throw error
        }
        await server?.stop()
        settings.webhook?.stop()
        if options.isSet("json") { try JSONSummary.print(summary) }
        try IngestReport(isJSON: options.isSet("json")).write(summary)
    }

    private func backFill(
        _ paths: [String],
        _ files: [NetworkFile],
        _ storePath: String,
        _ options: Options,
        _ stop: StopRequest
    ) async throws {
        guard files.count == 1, let file = files.first else {
            throw UsageError.operands(expected: "one --network for the files", verb: name)
        }
        var settings = BackFillSettings(paths: paths, networkFile: file, storePath: storePath)
        settings.maximumStoreBytes = try options.maximumStoreBytes()
        let bar = ProgressLine()
        let filled = try await Ingest.backFill(settings, until: stop) { bar.show($0) }
        let settled = try await Ingest.maintain(
            storePath: storePath,
            NetworkKnowledge(files: files),
            .settle,
            until: stop
        ) { bar.show(settled: $0) }
        bar.end()
        if options.isSet("json") { try JSONSummary.print(FileSummary(filled: filled, settled: settled)) }
        try IngestReport(isJSON: options.isSet("json")).write(filled)
    }

    private func maintain(
        _ task: MaintenanceTask,
        _ files: [NetworkFile],
        _ storePath: String,
        _ options: Options,
        _ stop: StopRequest
    ) async throws {
        guard FileManager.default.fileExists(atPath: storePath) else {
            throw MissingStore(path: storePath)
        }
        let bar = ProgressLine()
        let summary = try await Ingest.maintain(
            storePath: storePath,
            NetworkKnowledge(files: files),
            task,
            until: stop
        ) { bar.show(settled: $0) }
        bar.end()
        if options.isSet("json") { try JSONSummary.print(summary) }
        try IngestReport(isJSON: options.isSet("json")).write(summary)
    }
}

/// The object of `--json` for files.
private struct FileSummary: Encodable {
    let files: Int
    let rows: Int
    let rows_per_second: Double
    let is_complete: Bool
    let settled: Int
    let ingest: IngestSummary

    init(filled: BackFillSummary, settled: MaintenanceSummary) {
        files = filled.files
        rows = filled.rows
        rows_per_second = filled.seconds > 0 ? Double(filled.rows) / filled.seconds : 0
        is_complete = filled.isComplete && settled.isComplete
        self.settled = settled.settled
        ingest = filled.ingest
    }
}

private struct MissingStore: Fault {
    let path: String
    var exitStatus: ExitStatus { .missingInput }
    var what: String { "no such store" }
    var place: String { path }
    var remedy: String { "check the path" }
}
