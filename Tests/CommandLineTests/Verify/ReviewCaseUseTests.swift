import Formats
import Foundation
import Quantities
import TestSupport
import Testing
import Verification

@Suite struct ReviewCaseUseTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("cases.jsonl").path
        let finding = Finding(
            id: "plant-1",
            subject: LocalizedName(english: "Plant 1", chinese: "电厂一"),
            gas: .co2,
            opened: Instant(microseconds: 1_000_000),
            direction: .inventoryToReview,
            explanations: [.missingSources],
            ground: "three overpasses"
        )
        var file = try ReviewCasesFile(path: path, createsIfAbsent: true)
        try file.append([.opened(finding)])
    }

    private func verify(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["verify", "--cases", path] + arguments)
    }

    private func decide(_ outcome: String, _ further: String...) async throws -> ProgramRun {
        let arguments = ["--decide", "plant-1", "--person", "审核员", "--outcome", outcome] + further
        return try await ProgramRun.run(Places.crosswind, ["verify", "--cases", path] + arguments)
    }

    @Test func casesAreListedInBothLanguages() async throws {
        let english = try await verify()
        #expect(english.status == 0, "\(english.standardError)")
        #expect(english.standardOutput.contains("plant-1 [open] Plant 1, CO₂"))
        #expect(english.standardOutput.contains("inventory to review; three overpasses (missing sources)"))
        let chinese = try await verify("--lang", "zh")
        #expect(chinese.standardOutput.contains("plant-1［待核查］电厂一，CO₂，"))
    }

    @Test func aDecisionIsAppendedAndTheCaseTold() async throws {
        let before = try Data(contentsOf: URL(filePath: path))
        let run = try await decide("closed", "--direction", "none", "--note", "bills\nseen\u{1B}[2J")
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("plant-1 [closed]"))
        #expect(run.standardOutput.contains("审核员: closed, none: bills seen [2J"))
        #expect(try Data(contentsOf: URL(filePath: path)).starts(with: before))
        let file = try ReviewCasesFile(path: path)
        #expect(file.ledger["plant-1"]?.state == .closed)
        #expect(run.standardOutput.contains(file.head))
        let again = try await decide("closed", "--note", "x")
        #expect(again.status == 65 && again.standardError.contains("the case is closed"))
        let reopened = try await decide("reopened", "--note", "new evidence", "--json")
        #expect(reopened.standardOutput.contains(#""state":"open""#))
    }

    @Test func aDecisionNeedsAPersonAnOutcomeAndANote() async throws {
        #expect(try await decide("closed").standardError.contains("--note"))
        #expect(try await decide("shut", "--note", "x").standardError.contains("checked, closed, reopened"))
        let blank = try await decide("closed", "--note", " ")
        #expect(blank.status == 65 && blank.standardError.contains("without a note"))
        let direction = try await decide("closed", "--note", "x", "--direction", "up")
        #expect(direction.status == 64)
        let other = try await verify(
            "--decide",
            "plant-2",
            "--person",
            "a",
            "--outcome",
            "closed",
            "--note",
            "x"
        )
        #expect(other.status == 65 && other.standardError.contains("is it `plant-1`?"))
        let lone = try await verify("--person", "a")
        #expect(lone.status == 64 && lone.standardError.contains("without --decide"))
        #expect(try await verify("x.csv").standardError.contains("no table beside --cases"))
        #expect(try await verify("--independent").standardError.contains("no meaning beside --cases"))
        let table = try await ProgramRun.crosswind("verify", "x.csv", "--decide", "plant-1")
        #expect(table.status == 64 && table.standardError.contains("without --cases"))
        #expect(try ReviewCasesFile(path: path).ledger.events.count == 1)
    }

    @Test func aHistoryThatWasChangedIsNotContinued() async throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data((text + text.replacing("plant-1", with: "plant-9")).utf8).write(to: URL(filePath: path))
        let run = try await decide("closed", "--note", "x")
        #expect(run.status == 65 && run.standardError.contains("does not follow"))
        #expect(try await ProgramRun.crosswind("verify", "--cases", "no.jsonl").status == 66)
    }
}
