import Formats
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct OperatorEditsFileTests {
    private static let header =
        "station,instrument,gas,start,end,flag,tests,bottle_old,bottle_new,who,when,why"

    private func file(_ lines: String...) throws(RecordError) -> OperatorEditsFile {
        try OperatorEditsFile(text: ([Self.header] + lines).joined(separator: "\n"), path: "n.edits.csv")
    }

    private func problem(_ text: String) -> String {
        do {
            _ = try OperatorEditsFile(text: text, path: "n.edits.csv")
            return ""
        } catch {
            return error.line
        }
    }

    @Test func editsAreReadWithTheirAuthors() throws {
        let file = try file(
            "# the pump of the car, \"loose",
            "car,g2301-co2,co2,2018-10-24T10:00:00+02:00,2018-10-24T08:10:00Z,fail,own_exhaust spike,,,w,"
                + "2018-10-25T00:00:00Z,\"idle, \"\"warm\"\" engine\"",
            "",
            "car,,,2018-10-24T09:00:00Z,,good,,,,w,2018-10-25T00:00:00Z,checked",
            "car,,,2018-10-24T09:00:00Z,,,,CB10,air,w,2018-10-25T00:00:00Z,valve"
        )
        #expect(file.edits.count == 3)
        let first = try #require(file.edits.first)
        #expect(first.start == Instant(iso8601: "2018-10-24T08:00:00Z"))
        #expect(first.end == Instant(iso8601: "2018-10-24T08:10:00Z"))
        #expect(first.change == .flag(.fail, [.ownExhaust, .spike]))
        #expect(first.gas == .co2 && first.instrument == "g2301-co2" && first.network == nil)
        #expect(first.why == "idle, \"warm\" engine")
        #expect(file.edits[1].change == .flag(.good, []) && file.edits[1].end == nil)
        #expect(file.edits[2].change == .bottle(old: "CB10", new: nil))
    }

    private static let rest = "w,2018-10-25T00:00:00Z,y"

    @Test(arguments: [
        (
            "s,,,2018-10-24T10:00:00,,fail,,,,\(rest)",
            "start `2018-10-24T10:00:00` is not an ISO 8601 time with zone"
        ),
        ("s,,,2018-10-24T10:00:00Z,2018-10-24T10:00:00Z,fail,,,,\(rest)", "the end is not after the start"),
        (
            "s,,,2018-10-24T10:00:00Z,,bad,,,,\(rest)",
            "`bad` is no flag: n.edits.csv, line 3, column `flag`; known: fail, good"
        ),
        ("s,,,2018-10-24T10:00:00Z,,missing,,,,\(rest)", "`missing` is no flag"),
        (
            "s,,,2018-10-24T10:00:00Z,,fail,spik,,,\(rest)",
            "`spik` is no test: n.edits.csv, line 3, column `tests`; did you mean `spike`?"
        ),
        ("s,,co3,2018-10-24T10:00:00Z,,fail,,,,\(rest)", "`co3` is no gas"),
        ("s,,,2018-10-24T10:00:00Z,,,,,,\(rest)", "neither a flag nor two bottles"),
        ("s,,,2018-10-24T10:00:00Z,,,,a,,\(rest)", "neither a flag nor two bottles"),
        ("s,,,2018-10-24T10:00:00Z,,,,a,a,\(rest)", "bottle `a` is replaced by itself"),
        ("s,,,2018-10-24T10:00:00Z,,fail,,a,b,\(rest)", "a flag and bottles"),
        ("s,,,2018-10-24T10:00:00Z,,fail,,,,,2018-10-25T00:00:00Z,y", "`who` is empty"),
        ("s,,,2018-10-24T10:00:00Z,,fail,,,,w,2018-10-25T00:00:00Z", "11 fields where the header has 12"),
    ])
    func mistakesAreNamedWithTheirLine(row: String, expected: String) {
        #expect(problem([Self.header, "# remark", row].joined(separator: "\n")).hasPrefix(expected))
    }

    @Test func theHeaderIsChecked() {
        #expect(problem("station,strat,end,who,when,why").contains("did you mean `start`?"))
        #expect(problem("station,start,end,who,when").contains("the header names no column `why`"))
        #expect(problem("station,station,start,end,who,when,why").contains("stands twice"))
        #expect(problem("") == "")
    }

    @Test func theTableLiesBesideTheNetwork() throws {
        let folder = try TemporaryFolder()
        let source = Places.repository.appending(path: "stations/hamburg-vehicle.json")
        try FileManager.default.copyItem(at: source, to: folder.file("car.json"))
        let network = try NetworkFile(path: folder.file("car.json").path)
        #expect(try OperatorEditsFile.edits(beside: network).edits.isEmpty)
        let row = "cra,,,2018-10-24T10:00:00Z,,fail,,,,w,2018-10-25T00:00:00Z,y"
        let table = folder.file("car.edits.csv")
        try "\(Self.header)\n\(row)\n".write(to: table, atomically: true, encoding: .utf8)
        #expect(throws: RecordError.self) { try OperatorEditsFile.edits(beside: network) }
        try "\(Self.header)\n\(row.replacing("cra", with: "car"))\n"
            .write(to: table, atomically: true, encoding: .utf8)
        let edits = try OperatorEditsFile.edits(beside: network)
        #expect(edits.network == "hamburg-vehicle" && edits.edits.count == 1)
    }
}
