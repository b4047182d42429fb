import Formats
import Foundation
import Inventory
import Pipeline
import Quantities
import Report
import TestSupport
import Testing
import Verification

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
        #expect(report.caveats.contains { $0.english.contains("verify") && $0.chinese.contains("待核实") })
        #expect(!report.caveats.contains { $0.chinese.contains("verify") })
        let tables = ["fuels.csv", "derived-gases-low.csv", "gbt-2589-style.csv", "gwp-100.csv"]
        #expect(report.content.sectors.allSatisfy { $0.inputs == ["activity.csv"] + tables })
        let digests = report.provenance.inputs.filter { tables.contains($0.name) }.map(\.sha256.count)
        #expect(digests == [64, 64, 64, 64])
        #expect(report.content.quadrant?.points.count == 12 && report.content.scenario?.years.count == 17)
        let page = HTMLReport.render(report, language: .chinese)
        #expect(page.contains("规上工业") && page.contains("表 T4"))
        #expect(page.contains("± 后为一倍标准不确定度"))
        let bars = try #require(page.range(of: #"<figure id="F4">"#)).upperBound
        let figure = page[bars...].prefix(40_000)
        #expect(figure.contains("原料用途(不计排放)</text>") && figure.contains("空心条为非本地直接排放"))
    }

    @Test(arguments: [
        ("2021-01-01T00", "2022-01-01T00", "co2", "the activity is of 2019 and the case of 2021"),
        ("2019-01-01T00", "2020-01-01T00", "ch4", "gives CO₂ and the case is about CH₄"),
    ])
    func anAccountOfAnotherYearOrGasIsRefused(
        start: String,
        end: String,
        gas: String,
        expected: String
    ) throws {
        let folder = try TemporaryFolder()
        let shipped = Places.deploy.appending(path: "cases/qingdao-2019")
        let text = try String(contentsOf: shipped.appending(path: "case.json5"), encoding: .utf8)
            .replacing("2020-01-01T00", with: end).replacing("2019-01-01T00", with: start)
            .replacing("gas: \"co2\"", with: "gas: \"\(gas)\"")
        try write(text, as: "case.json5", in: folder)
        for name in ["activity.csv", "carriers.csv", "scenario.csv"] {
            try FileManager.default.copyItem(at: shipped.appending(path: name), to: folder.file(name))
        }
        let definition = try VerificationCase(json5File: folder.file("case.json5").path)
        let error = #expect(throws: AccountingError.self) {
            try VerificationRun(definition: definition, command: "test").report()
        }
        #expect(error?.what.contains(expected) == true)
        #expect(error?.place.contains("activity.csv, line ") == true && error?.remedy.isEmpty == false)
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

    @Test func theIntervalOfATrendIsThatOfTheRanks() throws {
        let values = [100.0, 98, 97.5, 93, 92, 91.8, 80, 79, 79.5, 78]
        func rows(_ count: Int) -> String {
            values.prefix(count).enumerated().map { "all,\(2010 + $0),\($1)\n" }.joined()
                + "all,2020,77\n"
        }
        let report = try read(Self.database, tables: ["one.csv": "region,year,mt\n" + rows(10)])
        let slope = try SenSlope(values + [77])
        let csv = try #require(report.tables.first { $0.code == .trend }).csv(report.provenance)
        #expect(csv.contains("\(slope.slope),\(slope.lower),\(slope.upper),"))
        #expect(!csv.contains("slope_sigma") && abs(slope.upper + slope.lower - 2 * slope.slope) > 0.01)
        let short = try read(Self.database, tables: ["one.csv": "region,year,mt\n" + rows(2)])
        let trend = try #require(short.content.trends.first)
        #expect(trend.lower.isNaN && trend.upper.isNaN && trend.slope < 0)
        #expect(trend.statement.english.contains("cannot be told"))
        #expect(!HTMLReport.render(short, language: .english).lowercased().contains(">nan"))
    }

    @Test func aYearWithoutARegionHasNoSum() throws {
        let rows = (2015...2020).map { "a,\($0),10\n" + ($0 == 2017 ? "" : "b,\($0),20\n") }.joined()
        let report = try read(Self.database, tables: ["one.csv": "region,year,mt\n" + rows])
        let points = try #require(report.content.series.first).points
        #expect(points.map(\.year) == [2015, 2016, 2018, 2019, 2020])
        #expect(points.allSatisfy { $0.value.mean == 30 })
        #expect(report.content.trends.first?.slope == 0)
        #expect(report.caveats.contains { $0.english.contains("2017 (b)") && $0.chinese.contains("2017（b）") })
    }

    /// The compared year itself: neither a sum over all regions in T5 nor a figure that heads the report.
    @Test func aComparedYearWithoutARegionHasNoSum() throws {
        let table = "region,year,mt\na,2020,10\nb,2019,20\n"
        let report = try read(Self.database, tables: ["one.csv": table])
        let sum = try #require(report.content.databases?.regions.last { $0.isSum })
        #expect(sum.values.allSatisfy { $0 == nil } && report.content.keyFigures.isEmpty)
    }

    @Test func aTableOfTotalsClaimsNeitherGasNorPeriod() throws {
        let folder = try TemporaryFolder()
        let header = "region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma\n"
        try write(header + "N,kt,100,10,100,50,130,10\n", as: "t.csv", in: folder)
        let definition = VerificationCase(comparisons: folder.file("t.csv").path, inventoryIsPrior: false)
        let report = try VerificationRun(definition: definition, command: "test").report()
        #expect(report.gas == nil && report.period == nil)
        let page = HTMLReport.render(report, language: .english)
        #expect(!page.contains("1970") && !page.contains("<dt>Gas</dt>"))
    }

    private static let totals = """
        region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma
        Plant A,kt,100,10,100,50,130,10

        """

    @Test func aFacilityThatNothingIsNamedAfterIsAnError() throws {
        let part = #"comparisons: { file: "t.csv", inventory_is_prior: false }, facilities: ["Plant B"]"#
        let error = #expect(throws: PipelineError.self) { try read(part, tables: ["t.csv": Self.totals]) }
        #expect(error?.what.contains("Plant B") == true && error?.remedy == "did you mean `Plant A`?")
    }

    @Test func otherEncodingsAreRefusedAsByTheInventory() throws {
        // 北京 in GBK.
        let bytes: [UInt8] =
            Array("region,year,mt\n".utf8) + [0xB1, 0xB1, 0xBE, 0xA9] + Array(",2020,1\n".utf8)
        let folder = try TemporaryFolder()
        try Data(bytes).write(to: folder.file("t.csv"))
        let error = #expect(throws: TableError.self) {
            try ComparisonTable(csvFile: folder.file("t.csv").path, inventoryIsPrior: true)
        }
        #expect(error?.what.contains("GBK") == true && error?.remedy.contains("iconv -f GB18030") == true)
        let text = """
            { name: "x", title: "X", summary: "x", gas: "co2",
              period: { start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" },
              report: { unit: "Mt/yr", \(Self.database.replacing("one.csv", with: "t.csv")) } }
            """
        try write(text, as: "case.json5", in: folder)
        let definition = try VerificationCase(json5File: folder.file("case.json5").path)
        let refusal = #expect(throws: TableError.self) {
            try VerificationRun(definition: definition, command: "test").report()
        }
        #expect(refusal?.what.contains("GBK") == true)
    }

    @Test(arguments: [
        ("Plant A,kt,100,10,100,50,130,10\n", "the region `Plant A` is given twice, first in line 2"),
        (" ,kt,100,10,100,50,130,10\n", "the region is blank"),
        ("B, ,100,10,100,50,130,10\n", "the unit is blank"),
        ("B,kt,0x10,10,100,50,130,10\n", "inventory `0x10` is not a usable number"),
        ("B,kt,1e300,10,100,50,130,10\n", "inventory `1e300` is not a usable number"),
        ("B,kt,,10,100,50,130,10\n", "inventory is blank"),
    ])
    func rowsOfTotalsAreChecked(row: String, expected: String) throws {
        let folder = try TemporaryFolder()
        try write(Self.totals + row, as: "t.csv", in: folder)
        let file = folder.file("t.csv").path
        let error = #expect(throws: TableError.self) {
            try ComparisonTable(csvFile: file, inventoryIsPrior: false)
        }
        #expect(error?.what == expected && error?.place.hasPrefix("\(file), line 3, column ") == true)
    }

    @Test func headersOfTotalsMayHaveSpacesAndCapitalsButNoTwins() throws {
        let folder = try TemporaryFolder()
        let lines = Self.totals.split(separator: "\n")
        let spaced = lines[0].uppercased().replacing(",", with: ", ") + "\n" + lines[1] + "\n"
        try write(spaced, as: "t.csv", in: folder)
        let file = folder.file("t.csv").path
        #expect(try ComparisonTable(csvFile: file, inventoryIsPrior: false).rows.map(\.unit) == ["kt"])
        let double = lines.map { $0 + "," + $0.split(separator: ",")[2] }.joined(separator: "\n") + "\n"
        try write(double, as: "t.csv", in: folder)
        let twin = #expect(throws: TableError.self) {
            try ComparisonTable(csvFile: file, inventoryIsPrior: false)
        }
        #expect(twin?.what == "column `inventory` stands twice in the header")
        let folderError = #expect(throws: TableError.self) {
            try ComparisonTable(csvFile: folder.file("").path, inventoryIsPrior: false)
        }
        #expect(folderError?.what == "it is a folder")
    }

    @Test func badFieldsAreNamedWithFileLineAndColumn() throws {
        let error = #expect(throws: TableError.self) {
            try read(Self.database, tables: ["one.csv": "region,year,mt\na,2020,1\nb,2020,many\n"])
        }
        #expect(error?.at.line == 3)
        #expect(error?.place.hasSuffix("one.csv, line 3, column `mt`") == true)
        let missing = #expect(throws: TableError.self) {
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
        let error = #expect(throws: TableError.self) { try read(part, tables: ["s.csv": table]) }
        #expect(error?.what == "the quantiles of a year do not ascend")
    }
}
