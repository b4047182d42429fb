import Archive
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@testable import crosswind

private typealias Store = ReadingStore

private let network = """
    { id: "net", names: "Net", credit: "none", stations: [{ id: "tower", names: "T", kind: "fixed",
      position: { longitude: 1, latitude: 50 }, instruments: [{ id: "i", gas: "ch4", unit: "ppb",
      scale: "unstated", gross_range: { fail: [1000, 9000], suspect: [1700, 5000] } }] }] }
    """

/// Two stations that measure CO2 and one that is described and has sent nothing.
private func script() async throws -> StoreScript {
    let script = try StoreScript()
    let readings = [
        Store.reading(0, 400), Store.reading(60, 401), Store.reading(0, 2, station: "valley", gas: .co),
    ]
    try await script.store(atHour: 1, readings)
    try await script.record(atHour: 1, "network", network)
    return script
}

@Test(arguments: [
    (["readings", "--station", "rof"], "--station: there is no station `rof`: STORE; did you mean roof?"),
    (["readings", "--station", "roof", "--station", "x"], "known: roof, tower, valley"),
    (["readings", "--gas", "n2o"], "--gas: nobody measures `n2o`"),
    (["readings", "--station", "roof", "--gas", "ch4"], "--gas: roof measures no `ch4`"),
    (
        ["readings", "--conditions", "t,wnd"],
        "--conditions: there is no condition `wnd`: STORE; did you mean wd?"
    ),
    (["weather", "--station", "vally"], "did you mean valley?"),
    (["receipts", "--station", "rooof"], "did you mean roof?"),
    (["means", "--interval", "hour", "--station", "rooof"], "did you mean roof?"),
    (
        ["enhancement", "--station", "roof", "--gas", "co2", "--background-station", "vally"],
        "--background-station: there is no station `vally`"
    ),
    (
        ["enhancement", "--station", "roof", "--gas", "co2", "--background", "upwind", "--wind", "mast"],
        "--wind: there is no station `mast`"
    ),
])
func namesThatNobodyKnowsAreRefused(arguments: [String], expected: String) async throws {
    let script = try await script()
    let run = try await ProgramRun.run(Places.crosswind, ["export"] + arguments + ["--store", script.path])

    #expect(run.status == 64, "\(run.standardError)")
    #expect(run.standardOutput.isEmpty)
    #expect(
        run.standardError.contains(expected.replacing("STORE", with: script.path)),
        "\(run.standardError)"
    )
}

@Test(arguments: [
    ["readings", "--station", "tower"], ["readings", "--gas", "ch4"], ["legend", "--station", "tower"],
    ["readings", "--station", "roof", "--conditions", "h2o"],
])
func namesThatTheNetworkFileKnowsAreNone(arguments: [String]) async throws {
    let script = try await script()
    let run = try await ProgramRun.run(Places.crosswind, ["export"] + arguments + ["--store", script.path])
    #expect(run.status == 0, "\(run.standardError)")
}

@Test func theLegendOfAFileKnowsItsStations() async throws {
    let file = Places.repository.appending(path: "stations/tacolneston.json").path
    let arguments = ["export", "legend", "--network", file, "--station", "tacolnestn"]
    let run = try await ProgramRun.run(Places.crosswind, arguments)
    #expect(run.status == 64)
    #expect(run.standardError.contains("there is no station `tacolnestn`"), "\(run.standardError)")
}

/// A window that a query cuts out of the series does not know its step.
@Test func aReadingByItselfIsNoCompleteHour() async throws {
    let minutes = (0..<300).filter { !(60..<120).contains($0) || $0 == 90 }
    let store = try await Store(minutes.map { Store.reading(Double($0) * 60, 400) })
    let run = try await store.export(
        "readings",
        "--interval",
        "hour",
        "--from",
        StoreScript.hour(1),
        "--to",
        StoreScript.hour(2)
    )
    let row = try #require(rows(run.standardOutput).first)
    #expect(row["used"] == "1" && row["complete"] == "false" && row["nominal_step_s"] == "60.0")
    let completeness = try #require(row["completeness"].flatMap(Double.init))
    #expect(abs(completeness - 1.0 / 60) < 1e-12)
}

/// As it was known: the step of what had come by then, and by the network file of then.
@Test func theStepIsThatOfTheMoment() async throws {
    let script = try StoreScript()
    let minutes = (0..<60).map { Store.reading(Double($0) * 60, 400) }
    try await script.store(atHour: 1, minutes.enumerated().filter { $0.offset % 10 == 0 }.map(\.element))
    try await script.store(atHour: 2, minutes)
    let instrument = network.replacing("tower", with: "roof").replacing("ch4", with: "co2")
    let declared = instrument.replacing(#"unit: "ppb""#, with: #"unit: "ppb", nominal_step_s: 30"#)
    try await script.record(atHour: 3, "network", declared)
    for (moment, step) in [(1.5, "600.0"), (2.5, "60.0"), (3.5, "30.0")] {
        for level in ["settled", "reported"] {
            let run = try await script.export(
                "readings",
                "--interval",
                "hour",
                "--as-of",
                StoreScript.hour(moment),
                "--level",
                level
            )
            #expect(rows(run.standardOutput).map { $0["nominal_step_s"] } == [step], "\(run.standardError)")
        }
    }
    let now = try await script.export("readings", "--interval", "hour")
    #expect(rows(now.standardOutput).map { $0["nominal_step_s"] } == ["30.0"])
}

@Test func aRecordThatIsTooShortForACurveSaysWhatIsMissing() async throws {
    let store = try await Store((0..<20).map { Store.reading(Double($0) * 43_200, 400) })
    let few = try await store.export("enhancement", "--station", "roof", "--gas", "co2")
    #expect(few.status == 65)
    let expected = "the smooth curve needs 33 days with usable readings of the gas, there are 10"
    #expect(few.standardError.contains(expected), "\(few.standardError)")
    let weeks = try await Store((0..<100).map { Store.reading(Double($0) * 86_400, 400) })
    let short = try await weeks.export("enhancement", "--station", "roof", "--gas", "co2")
    #expect(
        short.standardError.contains("needs a record of 365 days, there are 98"),
        "\(short.standardError)"
    )
    #expect(short.standardError.contains("--background percentile"))
}

/// An option without which a table means nothing is marked where it is explained.
@Test func theHelpMarksWhatATableRequires() throws {
    let options = ExportVerb().options
    for table in ExportTable.allCases {
        for name in table.requiredOptions {
            let help = try #require(options.first { $0.name == name }?.help)
            let required = try #require(help.split(separator: "required for ").last)
            #expect(help.contains("required for ") && required.contains(table.rawValue), "\(table), \(name)")
        }
    }
    #expect(options.first { $0.name == "store" }?.help.contains("required") == true)
}

@Test func aNetworkFileThatIsGivenTwiceIsToldSo() async throws {
    let file = Places.repository.appending(path: "stations/tacolneston.json").path
    let arguments = ["ingest", "--network", file, "--network", file, "--store", "absent.sqlite", "some.csv"]
    let run = try await ProgramRun.run(Places.crosswind, arguments)
    #expect(run.status == 64)
    #expect(run.standardError.contains("the network file is given twice: \(file)"), "\(run.standardError)")
}
