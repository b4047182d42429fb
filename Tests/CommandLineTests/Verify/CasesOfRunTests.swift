import Formats
import Foundation
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing
import Verification

/// A case whose report opens review cases: run, decide, run again.
@Suite struct CasesOfRunTests {
    private let folder: TemporaryFolder
    private var cases: String { folder.file("cases.jsonl").path }

    init() throws { folder = try TemporaryFolder() }

    /// A plant that emits twice what it declares and one that emits what it declares, seen sixty times.
    private func problem(noise: Double = 1, truth: Double = 2) async throws {
        var random = SeededGenerator(seed: 11)
        let count = 60
        let values = (0..<count * 2).map { _ in random.uniform() }
        let input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: count, columns: 2, storage: values),
                observations: (0..<count).map { row in
                    truth * values[2 * row] + values[2 * row + 1] + 0.1 * noise * random.normal()
                },
                observationError: .independent([Double](repeating: 0.1, count: count)),
                priorMean: [1, 1],
                priorError: .independent([0.3, 0.3]),
                stateNames: ["p", "q"]
            )
        )
        try await LinearProblemFile.write(input, to: folder.file("problem.nc").path)
    }

    private func document(_ report: String = #"cases: "cases.jsonl", open_cases: true"#) throws -> String {
        let file = folder.file("case.json5")
        try """
        {
          name: "two-plants", title: "Two plants", summary: "x", gas: "ch4",
          period: { start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" },
          map: { box: [0, 0, 1, 1], boundary_credit: "none" },
          inversion: {
            problems: [{
              file: "problem.nc", credit: "test", title: "Plants", observations: "sensors", unit: "kt/yr",
              quantities: [
                { name: { en: "Plant P", zh: "甲厂" }, weights: { p: 40 } },
                { name: "Plant Q", weights: { q: 30 } },
              ],
            }],
          },
          report: { \(report) },
        }
        """.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private func run(_ further: String...) async throws -> ProgramRun {
        let arguments = ["run", folder.file("case.json5").path, "--output", folder.file("out").path]
        return try await ProgramRun.run(Places.crosswind, arguments + further)
    }

    private func reasons() throws -> [Substring] {
        try String(contentsOf: folder.file("out").appending(path: "table-T12.csv"), encoding: .utf8)
            .split(separator: "\r\n")
    }

    @Test func aRunOpensAPersonDecidesAndTheNextRunShowsIt() async throws {
        try await problem()
        _ = try document()
        let first = try await run()
        #expect(first.status == 0, "\(first.standardError)")
        #expect(first.standardOutput.contains("opened plant-p-ch4-1"))
        #expect(
            try reasons().contains { $0.contains("Plant P (case plant-p-ch4-1)") && $0.contains("待人工裁定") }
        )
        let digest = try SHA256.hexDigest(ofFile: cases)
        #expect(try reasons().contains { $0.contains("cases.jsonl sha256:\(digest)") })
        #expect(try !reasons().contains { $0.contains("sha256:?") })
        let lineage = folder.file("out").appending(path: "table-T14.csv")
        #expect(try String(contentsOf: lineage, encoding: .utf8).contains(digest))
        let opened = try #require(try ReviewCasesFile(path: cases).ledger["plant-p-ch4-1"])
        let origin = try #require(opened.evidence.first?.origin)
        let table = folder.file("out").appending(path: "comparisons.csv").path
        #expect(origin.file == "comparisons.csv" && origin.line == 2)
        #expect(origin.sha256 == (try SHA256.hexDigest(ofFile: table)))
        #expect(opened.evidence.first?.source == "two-plants" && opened.direction == .inventoryToReview)

        let decided = try await ProgramRun.crosswind(
            "verify",
            "--cases",
            cases,
            "--decide",
            "plant-p-ch4-1",
            "--person",
            "Ada",
            "--outcome",
            "closed",
            "--direction",
            "inventory_to_review",
            "--note",
            "a flare was forgotten"
        )
        #expect(decided.status == 0)
        let history = try Data(contentsOf: URL(filePath: cases))
        let second = try await run("--json")
        #expect(
            second.status == 0 && second.standardOutput.contains(#""unchanged":1"#),
            "\(second.standardError)"
        )
        #expect(try Data(contentsOf: URL(filePath: cases)) == history)
        let rows = try reasons()
        #expect(rows.count { $0.contains("case plant-p-ch4-1)") } == 1)
        #expect(rows.contains { $0.contains("closed by Ada") && $0.contains("a flare was forgotten") })
        #expect(!rows.contains { $0.contains("plant-p-ch4-2") })
        // The table of the run says the same as the run.
        let again = try await ProgramRun.crosswind(
            "verify",
            table,
            "--open-cases",
            cases,
            "--gas",
            "ch4",
            "--period",
            "2020-01-01/2021-01-01"
        )
        #expect(again.standardOutput.contains("1 known in a closed case"), "\(again.standardError)")
    }

    @Test func newFiguresAfterTheDecisionOpenAnother() async throws {
        try await problem()
        _ = try document()
        _ = try await run()
        _ = try await ProgramRun.crosswind(
            "verify",
            "--cases",
            cases,
            "--decide",
            "plant-p-ch4-1",
            "--person",
            "Ada",
            "--outcome",
            "closed",
            "--note",
            "seen"
        )
        try await problem(truth: 2.2)
        let later = try await run()
        #expect(later.standardOutput.contains("opened plant-p-ch4-2"))
        #expect(try reasons().contains { $0.contains("after case plant-p-ch4-1") && $0.contains("承接案例") })
    }

    @Test func aPoorFitIsTheObservationsToExplain() async throws {
        try await problem(noise: 3)
        _ = try document()
        #expect(try await run().status == 0)
        let found = try #require(try ReviewCasesFile(path: cases).ledger.cases.first)
        #expect(found.direction == .observationToReview && found.finding.explanations.contains(.poorFit))
    }

    @Test func withoutTheKeyNothingIsOpened() async throws {
        try await problem()
        _ = try document("")
        let run = try await run()
        #expect(run.status == 0 && !run.standardOutput.contains("review cases"))
        _ = try document(#"cases: "cases.jsonl""#)
        #expect(try await self.run().status == 66)
        _ = try document("open_cases: true")
        let lone = try await self.run()
        #expect(lone.status == 65 && lone.standardError.contains("needs `cases`"))
        #expect(!FileManager.default.fileExists(atPath: cases))
    }

    /// Neither are results published without the cases that they tell of.
    @Test func aHistoryThatCannotBeWrittenLeavesTheResultsAlone() async throws {
        try await problem()
        _ = try document(#"cases: "no/such/cases.jsonl", open_cases: true"#)
        let run = try await run()
        #expect(run.status == 66 && run.standardError.contains("there is no folder"), "\(run.standardError)")
        let left = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("out").path)) ?? []
        #expect(left.isEmpty, "\(left)")
        try "{}\n".write(toFile: cases, atomically: true, encoding: .utf8)
        _ = try document()
        #expect(try await self.run().status == 65)
        #expect(try String(contentsOfFile: cases, encoding: .utf8) == "{}\n")
    }

    @Test func residualsOfFacilitiesStandInTheCaseToo() async throws {
        try await problem()
        let rows = (1...3).map { "Stack,烟囱,2020-05-0\($0)T05:00:00Z,CO2M,kt/yr,30,4,10,3" }
        let table = ["facility,facility_zh,time,source,unit,found,found_sigma,declared,declared_sigma"] + rows
        try table.joined(separator: "\n").write(to: folder.file("r.csv"), atomically: true, encoding: .utf8)
        _ = try document(#"cases: "cases.jsonl", open_cases: true, residuals: "r.csv""#)
        let run = try await run()
        #expect(run.standardOutput.contains("opened plant-p-ch4-1, stack-ch4-1"), "\(run.standardError)")
        #expect(try reasons().contains { $0.contains(",Stack,烟囱,") && $0.contains("see case stack-ch4-1") })
        #expect(try reasons().contains { $0.contains("Stack (case stack-ch4-1)") })
    }
}
