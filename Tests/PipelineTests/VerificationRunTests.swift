import Formats
import Foundation
import Pipeline
import Quantities
import Report
import TestSupport
import Testing

/// Reports without an inversion.
@Suite struct VerificationRunTests {
    private func report(_ name: String) throws -> VerificationReport {
        let file = Places.deploy.appending(path: "cases/\(name)/case.json5").path
        return try VerificationRun(definition: try VerificationCase(json5File: file), command: "test")
            .report()
    }

    private func write(_ text: String, as name: String, in folder: TemporaryFolder) throws {
        try Data(text.utf8).write(to: folder.file(name))
    }

    private func read(_ part: String, tables: [String: String]) throws -> VerificationReport {
        let folder = try TemporaryFolder()
        for (name, text) in tables { try write(text, as: name, in: folder) }
        let head = """
            { name: "x", title: "X", summary: "x", gas: "co2",
              period: { start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" },
              report: { unit: "Mt/yr", \(part) } }
            """
        try write(head, as: "case.json5", in: folder)
        let definition = try VerificationCase(json5File: folder.file("case.json5").path)
        return try VerificationRun(definition: definition, command: "test").report()
    }

    private static let database = """
        databases: [{ key: "one", name: "One", credit: "c", file: "one.csv", region_column: "region",
            year_column: "year", year: 2020, value_column: "mt", relative_sigma: 0.1 }]
        """

    @Test func plantsOfTheShippedCaseAddUpToTheirCatalogue() throws {
        let report = try report("china-power")
        let databases = try #require(report.content.databases)
        #expect(databases.keys == ["coco2"])
        let sum = try #require(databases.regions.last { $0.isSum }?.values.first ?? nil)
        #expect(abs(sum.mean - 4732.1) < 0.1)
        let unassigned = try #require(databases.regions.first { $0.name.english == "Not assigned" })
        #expect(abs((unassigned.values[0]?.mean ?? .nan) - 0.8186) < 1e-3)
        #expect(report.caveats.count { $0.english.contains("is not there") } == 2)
        #expect(report.map.boundaries.isEmpty && report.map.mask == nil)
        #expect(report.map.boundaryCredit.chinese.contains("未绘制境界线"))
    }

    @Test func qingdaoIsAccountedByFuelWithItsTotals() throws {
        let report = try report("qingdao-2019")
        let totals = report.content.sectors.filter(\.isTotal)
        #expect(abs((totals.first?.emission.mean ?? 0) - 3184) < 0.5)
        #expect(totals.allSatisfy { $0.emission.standardDeviation > 0 })
        #expect(report.content.keyFigures.count == totals.count)
        let page = HTMLReport.render(report, language: .chinese)
        #expect(page.contains("规上工业") && page.contains("表 T4"))
    }

    @Test func filesAgreeAndAreTheSameTwice() async throws {
        let file = Places.deploy.appending(path: "cases/qingdao-2019/case.json5").path
        let run = VerificationRun(definition: try VerificationCase(json5File: file), command: "test")
        let folder = try TemporaryFolder()
        let paths = try await run.write(to: folder.file("a").path)
        let names = paths.map { URL(filePath: $0).lastPathComponent }
        #expect(
            names == [
                "table-T1.csv", "table-T3.csv", "table-T14.csv", "tables.json", "tables.nc", "report-en.html",
                "report-zh.html",
            ]
        )
        _ = try await run.write(to: folder.file("b").path)
        for name in names where name != "tables.nc" {
            let first = try Data(contentsOf: folder.file("a/\(name)"))
            let second = try Data(contentsOf: folder.file("b/\(name)"))
            #expect(first == second, "\(name)")
        }
    }

    @Test func aSeriesOfYearsGivesTrendAndFigure() throws {
        let rows = (2010...2020).map { "all,\($0),\(100 - 2 * ($0 - 2010))\n" }.joined()
        let report = try read(Self.database, tables: ["one.csv": "region,year,mt\n" + rows])
        let trend = try #require(report.content.trends.first)
        #expect(trend.count == 11 && trend.slope == -2 && trend.score == -55)
        #expect(report.content.series.first?.points.first?.value.standardDeviation == 10)
        #expect(HTMLReport.render(report, language: .english).contains(#"<figure id="F2">"#))
    }

    @Test func badFieldsAreNamedWithFileLineAndColumn() throws {
        let error = #expect(throws: CaseTableError.self) {
            try read(Self.database, tables: ["one.csv": "region,year,mt\na,2020,1\nb,2020,many\n"])
        }
        #expect(error?.line == 3)
        #expect(error?.place.hasSuffix("one.csv, line 3, column `mt`") == true)
        let missing = #expect(throws: CaseTableError.self) {
            try read(Self.database, tables: ["one.csv": "region,year,mtt\na,2020,1\n"])
        }
        #expect(missing?.remedy == "is it `mtt`?")
    }

    @Test func unknownKeysAreNamed() throws {
        #expect(throws: ConfigurationError.self) { try read("databasses: []", tables: [:]) }
        #expect(throws: ConfigurationError.self) { try read(#"absences: { T15: "x" }"#, tables: [:]) }
    }

    @Test func quantilesThatDoNotAscendAreRefused() throws {
        let part = #"scenario: { file: "s.csv", name: "s", unit: "Mt" }"#
        let table = "year,q05,q25,q50,q75,q95\n2030,1,2,3,2,5\n"
        let error = #expect(throws: CaseTableError.self) { try read(part, tables: ["s.csv": table]) }
        #expect(error?.what == "the quantiles of a year do not ascend")
    }
}
