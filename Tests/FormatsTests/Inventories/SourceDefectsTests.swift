import Formats
import Foundation
import Inventory
import Quantities
import TestSupport
import Testing

@Suite(.enabled(if: Places.shared("seeds") != nil))
struct SourceDefectsTests {
    private let tables: [SourceTable]
    private let catalogue: FuelCatalogue

    init() throws {
        tables = try SourceTableFile.readAll(folder: try #require(Places.shared("seeds")).path)
        catalogue = try ShippedFactors().catalogue
    }

    private var defects: SourceDefects { SourceDefects(tables, catalogue: catalogue) }

    @Test(arguments: ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "B12"])
    func whatTheDocumentsPrintRightPasses(_ id: String) {
        let findings = defects.findings(id)
        #expect(!findings.isEmpty)
        for finding in findings {
            #expect(
                [.reproduced, .rounding].contains(finding.verdict),
                "\(finding.row): \(finding.printed ?? .nan) printed, \(finding.computed ?? .nan) computed"
            )
        }
    }

    @Test func theSumOfCityScoresIsWithinItsRounding() throws {
        let finding = try #require(defects.findings("A1").first)
        #expect(finding.verdict == .rounding && finding.tolerance == 5.5)
        #expect(abs(try #require(finding.computed) - 4530.5) < 1e-6 && finding.printed == 4530.9)
    }

    @Test func theRegionalIndexDoesNotAdd() throws {
        let findings = defects.findings("B1")
        #expect(findings.count == 3 && findings.allSatisfy { $0.verdict == .defect })
        for (finding, sums) in zip(findings, [(100.02, 99.01), (98.01, 97.55), (94.45, 94.25)]) {
            #expect(abs(try #require(finding.computed) - sums.0) < 1e-9 && finding.printed == sums.1)
        }
        #expect(findings[0].text.english.contains("exceed 100"))
    }

    @Test func theProvincialIndexMissesOneDigit() throws {
        let findings = defects.findings("B2").filter { $0.verdict == .defect }
        #expect(findings.map(\.printed) == [1281.1, 35.3])
        #expect(abs(try #require(findings[0].computed) - 1281.2) < 1e-9)
        #expect(abs(try #require(findings[1].computed) - 35.2) < 1e-9)
    }

    @Test func theDeclineOfCoalIsOneOff() throws {
        let findings = defects.findings("B3")
        #expect(findings.count == 1)
        #expect(findings[0].row == "长三角, decline_2021_vs_2020_10kt" && findings[0].verdict == .defect)
        #expect(findings[0].printed == -6476.73)
        #expect(abs(try #require(findings[0].computed) + 6475.73) < 1e-6)
    }

    @Test func risingClassesAreOneShortAndShanghaiIsInTwo() throws {
        let findings = defects.findings("B4")
        #expect(findings.allSatisfy { $0.verdict == .defect })
        #expect(findings.map(\.row) == ["direction up", "上海"])
        #expect(findings[0].printed == 68 && findings[0].computed == 67)
        #expect(findings[1].text.english.contains("marks it flat"))
    }

    @Test func bothConversionFactorsArePerStandardCoal() throws {
        let findings = defects.findings("B5")
        #expect(findings.map(\.row) == ["原煤", "原油"])
        #expect(
            findings.allSatisfy {
                $0.verdict == .defect && $0.text.english.contains("per tonne of standard coal")
            }
        )
        #expect(abs(try #require(findings[0].computed) - 1.780) < 5e-4)
        #expect(abs(try #require(findings[1].computed) - 3.006) < 5e-4)
    }

    @Test func carbonThatWouldCountTwiceIsNamed() throws {
        let shipped = try ShippedFactors()
        let file = Places.deploy.appending(path: "cases/qingdao-2019/activity.csv").path
        let account = try shipped.method(
            ["derived-gases-low", "gbt-2589-style"],
            grid: .stated(kilogramsPerKilowattHour: 0.5810, source: "test")
        ).account(of: try ActivityTable.read(csvFile: file, catalogue))
        let findings = SourceDefects(tables, catalogue: catalogue, account: account).findings("B6")
        #expect(findings[0].printed == 6869 && findings[0].computed == 3184)
        #expect(
            findings.contains { $0.row == "blast_furnace_gas" }
                && findings.contains { $0.row == "refinery_gas" }
        )
    }

    @Test func theRankingWithoutWeightsIsNotReproducible() {
        let findings = defects.findings("B7")
        #expect(findings[0].verdict == .notReproducible)
        #expect(Set(findings.dropFirst().map(\.row)) == ["济南", "大连"])
    }

    @Test func aMeanBeyondItsMembersIsReported() {
        let findings = defects.findings("B8")
        #expect(findings.map(\.row) == ["粤港澳, co2_per_gdp_decline_pct_2020_2021"])
        #expect(findings[0].printed == -0.08)
    }

    @Test func doubledProvincesAreReported() {
        let rows = defects.findings("B9").map(\.row)
        #expect(rows.contains("黑龙江, peak_research"))
        #expect(rows.contains { $0.hasPrefix("宁夏, 重庆") })
        #expect(rows.contains { $0.hasPrefix("山西") })
    }

    @Test func aTargetYearIsNoObservedPeak() throws {
        let finding = try #require(defects.findings("B10").first { $0.row == "北京" })
        #expect(finding.printed == 2020 && finding.computed == 2012 && finding.verdict == .definition)
    }

    @Test func theNationalTotalAgreesWithAnInventory() throws {
        let file = try #require(Places.shared("inventory/derived/ceads_provinces_vs_national.csv"))
        let more = tables + [try SourceTableFile.read(csvFile: file.path)]
        let finding = try #require(SourceDefects(more, catalogue: catalogue).findings("B11").first)
        #expect(finding.verdict == .reproduced)
        #expect(abs(try #require(finding.computed) - 9794.756) < 1e-3)
    }

    @Test func absentTablesAreReportedAndNothingElseOfThem() {
        let name = "regional_climate_action_scores"
        let findings = SourceDefects(tables.filter { $0.name != name }, catalogue: catalogue).findings
        #expect(findings.filter { $0.table == name }.map(\.verdict) == [.missingTable])
        #expect(SourceDefects([], catalogue: catalogue).findings.count == SourceDefects.tableNames.count)
    }

    @Test func aRepairedTableIsNoDefect() throws {
        let repaired = tables.map { table in
            guard table.name == "coal_control_2021_table6" else { return table }
            let rows = table.rows.map { $0.map { $0 == "-6476.73" ? "-6475.73" : $0 } }
            return SourceTable(name: table.name, header: table.header, rows: rows)
        }
        #expect(SourceDefects(repaired, catalogue: catalogue).findings("B3").isEmpty)
    }
}

@Suite struct HierarchyTests {
    private static let provinces = "inventory/derived/ceads_province_totals_1997_2019.csv"
    private static let nation = "inventory/derived/ceads_provinces_vs_national.csv"

    private func rows(_ path: String) throws -> [[String]] {
        try SourceTableFile.read(csvFile: try #require(Places.shared(path)).path).rows
    }

    @Test(.enabled(if: Places.shared(provinces) != nil && Places.shared(nation) != nil))
    func provincesExceedTheNationAndThatIsReported() throws {
        let provinces = try rows(Self.provinces)
        #expect(provinces.count == 690)
        let national = try #require(try rows(Self.nation).first { $0[0] == "2019" })
        let hierarchy = AccountHierarchy(
            parent: "China",
            value: try #require(Double(national[2])),
            parts: provinces.filter { $0[3] == "2019" }.map { ($0[0], Double($0[4])) },
            unit: "Mt"
        )
        #expect(hierarchy.partCount == 30 && hierarchy.missing.isEmpty)
        #expect(abs(hierarchy.sumOfParts - 10_864.4) < 0.05)
        #expect(abs(hierarchy.parentValue - 9794.756) < 0.0005)
        #expect(abs(hierarchy.ratio - 1.109) < 0.0005)
        #expect(hierarchy.finding == .partsExceed)
    }

    @Test func missingPartsMakeNoShortfall() {
        func finding(_ parts: [(String, Double?)]) -> AccountHierarchy.Finding {
            AccountHierarchy(parent: "all", value: 100, parts: parts, unit: "t").finding
        }
        #expect(finding([("a", 60), ("b", 41)]) == .agrees)
        #expect(finding([("a", 60), ("b", nil)]) == .incomplete)
        #expect(finding([("a", 60), ("b", 10)]) == .partsFallShort)
        #expect(finding([("a", 160), ("b", nil)]) == .partsExceed)
    }
}
