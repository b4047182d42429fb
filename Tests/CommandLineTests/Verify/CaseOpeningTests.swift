import Formats
import Foundation
import Quantities
import TestSupport
import Testing
import Verification

/// `crosswind verify TABLE --open-cases`.
@Suite struct CaseOpeningTests {
    private static let header =
        "region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma,metered,quality"
    private static let rows = [
        "North,kt/yr,100,6,100,50,160,8,,", "South,kt/yr,100,6,100,50,160,8,yes,",
        "East,kt/yr,100,6,100,50,160,8,,bad", "Flat,kt/yr,100,6,100,50,101,8,,",
    ]
    private let folder: TemporaryFolder
    private let cases: String

    init() throws {
        folder = try TemporaryFolder()
        cases = folder.file("cases.jsonl").path
    }

    private func table(_ rows: [String] = rows, named name: String = "t.csv") throws -> String {
        let file = folder.file(name)
        try ([Self.header] + rows).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private func open(_ table: String, _ further: String...) async throws -> ProgramRun {
        let arguments = [
            "verify", table, "--independent", "--open-cases", cases, "--gas", "ch4", "--period",
            "2020-01-01/2021-01-01",
        ]
        return try await ProgramRun.run(Places.crosswind, arguments + further)
    }

    private func decide(_ id: String) async throws -> ProgramRun {
        try await ProgramRun.crosswind(
            "verify",
            "--cases",
            cases,
            "--decide",
            id,
            "--person",
            "审核员",
            "--outcome",
            "closed",
            "--note",
            "a leak, repaired"
        )
    }

    @Test func whatIsInconsistentOpensACaseWithItsEvidence() async throws {
        let file = try table()
        let run = try await open(file)
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("opened north-ch4-1, south-ch4-1, east-ch4-1"))
        let ledger = try ReviewCasesFile(path: cases).ledger
        #expect(ledger.cases.map(\.state) == [.open, .open, .open])
        #expect(
            ledger.cases.map(\.direction) == [
                .inventoryToReview, .observationToReview, .observationToReview,
            ]
        )
        let evidence = try #require(ledger["south-ch4-1"]?.evidence.first)
        #expect(evidence.residual == Estimate(mean: 60, standardDeviation: 10))
        #expect(evidence.figures?.zScore == 6 && evidence.source == "t.csv")
        #expect(evidence.origin?.line == 3)
        #expect(evidence.origin?.sha256 == (try SHA256.hexDigest(ofFile: file)))
        #expect(evidence.period?.start == Instant(CivilTime(year: 2020, month: 1, day: 1)))
        let listed = try await ProgramRun.crosswind("verify", "--cases", cases)
        #expect(listed.standardOutput.contains("1 piece of evidence"))
        #expect(
            listed.standardOutput.contains("latest: declared 100.0 +- 6.0, found 160.0 +- 8.0 kt/yr, z 6.00")
        )
    }

    @Test func theSameTableTwiceAddsNothing() async throws {
        _ = try await open(try table())
        let before = try Data(contentsOf: URL(filePath: cases))
        let again = try await open(try table(Self.rows.reversed(), named: "again.csv"), "--json")
        #expect(again.status == 0, "\(again.standardError)")
        #expect(again.standardOutput.contains(#""unchanged":3"#))
        #expect(try Data(contentsOf: URL(filePath: cases)) == before)
    }

    @Test func aClosedCaseIsFollowedByAnotherOnlyForNewFigures() async throws {
        _ = try await open(try table())
        #expect(try await decide("north-ch4-1").status == 0)
        let again = try await open(try table()).standardOutput
        #expect(again.contains("2 known already; 1 known in a closed case (north-ch4-1), too little is new"))
        let changed = Self.rows.map { $0.replacing("100,50,160", with: "100,50,162") }
        let run = try await open(try table(changed))
        #expect(run.standardOutput.contains("opened north-ch4-2; new evidence for south-ch4-1, east-ch4-1"))
        let ledger = try ReviewCasesFile(path: cases).ledger
        #expect(ledger["north-ch4-1"]?.state == .closed && ledger["north-ch4-1"]?.evidence.count == 1)
        #expect(ledger["north-ch4-2"]?.finding.earlier == "north-ch4-1")
        let listed = try await ProgramRun.crosswind("verify", "--cases", cases, "--lang", "zh")
        #expect(listed.standardOutput.contains("承接案例 north-ch4-1"))
    }

    /// The names are Chinese, and so is all that is said.
    @Test func casesOfChineseNamesAreReadableAndCanBeDecided() async throws {
        let file = try table(["甲电厂,万吨/年,100,6,100,50,160,8,,", "乙电厂,万吨/年,100,6,100,50,101,8,,"])
        let run = try await open(file, "--lang", "zh")
        #expect(run.status == 0, "\(run.standardError)")
        let lines = run.standardOutput.split(separator: "\n")
        #expect(lines[0] == "甲电厂：申报 100.0 ± 6.0，实测 160.0 ± 8.0 万吨/年，z 6.00，不确定度降低 84 %：显著不符")
        #expect(lines[1].hasSuffix("：一致"))
        #expect(lines[2] == "核查案例（\(cases)）：新立案例 甲电厂-ch4-1")
        let decided = try await decide("甲电厂-ch4-1")
        #expect(decided.status == 0, "\(decided.standardError)")
        let again = try await open(file, "--lang", "zh").standardOutput
        #expect(again.contains("1 项已见于办结案例（甲电厂-ch4-1）"))
        let listed = try await ProgramRun.crosswind("verify", "--cases", cases, "--lang", "zh")
        let digest = try SHA256.hexDigest(ofFile: file)
        for text in [
            "核查案例：待核查 0，已核查 0，已办结 1；记录末行 SHA-256 ", "甲电厂-ch4-1［已办结］甲电厂，CH₄，",
            "证据 1 条，2020-01-01T00:00:00Z\n", "最近一条：申报 100.0 ± 6.0，实测 160.0 ± 8.0 万吨/年，z 6.00；",
            "t.csv，第 2 行，SHA-256 \(digest)", "审核员：办结：a leak",
        ] { #expect(listed.standardOutput.contains(text), "\(text): \(listed.standardOutput)") }
        #expect(!listed.standardOutput.contains("+-") && !listed.standardOutput.contains(" line "))
        #expect(try await open(file, "--lang", "fr").status == 64)
    }

    /// A history is not written over, under no name.
    @Test func noOutputReplacesAHistory() async throws {
        let file = try table()
        _ = try await open(file)
        let before = try Data(contentsOf: URL(filePath: cases))
        let link = folder.file("link.csv").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "cases.jsonl")
        for name in [cases, link] {
            let run = try await ProgramRun.crosswind("verify", file, "--independent", "--output", name)
            #expect(run.status == 64 && run.standardError.contains("history of review cases"), "\(name)")
            #expect(try await open(file, "--output", name).status == 64)
            #expect(try Data(contentsOf: URL(filePath: cases)) == before)
        }
    }

    @Test func theReportShowsWhatWasOpened() async throws {
        let report = folder.file("report")
        let run = try await open(try table(), "--report", report.path)
        #expect(run.status == 0, "\(run.standardError)")
        let reasons = try String(contentsOf: report.appending(path: "table-T12.csv"), encoding: .utf8)
        #expect(reasons.contains("see case north-ch4-1") && reasons.contains("South (case south-ch4-1)"))
        let south = try #require(reasons.split(separator: "\r\n").first { $0.contains(",South,") })
        #expect(south.contains("observation to review"))
        let digest = try SHA256.hexDigest(ofFile: cases)
        #expect(reasons.contains("cases.jsonl sha256:\(digest)") && !reasons.contains("sha256:?"))
        let lineage = try String(contentsOf: report.appending(path: "table-T14.csv"), encoding: .utf8)
        #expect(lineage.contains(digest))
    }

    /// There is no history yet, and nothing to begin one with.
    @Test func aReportIsWrittenWhereNothingIsOpened() async throws {
        let report = folder.file("report")
        let run = try await open(try table([Self.rows[3]]), "--report", report.path)
        #expect(run.status == 0 && run.standardOutput.contains("nothing to open"), "\(run.standardError)")
        #expect(FileManager.default.fileExists(atPath: report.appending(path: "report-en.html").path))
        #expect(!FileManager.default.fileExists(atPath: cases))
    }

    @Test func optionsThatLackOthersAreRefused() async throws {
        let file = try table()
        func refused(_ arguments: String...) async throws -> String {
            let run = try await ProgramRun.run(Places.crosswind, ["verify"] + arguments)
            #expect(run.status == 64, "\(run.standardOutput)")
            return run.standardError
        }
        #expect(
            try await refused(file, "--open-cases", cases, "--period", "2020-01-01/2021-01-01").contains(
                "--gas"
            )
        )
        #expect(try await refused(file, "--open-cases", cases, "--gas", "co2").contains("--period"))
        #expect(try await refused(file, "--gas", "co2").contains("without --open-cases"))
        for period in ["2021-01-01", "2021-01-01/2020-01-01", "a/b", "2020-01-01/2021-01-01/2022-01-01"] {
            let text = try await refused(file, "--open-cases", cases, "--gas", "co2", "--period", period)
            #expect(text.contains("is not START/END"))
        }
        let document = folder.file("case.json5").path
        #expect(
            try await refused(document, "--open-cases", cases, "--gas", "co2").contains("open_cases: true")
        )
        #expect(
            try await refused("--cases", cases, "--open-cases", cases).contains("no meaning beside --cases")
        )
        #expect(!FileManager.default.fileExists(atPath: cases))
    }

    @Test func aHistoryThatCannotBeContinuedIsLeftAsItIs() async throws {
        let file = try table()
        _ = try await open(file)
        let whole = try String(contentsOfFile: cases, encoding: .utf8)
        let broken = whole.replacing("North", with: "Nord")
        try broken.write(toFile: cases, atomically: true, encoding: .utf8)
        let changed = try table(Self.rows.map { $0.replacing("100,50,160", with: "100,50,162") })
        let run = try await open(changed)
        #expect(run.status == 65 && run.standardError.contains("does not follow the one before it"))
        #expect(try String(contentsOfFile: cases, encoding: .utf8) == broken)
        try FileManager.default.removeItem(atPath: cases)
        try FileManager.default.createDirectory(atPath: cases, withIntermediateDirectories: false)
        #expect(try await open(changed).status == 74)
        let nowhere = folder.file("no/such.jsonl").path
        let lost = try await ProgramRun.crosswind(
            "verify",
            file,
            "--open-cases",
            nowhere,
            "--gas",
            "co2",
            "--period",
            "2020-01-01/2021-01-01",
            "--independent"
        )
        #expect(lost.status == 66 && lost.standardError.contains("no folder `\(folder.file("no").path)`"))
    }

    @Test func wordsOfTheTableAreRead() async throws {
        for (row, word) in [
            ("X,t,100,6,100,50,160,8,maybe,", "maybe"), ("X,t,100,6,100,50,160,8,,fine", "fine"),
        ] {
            let run = try await open(try table([row]))
            #expect(run.status == 65 && run.standardError.contains("`\(word)`"))
            #expect(run.standardError.contains("line 2"))
        }
    }
}
