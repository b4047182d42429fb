import Foundation
import Quantities

/// `crosswind doctor`: looks at everything a run depends on and says what is wrong.
struct DoctorVerb: Verb {
    let name = "doctor"
    let summary = "check installation, libraries, broker, store and files, and say what is wrong"
    let operands = "[FILE...]"
    let discussion = """
        One line for each thing looked at: ok, warn or fail, what was found, and what to do. Opens the given
        files, asks the broker for a connection, checks every page of the store, what in it waits for whom and how
        long the disk will last, and changes nothing.
        Exit status 0 when nothing failed, else that of the first failure: 69 broker, 74 store or folder,
        65 or 66 file or network file.

            crosswind doctor --broker mqtt://localhost:1883 --store readings.sqlite soundings/*.nc4
        """
    let options: [OptionSpecification] = [
        .value("broker", "URL", "the MQTT broker to connect to, e.g. mqtt://localhost:1883"),
        .value("store", "FILE", "the store of readings to check"),
        .value("network", "FILE", "a network file to read; may be given several times"),
        .json,
    ]

    /// The object of `--json`.
    private struct Summary: Encodable {
        let software = "crosswind \(Version.current)"
        let ok: Int
        let warn: Int
        let fail: Int
        let checks: [Finding]
    }

    func run(_ options: Options) async throws -> ExitStatus {
        let findings = try await findings(options)
        if options.isSet("json") {
            func count(_ state: Finding.State) -> Int { findings.count { $0.state == state } }
            let summary = Summary(ok: count(.ok), warn: count(.warn), fail: count(.fail), checks: findings)
            try JSONSummary.print(summary)
        } else {
            let width = findings.map { $0.name.count }.max() ?? 0
            let lines = findings.map { $0.line(nameWidth: width) }
            try Terminal.write(lines.joined(separator: "\n"), to: .standardOutput)
        }
        return findings.first { $0.state == .fail }?.exitStatus ?? .success
    }

    private func findings(_ options: Options) async throws -> [Finding] {
        var findings = await LibraryChecks.findings()
        findings.append(PlaceChecks.folder("temporary files", FileManager.default.temporaryDirectory.path))
        let here = FileManager.default.currentDirectoryPath
        findings.append(PlaceChecks.folder("this folder", here, isNeeded: false))
        findings.append(ClockCheck.finding())
        for network in options.texts("network") { findings.append(NetworkCheck.finding(network)) }
        if let store = options.text("store") { findings += await StoreCheck.findings(store) }
        if let broker = options.text("broker") { findings.append(try await BrokerCheck.finding(broker)) }
        for file in options.operands { findings.append(await PlaceChecks.file(file)) }
        return findings
    }
}
