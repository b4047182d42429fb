import Foundation
import TestSupport
import Testing

@testable import crosswind

/// The object of `--json`, as a reader outside would see it.
private struct Summary: Decodable {
    struct Check: Decodable {
        let name: String
        let state: String
        let detail: String
        let remedy: String
    }

    let software: String
    let ok: Int
    let warn: Int
    let fail: Int
    let checks: [Check]

    func check(_ name: String) -> Check? { checks.first { $0.name == name } }
}

private func doctor(_ arguments: String...) async throws -> (status: Int32, summary: Summary) {
    let run = try await ProgramRun.run(Places.crosswind, ["doctor", "--json"] + arguments)
    #expect(run.standardOutput.split(separator: "\n").count == 1)
    let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
    #expect(summary.checks.count == summary.ok + summary.warn + summary.fail)
    return (run.status, summary)
}

@Test func theDoctorNamesEveryLibraryWithItsVersion() async throws {
    let (status, summary) = try await doctor()
    #expect(status == 0)
    #expect(summary.fail == 0)
    for name in ["netcdf", "hdf5", "sqlite3", "libmosquitto", "libmicrohttpd"] {
        #expect(summary.check(name)?.detail.contains(/^\d+\.\d+/) == true, "\(name)")
    }
    #expect(summary.check("openblas")?.detail.contains(/^OpenBLAS \d/) == true)
}

@Test func theDoctorPrintsOneLineForEachThing() async throws {
    let run = try await ProgramRun.crosswind("doctor")
    #expect(run.status == 0)
    let lines = run.standardOutput.split(separator: "\n")
    #expect(lines.count >= 9)
    #expect(lines.allSatisfy { $0.hasPrefix("ok ") || $0.hasPrefix("warn ") })
}

@Test func theDoctorOpensDataFiles() async throws {
    let folder = try TemporaryFolder()
    try Data("<html>404</html>".utf8).write(to: folder.file("page.nc"))
    try Data().write(to: folder.file("empty.nc"))
    let good = Places.fixtures.appending(path: "imi-permian.nc").path
    let whole = try await doctor(good, SourcePaths.drive)
    #expect(whole.status == 0)
    #expect(whole.summary.checks.count { $0.name == "file" && $0.state == "ok" } == 2)
    for (path, status) in [
        (folder.file("page.nc").path, Int32(65)), (folder.file("empty.nc").path, 65),
        (folder.file("absent.nc").path, 66),
    ] {
        let run = try await doctor(good, path)
        #expect(run.status == status, "\(path)")
        #expect(run.summary.fail == 1)
        #expect(run.summary.checks.last?.detail.contains(path) == true)
        #expect(run.summary.checks.last?.remedy.isEmpty == false)
    }
}

private enum SourcePaths {
    static let drive = Places.deploy.appending(path: "records/hamburg-drive.csv").path
}

@Test func theDoctorTellsAStoreFromAnotherFile() async throws {
    let folder = try TemporaryFolder()
    let absent = try await doctor("--store", folder.file("new.sqlite").path)
    #expect(absent.status == 0)
    #expect(absent.summary.check("store")?.detail.contains("not there yet") == true)
    #expect(!FileManager.default.fileExists(atPath: folder.file("new.sqlite").path))

    let other = folder.file("other.sqlite")
    try Data("not a database, but long enough to be taken for one".utf8).write(to: other)
    let run = try await doctor("--store", other.path)
    #expect(run.status == 74)
    #expect(run.summary.check("store")?.state == "fail")

    let nowhere = try await doctor("--store", folder.file("no/such/folder/a.sqlite").path)
    #expect(nowhere.status == 74)
    #expect(nowhere.summary.check("store folder")?.state == "fail")
}

@Test func theDoctorSaysThatNoBrokerAnswers() async throws {
    // Port 1 of the loopback address is reserved and never served.
    let (status, summary) = try await doctor("--broker", "mqtt://127.0.0.1:1")
    #expect(status == 69)
    #expect(summary.check("broker")?.state == "fail")
    #expect(summary.check("broker")?.remedy.isEmpty == false)
    let address = try await ProgramRun.crosswind("doctor", "--broker", "localhost")
    #expect(address.status == 64)
}

@Test(.enabled(if: PrivateBroker.program != nil))
func theDoctorConnectsToABrokerAndReadsAStore() async throws {
    let folder = try TemporaryFolder()
    let store = folder.file("readings.sqlite")
    let broker = try await PrivateBroker.start()
    defer { broker.stop() }
    let network = Places.repository.appending(path: "stations/tacolneston.json").path
    let ingest = try await ProgramRun.crosswind(
        "ingest",
        "--broker",
        broker.url,
        "--network",
        network,
        "--store",
        store.path,
        "--until-idle",
        "0.1"
    )
    #expect(ingest.status == 0, "\(ingest.standardError)")
    let whole = try await doctor("--broker", broker.url, "--store", store.path)
    #expect(whole.status == 0)
    #expect(whole.summary.check("broker")?.state == "ok")
    #expect(whole.summary.check("store")?.detail.contains("is whole, 0 readings") == true)

    let handle = try FileHandle(forUpdating: store)
    try handle.truncate(atOffset: 5000)
    try handle.close()
    let damaged = try await doctor("--store", store.path)
    #expect(damaged.status == 74)
    #expect(damaged.summary.check("store")?.state == "fail")
}

@Test func aLibraryOlderThanTestedIsAWarning() {
    #expect(LibraryChecks.versioned("a", "4.6.3", atLeast: [4, 7]).state == .warn)
    #expect(LibraryChecks.versioned("a", "unknown", atLeast: [4, 7]).state == .warn)
    for version in ["4.7", "4.7.0", "4.10.1", "5", "5.0-rc1"] {
        #expect(LibraryChecks.versioned("a", version, atLeast: [4, 7]).state == .ok, "\(version)")
    }
}
