import Foundation
import Pipeline
import Quantities
import Report
import TestSupport
import Testing
import Verification

/// One Chinese name for one region on the whole page.
@Suite struct ReportNamesTests {
    private static let header =
        "region,region_zh,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma"
    private static let tables = [
        "t.csv": header + "\nNorth,北方,kt,100,10,100,50,190,10\nPlant A,甲厂,kt,10,1,10,5,20,1\n",
        "one.csv": "region,year,kt\nNorth,2020,120\nPlant A,2020,11\n",
        "names.csv": "name,name_zh\nNorth,北省\n",
        "b.csv":
            "component,quantity,unit,sigma,share,basis\nprior,North,kt,3,0.36,S\nobservations,North,kt,4,0.64,R\n",
    ]

    private func report(_ part: String) throws -> VerificationReport {
        let folder = try TemporaryFolder()
        for (name, text) in Self.tables { try Data(text.utf8).write(to: folder.file(name)) }
        let text = """
            { name: "x", title: "X", summary: "x", gas: "co2",
              period: { start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" },
              report: { unit: "kt", comparisons: { file: "t.csv", inventory_is_prior: false }, budget: "b.csv",
                databases: [{ key: "one", name: "One", credit: "c", file: "one.csv", region_column: "region",
                  year_column: "year", year: 2020, value_column: "kt" }], \(part) } }
            """
        try Data(text.utf8).write(to: folder.file("case.json5"))
        let definition = try VerificationCase(json5File: folder.file("case.json5").path)
        return try VerificationRun(definition: definition, command: "test").report()
    }

    @Test func everyTableSaysTheNameOfTheTableOfNames() throws {
        let report = try report(#"regions: "names.csv""#)
        let page = HTMLReport.render(report, language: .chinese)
        #expect(report.groups[0].comparisons.map(\.region.chinese) == ["北省", "甲厂"])
        #expect(report.content.findings.map(\.subject.chinese) == ["北省", "甲厂"])
        #expect(report.content.budget.allSatisfy { $0.quantity.chinese == "北省" })
        #expect(!page.contains("North") && !page.contains("Plant A") && !page.contains("北方"))
        #expect(!HTMLReport.render(report, language: .english).contains("北省"))
    }

    /// A database without Chinese names has those of the totals.
    @Test func aNameOfOneTableHoldsInAnother() throws {
        let report = try report("")
        let names = try #require(report.content.databases).regions.map(\.name.chinese)
        #expect(names == ["北方", "甲厂", "合计"])
    }
}
