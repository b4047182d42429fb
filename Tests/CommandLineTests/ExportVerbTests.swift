import Foundation
import Observations
import Quantities
import TestSupport
import Testing

private typealias Store = ReadingStore

private func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(row[column].flatMap(Double.init))
}

@Test func readingsAreWrittenOnAnotherScale() async throws {
    let store = try await Store([Store.reading(0, 400), Store.reading(60, 420, scale: .co2X2019)])
    let run = try await store.export("readings", "--scale", "WMO-CO2-X2019")

    #expect(run.status == 0)
    let table = rows(run.standardOutput)
    #expect(table.map { $0["scale"] } == ["WMO-CO2-X2019", "WMO-CO2-X2019"])
    #expect(abs(try number(table[0], "value_ppm") - 400.1740) < 1e-9)
    #expect(try number(table[1], "value_ppm") == 420)
}

@Test func readingsWithoutScaleAreNotConverted() async throws {
    let store = try await Store([Store.reading(0, 400, scale: .uncalibrated)])
    let run = try await store.export("readings", "--scale", "WMO-CO2-X2019")

    #expect(run.status == 65)
    #expect(run.standardError.contains("station roof, instrument i, 2024-05-01T00:00:00Z"))
    #expect(run.standardError.split(separator: "\n").count == 1)

    let methane = try await Store([Store.reading(0, 2, gas: .ch4, scale: .ch4X2004A)])
    #expect(try await methane.export("readings", "--scale", "WMO-CO2-X2019").status == 65)
}

@Test func aRefusedConversionLeavesNoFile() async throws {
    let folder = try TemporaryFolder()
    let store = try await Store([Store.reading(0, 400), Store.reading(1, 900)])
    let output = folder.file("out.csv").path
    let run = try await store.export("readings", "--scale", "WMO-CO2-X2019", "--output", output)

    #expect(run.status == 65)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
}

@Test func rowsAreSelectedByFlag() async throws {
    let store = try await Store([
        Store.reading(0, 400), Store.reading(1, 0, flag: .fail), Store.reading(2, 401, flag: .suspect),
    ])
    let converted = try await store.export("readings", "--flags", "good,suspect", "--scale", "WMO-CO2-X2019")

    #expect(converted.status == 0)
    #expect(rows(converted.standardOutput).map { $0["flag"] } == ["good", "suspect"])
    #expect(try await store.export("readings", "--scale", "WMO-CO2-X2019").status == 65)
}

@Test func hoursAreExportedAsMeansOfMinutes() async throws {
    // 50 minutes of 400 and 410 in turn every 30 s, one failed reading, and another station.
    let roof = (0..<100).map { Store.reading(Double($0) * 30, $0 % 2 == 0 ? 400 : 410) }
    let valley = (0..<3).map { Store.reading(Double($0) * 60 + 3600, 420, station: "valley") }
    let store = try await Store(roof + [Store.reading(3000, 0, flag: .fail)] + valley)
    let run = try await store.export("readings", "--interval", "hour")

    #expect(run.status == 0)
    let table = rows(run.standardOutput)
    #expect(table.map { $0["start"] } == ["2024-05-01T00:00:00Z", "2024-05-01T01:00:00Z"])
    #expect(table.map { $0["station"] } == ["roof", "valley"])
    #expect(table[0]["value_ppm"] == "405.0")
    #expect(table[0]["standard_deviation_ppm"] == "0.0")
    #expect(table[0]["standard_uncertainty_ppm"] == "0.1")
    #expect(table[0]["parts"] == "50")
    #expect(table[0]["used"] == "100")
    #expect(table[0]["excluded"] == "1")
    #expect(table[0]["nominal_step_s"] == "30.0")
    #expect(table[0]["complete"] == "true")
    #expect(table[0]["worst_flag"] == "fail")
    #expect(table[0]["fail"] == "1")
    #expect(table[1]["complete"] == "false")
    #expect(table[1]["completeness"] == "0.05")
}

@Test func meansAreExportedAsJSON() async throws {
    struct Row: Decodable {
        let start: String
        let value_ppm: Double?
        let completeness: Double
        let complete: Bool
        let scale: String?
    }
    let store = try await Store([Store.reading(0, 400), Store.reading(86_400, nil, flag: .missing)])
    let run = try await store.export(
        "readings",
        "--interval",
        "day",
        "--step",
        "86400",
        "--format",
        "json",
        "--scale",
        "WMO-CO2-X2019"
    )

    let table = try JSONDecoder().decode([Row].self, from: Data(run.standardOutput.utf8))
    #expect(table.map(\.start) == ["2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z"])
    #expect(abs(try #require(table[0].value_ppm) - 400.174) < 1e-9)
    #expect(table.map(\.complete) == [true, false])
    #expect(table[1].value_ppm == nil)
}

@Test func mixedScalesOfAWindowAreRefused() async throws {
    let store = try await Store([Store.reading(0, 400), Store.reading(1, 400, scale: .co2X2019)])

    #expect(try await store.export("readings", "--interval", "minute").status == 65)
    let converted = try await store.export("readings", "--interval", "minute", "--scale", "WMO-CO2-X2007")
    #expect(converted.status == 0)
    #expect(rows(converted.standardOutput).first?["scale"] == "WMO-CO2-X2007")
}

@Test func theEnhancementOverAPercentile() async throws {
    let readings = (0..<48).map { Store.reading(Double($0) * 1800, $0 == 24 ? 450 : 400) }
    let store = try await Store(readings)
    let run = try await store.export(
        "enhancement",
        "--station",
        "roof",
        "--gas",
        "co2",
        "--background",
        "percentile"
    )

    #expect(run.status == 0, "\(run.standardError)")
    let table = rows(run.standardOutput)
    #expect(table.count == 48)
    #expect(table[24]["enhancement_ppm"] == "50.0")
    #expect(table[23]["enhancement_ppm"] == "0.0")
    #expect(table[24]["background_station"] == "roof")
    #expect(abs(try number(table[24], "enhancement_standard_uncertainty_ppm") - 0.02.squareRoot()) < 1e-12)
}

@Test func theEnhancementOverAnUpwindStation() async throws {
    let upwind = (0..<48).map { Store.reading(Double($0) * 1800, 410, station: "coast", scale: .co2X2019) }
    let store = try await Store(upwind + [Store.reading(43_200, 430, scale: .co2X2019)])
    let arguments = [
        "enhancement", "--station", "roof", "--gas", "co2", "--background", "percentile",
        "--background-station", "coast",
    ]
    let run = try await ProgramRun.run(Places.crosswind, ["export"] + arguments + ["--store", store.path])

    #expect(run.status == 0, "\(run.standardError)")
    #expect(rows(run.standardOutput).map { $0["enhancement_ppm"] } == ["20.0"])

    let other = try await Store(upwind + [Store.reading(43_200, 430)])
    let refused = try await ProgramRun.run(
        Places.crosswind,
        ["export"] + arguments + ["--store", other.path]
    )
    #expect(refused.status == 65)
    #expect(refused.standardError.contains("WMO-CO2-X2007"))
}

@Test func theEnhancementOverTheCurve() async throws {
    let readings = (0..<800).map { day in
        let years = Double(day) / 365
        return Store.reading(Double(day) * 86_400, 400 + 2 * years + (day == 400 ? 30 : 0))
    }
    let store = try await Store(readings)
    let run = try await store.export("enhancement", "--station", "roof", "--gas", "co2")

    #expect(run.status == 0, "\(run.standardError)")
    let table = rows(run.standardOutput)
    #expect(table.count == 800)
    #expect(abs(try number(table[400], "enhancement_ppm") - 30) < 1)
    #expect(abs(try number(table[200], "enhancement_ppm")) < 1)
    #expect(try number(table[400], "background_standard_uncertainty_ppm") > 0.1)
}

@Test func aShortRecordHasNoCurve() async throws {
    let store = try await Store((0..<100).map { Store.reading(Double($0) * 86_400, 400) })
    let run = try await store.export("enhancement", "--station", "roof", "--gas", "co2")

    #expect(run.status == 65)
    #expect(run.standardError.contains("--background percentile"))
    let absent = try await store.export("enhancement", "--station", "cellar", "--gas", "co2")
    #expect(absent.status == 64)
}

@Test(arguments: [
    ["readings", "--interval", "week"], ["readings", "--scale", "X2019"], ["readings", "--flags", "fine"],
    ["readings", "--flags", ""], ["readings", "--interval", "hour", "--step", "0"],
    ["readings", "--interval", "hour", "--step", "nan"], ["readings", "--step", "60"],
    ["readings", "--background", "curve"], ["dead-letters", "--interval", "hour"],
    ["enhancement", "--station", "roof"], ["enhancement", "--gas", "co2"],
    ["enhancement", "--station", "roof", "--gas", "co2", "--background", "mean"],
    ["enhancement", "--station", "roof", "--gas", "co2", "--percentile", "101"],
    ["enhancement", "--station", "roof", "--gas", "co2", "--interval", "hour"],
])
func wrongExportOptionsAreRefused(arguments: [String]) async throws {
    let run = try await ProgramRun.run(
        Places.crosswind,
        ["export"] + arguments + ["--store", "absent.sqlite"]
    )

    #expect(run.status == 64, "\(run.standardError)")
    #expect(run.standardOutput.isEmpty)
}
