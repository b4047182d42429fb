import Foundation
import TestSupport
import Testing

private func carelessness(_ path: String, _ text: String) -> [Finding] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var findings: [Finding] = []
    if text.hasPrefix("#!") {
        if lines.first != "#!/usr/bin/env bash" {
            findings.append(Finding(path: path, line: 1, message: "not bash by env"))
        }
        if !lines.contains("set -euo pipefail") {
            findings.append(Finding(path: path, line: 2, message: "errors are not fatal"))
        }
    }
    for (index, line) in lines.enumerated() where line.count > 110 {
        findings.append(Finding(path: path, line: index + 1, message: "longer than 110 columns"))
    }
    for (index, line) in lines.enumerated() where line.contains(/\b(pkill|killall)\b/) {
        findings.append(Finding(path: path, line: index + 1, message: "ends processes by name"))
    }
    return findings
}

@Test func everyScriptIsCareful() throws {
    #expect(SourceTree.scripts().contains("deploy/test"))
    expectNone(try SourceTree.scripts().flatMap { carelessness($0, try SourceTree.text(of: $0)) })
}

@Test func everyScriptParsesAndCanBeRun() async throws {
    for path in SourceTree.scripts() {
        let url = SourceTree.url(path)
        let run = try await ProgramRun.run(URL(filePath: "/bin/bash"), ["-n", url.path])
        #expect(run.status == 0, "\(path): \(run.standardError)")
        let isProgram = try SourceTree.text(of: path).hasPrefix("#!")
        #expect(FileManager.default.isExecutableFile(atPath: url.path) == isProgram, "\(path)")
    }
}

@Test(
    arguments: [
        "deploy/test", "deploy/quickstart", "deploy/install-dependencies", "deploy/make-certificates",
    ]
)
func everyCommandOfTheHouseHasHelpAndRefusesWhatItDoesNotKnow(path: String) async throws {
    let help = try await ProgramRun.run(SourceTree.url(path), ["--help"])
    #expect(help.status == 0)
    #expect(help.standardOutput.contains("usage: \(path)"))
    let text = try SourceTree.text(of: path)
    for match in text.matches(of: /^ +(--[a-z-]+)(?: \| -h)?\)/.anchorsMatchLineEndings()) {
        #expect(help.standardOutput.contains("  \(match.1)"), "\(match.1)")
    }
    let refusal = try await ProgramRun.run(SourceTree.url(path), ["--no-such-option"])
    #expect(refusal.status == 64)
    #expect(refusal.standardError.split(separator: "\n").count == 1)
}

@Test func theListOfPackagesIsOneAndHoldsWhatTheManifestNames() async throws {
    let run = try await ProgramRun.run(SourceTree.url("deploy/install-dependencies"), ["--list"])
    let packages = run.standardOutput.split(separator: "\n").map(String.init)
    #expect(run.status == 0)
    #expect(packages.count == Set(packages).count)
    let manifest = try SourceTree.text(of: "Package.swift")
    let named = manifest.matches(of: /\.apt\(\[([^\]]*)\]/).flatMap {
        $0.1.matches(of: /"([^"]+)"/).map { $0.1 }
    }
    #expect(named.count >= 7)
    for package in named {
        #expect(packages.contains(String(package)))
    }
}

@Test func aCarelessScriptIsSeen() {
    #expect(carelessness("a", "#!/usr/bin/env bash\nset -euo pipefail\necho\n").isEmpty)
    #expect(carelessness("a", "#!/bin/sh\nkillall mosquitto\n").map(\.line) == [1, 2, 2])
    #expect(carelessness("a", "# sourced\nsay() { :; }\n").isEmpty)
}

@Test func aSummaryIsFlattenedForTheScripts() async throws {
    let folder = try TemporaryFolder()
    let summary = folder.file("summary.json")
    let text = #"{"a":{"b/c":[1,{"d":-2.5e3}],"e":{},"f":[]},"g":"x \"y\" {","h":true,"i":null}"#
    try Data((text + "\n").utf8).write(to: summary)
    let program = SourceTree.url("deploy/flatten-json.awk").path
    let run = try await ProgramRun.run(URL(filePath: "/usr/bin/awk"), ["-f", program, summary.path])
    #expect(run.status == 0)
    let lines = run.standardOutput.split(separator: "\n")
    #expect(lines == ["a.b/c.0 1", "a.b/c.1.d -2.5e3", #"g x \"y\" {"#, "h true", "i null"])
}
