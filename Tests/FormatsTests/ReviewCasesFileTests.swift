import Formats
import Foundation
import Quantities
import TestSupport
import Testing
import Verification

private let finding = Finding(
    id: "plant-1",
    subject: LocalizedName(english: "Plant 1", chinese: "电厂一"),
    gas: .co2,
    opened: Instant(microseconds: 1_000_000),
    direction: .inventoryToReview,
    explanations: [.missingSources, .activityData],
    ground: "three overpasses above twice their uncertainty"
)

private let evidence = Evidence(
    kind: .overpass,
    time: Instant(microseconds: 500_000),
    source: "CO2M",
    residual: Estimate(mean: 3.25, standardDeviation: 1.1),
    unit: "Mt/yr",
    lineage: "estimates.csv, line 12"
)

private func decision(_ outcome: Decision.Outcome, _ time: Int64) -> CaseEvent {
    let note = "fuel bills seen\nand a boiler found"
    let decision = Decision(
        person: "审核员",
        time: Instant(microseconds: time),
        outcome: outcome,
        direction: .inventoryToReview,
        note: note
    )
    return .decided(caseID: "plant-1", decision)
}

private let history: [CaseEvent] = [
    .opened(finding), .evidence(caseID: "plant-1", evidence), decision(.checked, 2_000_000),
    decision(.closed, 3_000_000),
]

private func failure(_ body: () throws(ReviewCasesError) -> Void) -> ReviewCasesError? {
    do throws(ReviewCasesError) {
        try body()
        return nil
    } catch { return error }
}

@Suite struct ReviewCasesFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("cases.jsonl").path
    }

    private func written() throws -> ReviewCasesFile {
        var file = try ReviewCasesFile(path: path, createsIfAbsent: true)
        try file.append(Array(history.prefix(2)))
        try file.append(Array(history.dropFirst(2)))
        return file
    }

    private func lines() throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func write(_ lines: [String]) throws {
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func whatWasWrittenIsReadAgain() throws {
        let file = try written()
        let again = try ReviewCasesFile(path: path)
        #expect(again.ledger.events == history)
        #expect(again.head == file.head)
        let found = try #require(again.ledger["plant-1"])
        #expect(found.state == .closed && found.evidence == [evidence] && found.decisions.count == 2)
        #expect(try lines().count == 4)
    }

    /// Histories of before evidence had figures, a period and an origin.
    @Test func linesOfFormerHistoriesAreRead() throws {
        let zeros = String(repeating: "0", count: 64)
        let opened = """
            {"case":"plant-1","event":"opened","finding":{"direction":"none","explanations":[],"gas":"co2",\
            "ground":"x","id":"plant-1","opened":"1970-01-01T00:00:01Z","subject":{"en":"P","zh":"P"}},\
            "previous":"\(zeros)"}
            """
        try opened.write(toFile: path, atomically: true, encoding: .utf8)
        let digest = try SHA256.hexDigest(ofFile: path)
        let piece = """
            {"case":"plant-1","event":"evidence","evidence":{"kind":"overpass","lineage":"a, line 2","residual":\
            {"mean":3.25,"standardDeviation":1.1},"source":"CO2M","time":"1970-01-01T00:00:00.500000Z","unit":"t"},\
            "previous":"\(digest)"}
            """
        try write([opened, piece])
        var file = try ReviewCasesFile(path: path)
        let found = try #require(file.ledger["plant-1"])
        #expect(found.finding.grounds == "x" && found.finding.earlier == nil)
        #expect(found.evidence.count == 1 && found.evidence[0].figures == nil)
        // What it opens now is told by the digest before it is written.
        let opening = CaseOpening(
            subject: "P",
            gas: .co2,
            direction: .none,
            explanations: [],
            ground: "y",
            evidence: found.evidence + [evidence]
        )
        let changes = try file.changes([opening], at: .now())
        let head = try file.appended(changes.events).head
        #expect(changes.extended == ["plant-1"] && changes.events.count == 1 && head != file.head)
        #expect(try file.take([opening], at: .now()) == changes)
        let reread = try ReviewCasesFile(path: path)
        #expect(file.head == head && reread.head == head)
        #expect(try file.take([opening], at: .now()).events.isEmpty)
    }

    @Test func linesAreOnlyAppended() throws {
        var file = try ReviewCasesFile(path: path, createsIfAbsent: true)
        try file.append([history[0]])
        let before = try Data(contentsOf: URL(filePath: path))
        try file.append(Array(history.dropFirst()))
        #expect(try Data(contentsOf: URL(filePath: path)).starts(with: before))
    }

    /// Half of a line is damage only where nobody is writing it.
    @Test func aLineThatIsBeingWrittenIsNotCutOff() throws {
        _ = try written()
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? handle.close() }
        #expect(flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"case":"pla"#.utf8))
        #expect(
            failure { () throws(ReviewCasesError) in _ = try ReviewCasesFile(path: path) }
                == .changed(file: path)
        )
        flock(handle.fileDescriptor, LOCK_UN)
        #expect(
            failure { () throws(ReviewCasesError) in _ = try ReviewCasesFile(path: path) }
                == .cutOff(file: path, line: 5)
        )
    }

    @Test(arguments: 0..<4)
    func aChangedOrRemovedLineIsSeen(index: Int) throws {
        let file = try written()
        var edited = try lines()
        edited[index] = edited[index].replacing("lant", with: "lanu")
        try write(edited)
        if let reread = try? ReviewCasesFile(path: path) {
            #expect(index == 3 && reread.head != file.head)
        }
        _ = try FileManager.default.removeItem(atPath: path)
        _ = try written()
        var shorter = try lines()
        shorter.remove(at: index)
        try write(shorter)
        if index < 3 {
            #expect(
                failure { () throws(ReviewCasesError) in _ = try ReviewCasesFile(path: path) }
                    == .brokenChain(file: path, line: index + 1)
            )
        } else {
            #expect(try ReviewCasesFile(path: path).head != file.head)
        }
    }

    @Test func aRefusedEventLeavesEverythingAsItWas() throws {
        var file = try written()
        let before = try Data(contentsOf: URL(filePath: path))
        let head = file.head
        let refusal = failure { () throws(ReviewCasesError) in
            try file.append([decision(.reopened, 4_000_000), decision(.reopened, 5_000_000)])
        }
        #expect(refusal == .refused(file: path, line: 0, .notClosed("plant-1")))
        #expect(refusal?.line.contains("the case is not closed") == true)
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
        #expect(file.head == head)
        #expect(file.ledger["plant-1"]?.state == .closed)
    }

    @Test func twoWritersDoNotOverwriteEachOther() throws {
        var first = try written()
        var second = try ReviewCasesFile(path: path)
        try first.append([decision(.reopened, 4_000_000)])
        let refusal = failure { () throws(ReviewCasesError) in
            try second.append([decision(.reopened, 5_000_000)])
        }
        #expect(refusal == .changed(file: path))
        #expect(refusal?.line.hasPrefix("another process") == true)
        #expect(refusal?.line.hasSuffix("nothing was written: \(path); run it again") == true)
        #expect(try ReviewCasesFile(path: path).ledger.events.count == 5)
    }

    @Test func numbersThatAreNotFiniteAreNotWritten() throws {
        var file = try written()
        try file.append([decision(.reopened, 4_000_000)])
        let wild = Evidence(
            kind: .comparison,
            time: Instant(microseconds: 0),
            source: "x",
            residual: Estimate(mean: .nan, standardDeviation: 1),
            unit: "t",
            lineage: ""
        )
        let count = try lines().count
        #expect(
            failure { () throws(ReviewCasesError) in try file.append([.evidence(caseID: "plant-1", wild)]) }
                != nil
        )
        #expect(try lines().count == count)
    }

    @Test func faults() throws {
        let absent = folder.file("none.jsonl").path
        #expect(
            failure { () throws(ReviewCasesError) in _ = try ReviewCasesFile(path: absent) }
                == .unreadable(file: absent, exists: false)
        )
        _ = try written()
        let whole = try String(contentsOfFile: path, encoding: .utf8)
        for (text, line) in [
            (String(whole.dropLast(10)), 4), (whole + "{}\n", 5), (whole + "\n", 5), ("\u{0}\n", 1),
            ("[[[[[[\n", 1),
        ] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let found = failure { () throws(ReviewCasesError) in _ = try ReviewCasesFile(path: path) }
            #expect(found?.place == "\(path), line \(line)")
            #expect(found?.exitStatus == .badData)
        }
        try "".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try ReviewCasesFile(path: path).ledger.cases.isEmpty)
        #expect(!ReviewCasesFile.isHistory(path))
        var nowhere = try ReviewCasesFile(
            path: folder.file("no/such/cases.jsonl").path,
            createsIfAbsent: true
        )
        #expect(
            failure { () throws(ReviewCasesError) in try nowhere.append([history[0]]) }
                == .noFolder(file: nowhere.path, folder: folder.file("no/such").path)
        )
    }

    @Test func whatEditorsOfWindowsLeaveIsNamed() throws {
        _ = try written()
        let whole = try String(contentsOfFile: path, encoding: .utf8)
        for (text, place, words) in [
            (whole.replacing("\n", with: "\r\n"), "line 1", "CR LF"), ("\u{FEFF}" + whole, "line 1", "BOM"),
            (whole.replacing("\n", with: "\r\n", maxReplacements: 1), "line 1", "CR LF"),
        ] {
            try Data(text.utf8).write(to: URL(filePath: path))
            let found = failure { () throws(ReviewCasesError) in _ = try ReviewCasesFile(path: path) }
            #expect(found?.what.contains(words) == true && found?.place == "\(path), \(place)", "\(words)")
            #expect(found?.exitStatus == .badData)
            #expect(ReviewCasesFile.isHistory(path))
        }
        // As the remedy has it.
        let edited = whole.replacing("\n", with: "\r\n")
        try Data(edited.replacing("\r\n", with: "\n").utf8).write(to: URL(filePath: path))
        #expect(try ReviewCasesFile(path: path).ledger.events.count == history.count)
    }

    @Test func aLockedHistoryIsNotWritten() throws {
        var file = try written()
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX) == 0)
        let refusal = failure { () throws(ReviewCasesError) in
            try file.append([decision(.reopened, 4_000_000)])
        }
        #expect(refusal == .changed(file: path) && refusal?.exitStatus == .inputOutput)
        #expect(try ReviewCasesFile(path: path).ledger.events.count == history.count)
    }

    @Test func theDigestIsThatOfTheFileAsItWillBe() throws {
        var file = try ReviewCasesFile(path: path, createsIfAbsent: true)
        let digest = try file.appended(history).sha256
        #expect(!FileManager.default.fileExists(atPath: path))
        try file.append(history)
        #expect(try SHA256.hexDigest(ofFile: path) == digest && file.sha256 == digest)
        #expect(try ReviewCasesFile(path: path).sha256 == digest)
        #expect(ReviewCasesFile.isHistory(path))
    }
}
