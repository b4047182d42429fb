import Formats
import Foundation
import Quantities
import TestSupport
import Testing
import Verification

/// `crosswind verify --residuals`.
@Suite struct ResidualUseTests {
    private static let header =
        "facility,facility_zh,time,source,unit,found,found_sigma,declared,declared_sigma,kind"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A plant three sigma above for three overpasses, one that is quiet, one that drifts by 1.5 sigma.
    private func table(days: Int = 14, further: [String] = []) throws -> String {
        let rows = (0..<days).flatMap { day -> [String] in
            let date = "2021-03-\(day < 9 ? "0" : "")\(day + 1)T05:00:00Z"
            let high = (4..<7).contains(day) ? 25 : 10
            return [
                "Plant A,电厂甲,\(date),CO2M,Mt/yr,\(high),4,10,3,",
                "Plant B,,\(date),CO2M,Mt/yr,\(day.isMultiple(of: 2) ? 12 : 8),4,10,3,overpass",
                "Plant C,,\(date),CO2M,Mt/yr,\(day < 3 ? 10 : 17.5),4,10,3,overpass",
            ]
        }
        let file = folder.file("r.csv")
        try ([Self.header] + rows + further).joined(separator: "\n")
            .write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private func verify(_ file: String, _ further: String...) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["verify", "--residuals", file] + further)
    }

    private struct Summary: Decodable {
        struct Facility: Decodable {
            struct Chart: Decodable {
                let observations: Int
                let cumulative_high: Double
                let false_alarms: [String: Double]
            }
            struct Run: Decodable {
                let rule: String
                let signal: String
                let observations: Int
            }
            let charts: [Chart]
            let runs: [Run]
            let direction: String?
        }
        struct Rules: Decodable {
            let cumulative_sum_run_length: Double?
            let moving_average_run_length: Double?
            let overpasses: [Int]
        }
        let facilities: [Facility]
        let rules: Rules
    }

    @Test func chartsAndRunsAreTold() async throws {
        let run = try await verify(try table(), "--json")
        #expect(run.status == 0, "\(run.standardError)")
        let told = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        // 15 / 5 = 3 on three days; the sum rises by 2.5 on each and is beyond 5 only on the third.
        #expect(told.facilities[0].runs.map(\.rule) == ["persistence"])
        #expect(
            told.facilities[0].runs.map(\.observations) == [3] && told.facilities[0].runs[0].signal == "high"
        )
        #expect(told.facilities[1].runs.isEmpty && told.facilities[1].direction == nil)
        // z = 1.5: ten steps of 1.
        #expect(told.facilities[2].charts[0].cumulative_high == 11)
        #expect(
            told.facilities[2].runs.map(\.rule) == ["chart"]
                && told.facilities[2].direction == "inventory_to_review"
        )
        #expect(abs((told.rules.cumulative_sum_run_length ?? 0) / 465 - 1) < 0.01)
        #expect(told.rules.overpasses == [3, 3])
        let alarms = told.facilities[0].charts[0].false_alarms
        #expect(abs((alarms["cumulative_sum"] ?? 0) * 465 / 14 - 1) < 0.01)
        let text = try await verify(try table()).standardOutput
        #expect(
            text.contains(
                "a false alarm every 465 independent days of observation on average, 0.09 expected in these 42"
            )
        )
        #expect(text.contains("Plant A: found above declared by 2.0 sigma or more on 3 days"))
    }

    @Test func casesAreOpenedOnceAndClosedOnesWait() async throws {
        let cases = folder.file("cases.jsonl").path
        let first = try await verify(try table(), "--open-cases", cases, "--gas", "co2")
        #expect(
            first.standardOutput.contains("opened plant-a-co2-1, plant-c-co2-1"),
            "\(first.standardError)"
        )
        #expect(
            try await verify(try table(), "--open-cases", cases, "--gas", "co2").standardOutput
                .contains("2 known already")
        )
        let found = try #require(try ReviewCasesFile(path: cases).ledger["plant-a-co2-1"])
        #expect(found.evidence.map(\.origin?.line) == [14, 17, 20])
        #expect(found.finding.subject.chinese == "电厂甲" && found.finding.grounds.chinese.contains("高于"))
        _ = try await ProgramRun.crosswind(
            "verify",
            "--cases",
            cases,
            "--decide",
            "plant-c-co2-1",
            "--person",
            "A",
            "--outcome",
            "closed",
            "--note",
            "known"
        )
        // Two more days are no news of a closed case; three are.
        let soon = try await verify(try table(days: 16), "--open-cases", cases, "--gas", "co2")
        #expect(soon.standardOutput.contains("1 known already; 1 known in a closed case (plant-c-co2-1)"))
        let later = try await verify(try table(days: 17), "--open-cases", cases, "--gas", "co2")
        #expect(later.standardOutput.contains("opened plant-c-co2-2; 1 known already"))
    }

    @Test func chineseIsChinese() async throws {
        let cases = folder.file("cases.jsonl").path
        let run = try await verify(try table(), "--open-cases", cases, "--gas", "co2", "--lang", "zh")
        #expect(run.status == 0, "\(run.standardError)")
        for text in ["电厂甲，过境：观测 14 次", "首次报警：2021-03-06", "立项条件：|z| ≥ 2.0", "）：新立案例 plant-a-co2-1、"] {
            #expect(run.standardOutput.contains(text), "\(text): \(run.standardOutput)")
        }
        #expect(!run.standardOutput.contains("found above") && !run.standardOutput.contains("opened"))
    }

    @Test func pointsOfTheChartsAreWritten() async throws {
        let output = folder.file("points.csv")
        #expect(try await verify(try table(), "--output", output.path).status == 0)
        let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\r\n")
        #expect(lines.count == 1 + 42)
        #expect(lines[0].hasPrefix("facility,unit,kind,time,source,residual,residual_sigma,z,cusum_high"))
        #expect(
            lines[5].hasPrefix("Plant A,Mt/yr,overpass,2021-03-05T05:00:00Z,CO2M,15.0,5.0,3.0,2.5,0.0,none,")
        )
        let own = try await verify(try table(), "--output", folder.file("r.csv").path)
        #expect(own.status != 0)
    }

    @Test func rulesAreOptions() async throws {
        let file = try table()
        let strict = try await verify(file, "--overpasses", "4", "--cusum", "1,20", "--ewma", "0.1,9")
        #expect(strict.status == 0 && !strict.standardOutput.contains("found above"))
        #expect(strict.standardOutput.contains("CUSUM k 1.0, h 20.0: a false alarm every more than 1e12"))
        #expect(
            try await verify(file, "--score", "3.1", "--overpasses", "3/9").standardOutput.contains("3 of 9")
        )
        for (name, value) in [
            ("cusum", "1"), ("cusum", "-1,5"), ("cusum", "0.5,0"), ("ewma", "2,3"), ("ewma", "nan,3"),
            ("overpasses", "0"), ("overpasses", "3/10001"), ("ewma", "0.001,3"),
            ("overpasses", "5/3"), ("overpasses", "3/5/7"), ("station-days", "x"),
            ("score", "-2"),
        ] {
            let run = try await verify(file, "--\(name)", value)
            #expect(run.status == 64 && run.standardError.contains("--\(name)"), "\(name) \(value)")
        }
        #expect(try await verify(file, "--overpasses", "3/10001").standardError.contains("at most 10000"))
        let lone = try await ProgramRun.crosswind("verify", "t.csv", "--cusum", "1,5")
        #expect(lone.status == 64 && lone.standardError.contains("without --residuals"))
        #expect(try await verify(file, "t.csv").standardError.contains("no table beside --residuals"))
        #expect(
            try await verify(file, "--report", "x").standardError.contains("no meaning beside --residuals")
        )
    }

    @Test(arguments: [
        ("Plant A,,2021-03-01T05:00:00Z,CO2M,Mt/yr,1,4,10,3,", "given twice, first in line 2"),
        ("Plant A,,2021-04-01T05:00:00Z,CO2M,Mt/yr,1,nan,10,3,", "found_sigma `nan`"),
        ("Plant A,,2021-04-01T05:00:00Z,CO2M,kt/yr,1,4,10,3,", "began with `Mt/yr`"),
        ("Plant A,,yesterday,CO2M,Mt/yr,1,4,10,3,", "ISO 8601"),
        ("Plant A,,2021-04-01T05:00:00Z", "3 fields"),
    ])
    func badRowsOpenNothing(row: String, words: String) async throws {
        let cases = folder.file("cases.jsonl").path
        let run = try await verify(try table(further: [row]), "--open-cases", cases, "--gas", "co2")
        #expect(run.status == 65 && run.standardError.contains(words), "\(run.standardError)")
        #expect(!FileManager.default.fileExists(atPath: cases))
    }

    /// Each row of the table tells of its own kind.
    @Test func whatLastsIsOfTheRow() async throws {
        let stations = (1...9).map { "Plant A,,2021-03-0\($0)T05:00:00Z,HFD,Mt/yr,10,4,10,3,station_day" }
        let text = try await verify(try table(further: stations)).standardOutput
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("Plant A  ") }
        #expect(rows.map { $0.split(separator: " ").last } == ["high", "no"], "\(text)")
    }

    /// A mended row, and the same table in another unit.
    @Test func aMendedTableCorrectsItsCases() async throws {
        let cases = folder.file("cases.jsonl").path
        let file = try table()
        _ = try await verify(file, "--open-cases", cases, "--gas", "co2")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let kilotonnes = folder.file("kt.csv").path
        let lines = text.split(separator: "\n").enumerated().map { place, line -> String in
            guard place > 0 else { return String(line) }
            var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            fields[4] = "kt/yr"
            for field in 5...8 { fields[field] = "\((Double(fields[field]) ?? .nan) * 1000)" }
            return fields.joined(separator: ",")
        }
        try lines.joined(separator: "\n").write(toFile: kilotonnes, atomically: true, encoding: .utf8)
        let again = try await verify(kilotonnes, "--open-cases", cases, "--gas", "co2")
        #expect(again.standardOutput.contains("2 known already"), "\(again.standardOutput)")
        // The last exceedance of Plant A was none.
        let mended = text.replacing(
            "Plant A,电厂甲,2021-03-07T05:00:00Z,CO2M,Mt/yr,25",
            with: "Plant A,电厂甲,2021-03-07T05:00:00Z,CO2M,Mt/yr,11"
        )
        try mended.write(toFile: file, atomically: true, encoding: .utf8)
        let run = try await verify(file, "--open-cases", cases, "--gas", "co2")
        #expect(run.standardOutput.contains("new evidence for plant-a-co2-1"), "\(run.standardOutput)")
        let found = try #require(try ReviewCasesFile(path: cases).ledger["plant-a-co2-1"])
        #expect(found.evidence.map(\.residual.mean) == [15, 15, 1] && found.superseded.count == 1)
        #expect(found.evidence.last?.corrected?.contains("line 20") == true)
    }

    @Test func whatIsLeftOutAndExactIsTold() async throws {
        let further = [
            "Plant B,,2021-03-20T05:00:00Z,CO2M,Mt/yr,10,1,10,0,",
            "Plant B,,2021-03-20T06:00:00Z,GOSAT,Mt/yr,30,1,10,3,",
        ]
        let output = folder.file("points.csv")
        let run = try await verify(try table(further: further), "--output", output.path)
        #expect(run.standardOutput.contains("1 day whose observations contradict each other"))
        #expect(run.standardOutput.contains("warning: 1 row with declared_sigma 0"), "\(run.standardOutput)")
        let points = try String(contentsOf: output, encoding: .utf8)
        #expect(points.contains("2021-03-20T06:00:00Z,CO2M; GOSAT,10.0,") && points.contains(",no\r\n"))
    }

    @Test func nothingFoundIsNothingSaid() async throws {
        let file = folder.file("none.csv")
        try "\(Self.header)\nPlant,,2021-03-01T05:00:00Z,CO2M,t,,,10,3,\n"
            .write(to: file, atomically: true, encoding: .utf8)
        let run = try await verify(file.path)
        #expect(
            run.status == 0 && run.standardOutput.contains("left out: 0 that failed their checks, 1 without")
        )
    }
}
