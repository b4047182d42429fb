import Foundation
import Quantities
import TestSupport
import Testing
import Verification

@testable import Formats

@Suite struct ComparisonTableTests {
    private func table(_ language: Language = .english) -> ComparisonTable {
        var table = ComparisonTable(language: language)
        let seen = Comparison(
            region: LocalizedName(english: "North, \"old\"", chinese: "北省"),
            inventory: Estimate(mean: 100, standardDeviation: 3),
            prior: Estimate(mean: 100, standardDeviation: 50),
            posterior: Estimate(mean: 110.1, standardDeviation: 4),
            inventoryIsPrior: false
        )
        let unknown = Comparison(
            region: LocalizedName(english: "South", chinese: "南省"),
            inventory: Estimate(mean: .nan, standardDeviation: 3),
            prior: Estimate(mean: 100, standardDeviation: .infinity),
            posterior: Estimate(mean: 110, standardDeviation: 4),
            inventoryIsPrior: false
        )
        table.append([seen, unknown], unit: LocalizedName(english: "kt", chinese: "千吨"))
        return table
    }

    @Test func commaSeparatedValuesQuoteAndKeepAllDigits() {
        let lines = table().csv.components(separatedBy: "\r\n")
        #expect(lines.count == 4)
        #expect(lines[0] == ComparisonTable.columns.joined(separator: ","))
        #expect(lines[1].hasPrefix("\"North, \"\"old\"\"\",kt,100.0,3.0,100.0,50.0,110.1,4.0,"))
        #expect(lines[1].hasSuffix(",inconsistent"))
        #expect(lines[2].hasPrefix("South,kt,,3.0,100.0,,110.0,4.0,"))
        #expect(lines[2].hasSuffix(",not_constrained"))
        #expect(lines[3].isEmpty)
        #expect(lines[2].count { $0 == "," } == ComparisonTable.columns.count - 1)
    }

    @Test func jsonHasTheSameColumnsAndNullForWhatIsMissing() throws {
        let data = try JSONEncoder().encode(table(.chinese))
        let rows = try #require(JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        #expect(rows.count == 2)
        #expect(rows.allSatisfy { Set($0.keys) == Set(ComparisonTable.columns) })
        #expect(rows[0]["region"] as? String == "北省")
        #expect(abs(try #require(rows[0]["z"] as? Double) - 10.1 / 5) < 1e-12)
        #expect(rows[1]["inventory"] is NSNull)
        #expect(rows[1]["verdict"] as? String == "not_constrained")
    }

    /// A blank uncertainty is not known, and a blank figure nothing to compare.
    @Test func aBlankUncertaintyIsNotConstrained() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("t.csv").path
        let header = "region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma\n"
        let blanks = ["N,kt,100,,100,50,130,10\n", "N,kt,100,9,100,,130,10\n", "N,kt,100,9,100,50,130,\n"]
        for row in blanks {
            try (header + row).write(toFile: file, atomically: true, encoding: .utf8)
            let table = try ComparisonTable(csvFile: file, inventoryIsPrior: false)
            #expect(table.rows[0].comparison.verdict == .notConstrained)
            #expect(table.rows[0].comparison.reservation == .notFinite)
            #expect(table.csv.contains(",,"))
        }
        for row in ["N,kt,,9,100,50,130,10\n", "N,kt,100,-9,100,50,130,10\n"] {
            try (header + row).write(toFile: file, atomically: true, encoding: .utf8)
            #expect(throws: TableError.self) { try ComparisonTable(csvFile: file, inventoryIsPrior: false) }
        }
    }

    @Test func anEmptyTableIsAHeader() {
        let csv = ComparisonTable(language: .english).csv
        #expect(csv == ComparisonTable.columns.joined(separator: ",") + "\r\n")
    }
}
