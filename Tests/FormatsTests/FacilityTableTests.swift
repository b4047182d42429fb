import Formats
import Foundation
import Inventory
import Quantities
import TestSupport
import Testing
import Verification

@Suite struct FacilityTableTests {
    private static let header = "facility,time,source,unit,found,found_sigma,declared,declared_sigma"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func table(_ rows: [String], header: String = header) throws -> FacilityTable {
        let file = folder.file("r.csv")
        try ([header] + rows).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        return try FacilityTable(csvFile: file.path)
    }

    private func refusal(_ rows: [String], header: String = header) -> TableError? {
        #expect(throws: TableError.self) { _ = try table(rows, header: header) }
    }

    @Test func rowsBecomeResidualsWithTheirPlace() throws {
        let read = try table(
            [
                "Plant,2021-01-01T05:00:00Z,CO2M,Mt/yr,13,3,10,4,电厂,overpass,,yes,x",
                "Mine,2021-01-01T00:00:00Z,HFD,kt/yr,1,1,2,0,,station_day,good,no,x",
                "Plant,2021-01-02T05:00:00Z,CO2M,Mt/yr,13,3,10,4,,,suspect,,x",
                "Plant,2021-01-03T05:00:00Z,CO2M,Mt/yr,,,10,4,,,,,x",
            ],
            header: Self.header + ",facility_zh,kind,quality,metered,remark"
        )
        #expect(read.facilities.map(\.facility.chinese) == ["电厂", "Mine"])
        let metered = read.facilities.map { $0.evidence.map(\.figures?.isMetered) }
        #expect(metered == [[true], [false]] && read.blank == 1 && read.exactDeclared == 1)
        #expect(read.facilities.map(\.failed) == [1, 0])
        let evidence = try #require(read.facilities[0].evidence.first)
        #expect(evidence.residual == Estimate(mean: 3, standardDeviation: 5) && evidence.kind == .overpass)
        #expect(evidence.figures?.zScore == 0.6 && evidence.origin?.line == 2)
        #expect(evidence.origin?.file == "r.csv" && evidence.origin?.sha256 == read.origin.sha256)
        #expect(read.origin.sha256 == (try SHA256.hexDigest(ofFile: folder.file("r.csv").path)))
        #expect(read.facilities[1].evidence.map(\.kind) == [.stationDay])
        #expect(read.facilities[1].evidence[0].residual == Estimate(mean: -1, standardDeviation: 1))
    }

    private static let bad: [(row: String, column: String)] = [
        ("P,2021-01-01T05:00:00Z,s,t,1,nan,1,1", "found_sigma"),
        ("P,2021-01-01T05:00:00Z,s,t,1,0,1,1", "found_sigma"),
        ("P,2021-01-01T05:00:00Z,s,t,1,-2,1,1", "found_sigma"),
        ("P,2021-01-01T05:00:00Z,s,t,inf,1,1,1", "found"),
        ("P,2021-01-01T05:00:00Z,s,t,1,1,,1", "declared"),
        ("P,2021-01-01T05:00:00Z,s,t,1,1,1,", "declared_sigma"),
        ("P,2021-01-01T05:00:00Z,s,t,1,1,1,-1", "declared_sigma"), ("P,2021-01-01 05:00,s,t,1,1,1,1", "time"),
        ("P,,s,t,1,1,1,1", "time"), (",2021-01-01T05:00:00Z,s,t,1,1,1,1", "facility"),
        ("P,2021-01-01T05:00:00Z,,t,1,1,1,1", "source"), ("P,2021-01-01T05:00:00Z,s,,1,1,1,1", "unit"),
        ("P,2021-01-01T05:00:00Z,s,t,1e300,1,1,1", "found"),
        ("P,2021-01-01T05:00:00Z,s,t,1,1e-320,1,0", "found_sigma"),
        ("P,2021-01-01T05:00:00Z,s,t,1,1e200,1,1", "found_sigma"),
        ("P,2021-01-01T05:00:00Z,s,t,1,2e6,1,1", "found_sigma"),
        ("P,2021-01-01T05:00:00Z,s,t,5,1e-9,1,1", "found_sigma"),
        ("P,2021-01-01T05:00:00Z,s,t,5,1,5,1e19", "declared_sigma"),
    ]

    @Test(arguments: bad.indices)
    func badRowsAreNamed(index: Int) {
        let error = refusal([Self.bad[index].row])
        #expect(error?.at.line == 2 && error?.at.column == Self.bad[index].column, "\(error?.line ?? "")")
        #expect(error?.exitStatus == .badData)
    }

    @Test func oneObservationStandsOnce() throws {
        let row = "P,2021-01-01T05:00:00Z,s,t,1,1,1,1"
        let error = refusal([row, "P,2021-01-01T06:00:00+01:00,s,t,2,1,1,1"])
        #expect(error?.at.line == 3 && error?.what.contains("first in line 2") == true)
        let others = ["Q,2021-01-01T05:00:00Z,s,t,1,1,1,1", "P,2021-01-01T05:00:00Z,r,t,1,1,1,1"]
        #expect(try table([row] + others).facilities.map(\.evidence.count) == [2, 1])
    }

    @Test func aFacilityHasOneUnitAndKnownWords() {
        let mixed = refusal(["P,2021-01-01T05:00:00Z,s,t,1,1,1,1", "P,2021-01-02T05:00:00Z,s,kt,1,1,1,1"])
        #expect(mixed?.at.column == "unit")
        for (column, word) in [("kind", "flight"), ("quality", "fine"), ("metered", "maybe")] {
            let error = refusal(
                ["P,2021-01-01T05:00:00Z,s,t,1,1,1,1,\(word)"],
                header: Self.header + ",\(column)"
            )
            #expect(error?.at.column == column && error?.what.contains(word) == true)
        }
    }

    @Test func faultsOfTheFile() throws {
        #expect(refusal([])?.what == "the table has no rows")
        #expect(refusal(["1,2"], header: "facility,time")?.what.contains("found_sigma") == true)
        #expect(throws: TableError(.noSuchFile, at: .init(file: "none.csv"))) {
            _ = try FacilityTable(csvFile: "none.csv")
        }
    }
}
