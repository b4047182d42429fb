import Foundation
import Pipeline
import Quantities
import Report
import TestSupport
import Testing

/// What gave a report in silence, or an error that did not help.
@Suite struct BadCaseTests {
    private static func database(_ more: String = "", key: String = "one") -> String {
        """
        { key: "\(key)", name: "One", credit: "c", file: "one.csv", region_column: "region", \(more)
          year_column: "year", year: 2020, value_column: "mt" }
        """
    }

    private static func databases(_ more: String = "") -> String {
        #"unit: "Mt/yr", databases: [\#(database(more))]"#
    }

    private func problem(_ report: String, _ tables: [String: String], head: String = "") -> String {
        let error = #expect(throws: (any Error).self) {
            try CaseScene(report, head: head, tables: tables).report()
        }
        guard let fault = error as? any Fault else { return "" }
        return "\(fault.what): \(fault.place); \(fault.remedy)"
    }

    @Test(arguments: [
        ("factor: 0,", "must be positive"), ("factor: -1,", "must be positive"),
        ("relative_sigma: 20,", "is a share, 0.2 for 20 %"),
        (#"relative_sigma: 0.2, sigma_column: "s","#, "stands beside sigma_column"),
        (#"sigma_column: "s","#, "a standard uncertainty below zero"),
        (#"only: { column: "region", is: "z" },"#, "no row passes the filter"),
    ])
    func databasesAreChecked(_ more: String, _ expected: String) {
        let table = "region,year,mt,s\na,2020,10,-1\nb,2020,20,1\n"
        let text = problem(Self.databases(more), ["one.csv": table])
        #expect(text.contains(expected), "\(text)")
    }

    @Test func tablesOfDatabasesAreChecked() {
        let two = #"unit: "Mt", databases: [\#(Self.database()), \#(Self.database())]"#
        #expect(problem(two, ["one.csv": "region,year,mt\na,2020,1\n"]).contains("names a second database"))
        let unit = "databases: [\(Self.database())]"
        #expect(problem(unit, ["one.csv": "region,year,mt\na,2020,1\n"]).contains("report.unit"))
        let blank = problem(Self.databases(), ["one.csv": "region,year,mt\n ,2020,10\n"])
        #expect(blank.contains("a row without a region") && blank.contains("line 2"))
        let year = problem(Self.databases(), ["one.csv": "region,year,mt\na,2018,1\nb,2019,1\n"])
        #expect(year.contains("no row of 2020 in the database `One`") && year.contains("2018, 2019"))
    }

    @Test(arguments: [
        ("name,name_zh\na,甲\nb,乙\na,丙\n", "line 4", "`a` stands for a region in line 2"),
        ("name,code\na,1\nb,1\n", "line 3", "`1` stands for a region in line 2"),
    ])
    func aRegionNamedTwiceIsRefused(_ names: String, _ line: String, _ expected: String) {
        let tables = ["one.csv": "region,year,mt\na,2020,1\n", "names.csv": names]
        let text = problem(#"\#(Self.databases()), regions: "names.csv""#, tables)
        #expect(text.contains(expected) && text.contains("names.csv, \(line)"), "\(text)")
    }

    @Test func aCaseThatReportsNothingIsRefused() {
        #expect(problem("", [:]).contains("names nothing to read"))
        let vary = #"\#(Self.databases()), vary: { prior: [1, 2] }"#
        #expect(
            problem(vary, ["one.csv": "region,year,mt\na,2020,1\n"]).contains("`crosswind run` solves one")
        )
    }

    @Test(arguments: [
        ("2030,1,2,3,4,5,0.9\n2031,1,2,3,4,5,0.9\n", "add up to more than 1"),
        ("2030,1,2,3,4,5,0\n2030,1,2,3,4,5,0\n", "the years do not ascend"),
        ("2030,1,2,3,4,5,0\n2029,1,2,3,4,5,0\n", "the years do not ascend"),
    ])
    func scenariosAreChecked(_ rows: String, _ expected: String) {
        let table = "year,q05,q25,q50,q75,q95,peak_probability\n" + rows
        let text = problem(#"scenario: { file: "s.csv", name: "s", unit: "Mt" }"#, ["s.csv": table])
        #expect(text.contains(expected) && text.contains("s.csv, line 3"), "\(text)")
    }

    @Test(arguments: [
        ("2015,0,2010,18,2014,9,", "not after the base year"),
        ("2015,0,2020,18,2014,9,", "before the base year"),
        ("2015,18,2020,18,2020,9,", "no way to go"), ("2015,0,2020,18,2020,9,0.7", "give 0.5"),
        ("2015,0,2020,,2020,9,", "a target without a value"),
    ])
    func targetsAreChecked(_ row: String, _ expected: String) {
        let header =
            "indicator,region,kind,unit,source,base_year,base,target_year,target,actual_year,actual,progress\n"
        let text = problem(#"targets: "t.csv""#, ["t.csv": header + "i,r,total,Mt,s,\(row)\n"])
        #expect(text.contains(expected) && text.contains("t.csv, line 2"), "\(text)")
    }

    private static func points(_ step: String) -> String {
        #"points: { file: "p.csv", credit: "c", value_column: "v", step: \#(step), name: "n", unit: "t" }"#
    }

    private static let map = #"map: { box: [0, 40, 20, 60], boundary_credit: "b" },"#

    @Test func pointsAreOnEarthAndCounted() throws {
        let bad = ["p.csv": "longitude,latitude,v\n10,50,1\n500,95,1\n"]
        #expect(problem(Self.points("1"), bad, head: Self.map).contains("no place on Earth"))
        let good = ["p.csv": "longitude,latitude,v\n10,50,1\n-10,50,1\n,,1\n"]
        #expect(problem(Self.points("0.0001"), good, head: Self.map).contains("more than 250000 cells"))
        let report = try CaseScene(Self.points("1"), head: Self.map, tables: good).report()
        #expect(report.caveats.map(\.english).contains { $0.hasPrefix("2 of 3 points lie outside") })
    }

    @Test func eachKindOfCaseNamesTheOtherVerb() throws {
        #expect(problem("", [:], head: "inversion: {},").contains("`crosswind run CASE.json5`"))
        let scene = try CaseScene(Self.databases(), tables: ["one.csv": "region,year,mt\na,2020,1\n"])
        let error = #expect(throws: (any Error).self) { try CaseFile.read(scene.path("case.json5")) }
        #expect((error as? any Fault)?.what.contains("`crosswind verify CASE.json5 --report DIR`") == true)
    }
}
