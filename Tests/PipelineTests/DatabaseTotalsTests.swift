import Foundation
import Quantities
import Report
import TestSupport
import Testing

/// Totals over all regions are of all regions, and of all their rows.
@Suite struct DatabaseTotalsTests {
    private static func database(_ key: String) -> String {
        """
        { key: "\(key)", name: "\(key.uppercased())", credit: "c", file: "\(key).csv", region_column: "region",
          year_column: "year", year: 2020, value_column: "mt", relative_sigma: 0.1 }
        """
    }

    private func report(_ tables: [String: String]) throws -> VerificationReport {
        let databases = tables.keys.sorted().map(Self.database).joined(separator: ", ")
        let files = tables.map { ("\($0.key).csv", "region,year,mt\n\($0.value)") }
        return try CaseScene(
            #"unit: "Mt/yr", databases: [\#(databases)]"#,
            tables: Dictionary(uniqueKeysWithValues: files)
        ).report()
    }

    private static func rows(_ regions: [String], _ value: Double) -> String {
        regions.flatMap { region in (2015...2020).map { "\(region),\($0),\(value)\n" } }.joined()
    }

    private func cell(_ report: VerificationReport, _ region: String) throws -> (Double?, String?) {
        let found = try #require(report.content.databases?.regions.first { $0.name.english == region })
        return (found.values[0]?.mean, found.reasons[0]?.english)
    }

    /// North has two sectors in each year.
    @Test func aBlankRowLeavesRegionAndYearWithoutATotal() throws {
        let whole = Self.rows(["North", "North", "South"], 10)
        let lines = whole.replacing("North,2017,10.0\nNorth,2018", with: "North,2017,\nNorth,2018")
        let marked = try #require(lines.range(of: "North,2020,10.0")).upperBound
        let table = lines[..<marked].dropLast(4) + lines[marked...]
        let report = try report(["one": String(table)])
        #expect(try cell(report, "South") == (10, nil))
        #expect(try cell(report, "All regions") == (nil, "not known: no figure of North"))
        #expect(report.content.keyFigures.isEmpty)
        #expect(report.content.series.first?.points.map(\.year) == [2015, 2016, 2018, 2019])
        #expect(report.content.trends.first?.slope == 0 && report.content.trends.first?.count == 4)
        let told = report.caveats.filter { $0.english.contains("one.csv has rows without a number") }
        #expect(told.count == 1 && told[0].english.contains("North 2020, line 7"))
        #expect(told[0].english.contains("North 2017") && told[0].chinese.contains("North2020年"))
    }

    @Test func aTotalWithoutARegionOfOthersIsNotCompared() throws {
        let report = try report([
            "a": Self.rows(["South"], 10), "b": Self.rows(["North", "South"], 10),
            "c": Self.rows(["North", "South"], 11), "d": Self.rows(["North", "South"], 10.5),
        ])
        let sum = try #require(report.content.databases?.regions.last { $0.isSum })
        #expect(sum.values[0] == nil && sum.values.dropFirst().map { $0?.mean } == [20, 22, 21])
        #expect(sum.reasons[0]?.english == "not comparable: lacks North")
        #expect(sum.median == 21 && abs(sum.relativeRange - 2 / 21) < 1e-12 && sum.outliers.isEmpty)
        #expect(report.content.series.map(\.name.english) == ["B", "C", "D"])
        #expect(report.content.trends.count == 3 && report.content.keyFigures.count == 3)
        let told = "A: its sum over all regions is not comparable: lacks North"
        #expect(report.caveats.contains { $0.english.contains(told) })
        let page = HTMLReport.render(report, language: .english)
        #expect(page.contains("<small>not comparable: lacks North</small>"))
        let csv = try #require(report.tables.first { $0.code == .subRegions }).csv(report.provenance)
        #expect(csv.contains("All regions,合计,Mt/yr,,,,,20,"), "\(csv)")
    }

    /// The regions that a database does have are still compared.
    @Test func regionsOfAPartialDatabaseAreCompared() throws {
        let report = try report(["a": Self.rows(["South"], 10), "b": Self.rows(["North", "South"], 30)])
        let south = try #require(report.content.databases?.regions.first { $0.name.english == "South" })
        #expect(south.values.map { $0?.mean } == [10, 30] && south.relativeRange == 1)
    }
}
