import Foundation
import Quantities
import Report
import TestSupport
import Testing
import Verification

@testable import Pipeline

/// The page about cases and the reader know the same keys.
@Suite struct CaseDocumentTests {
    private static let page = Places.repository.appending(path: "Sources/crosswind/crosswind.docc/Cases.md")

    /// The fenced blocks of a kind, in their order.
    private func blocks(_ kind: String) throws -> [String] {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        return text.components(separatedBy: "```\(kind)\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    @Test func theExampleIsReadAndReported() throws {
        let tables = try blocks("csv")
        let names = ["totals.csv", "edgar.csv", "targets.csv"]
        var files = Dictionary(uniqueKeysWithValues: zip(names, tables))
        let example: String = try #require(try blocks("json5").first)
        files["case.json5"] = example
        let report = try CaseScene(files: files).report()
        let comparison = try #require(report.groups.first?.comparisons.first)
        // (104 - 4) x 0.95.
        #expect(abs(comparison.inventory.mean - 95) < 1e-12)
        #expect(report.content.targets.first?.progress == 0.4)
        #expect(report.content.databases?.regions.last?.values.first??.mean == 98)
        #expect(report.content.absences["F1"]?.english == "The example draws no map.")
    }

    @Test func everyKeyIsOnThePage() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        for key in CaseFile.keys + ReportPlanFile.keys {
            #expect(text.contains("`\(key)`"), "\(key)")
        }
    }
}
