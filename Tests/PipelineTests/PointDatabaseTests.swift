import Formats
import Foundation
import Pipeline
import Quantities
import Report
import TestSupport
import Testing

/// A catalogue of point sources as a database of T5.
@Suite struct PointDatabaseTests {
    private static func feature(_ code: String, _ west: Int) -> String {
        let east = west + 2
        let ring = "[[\(west),30],[\(east),30],[\(east),32],[\(west),32],[\(west),30]]"
        return """
            {"type":"Feature","properties":{"name_en":"\(code) land","name_zh":"\(code)地","code":"\(code)"},
            "geometry":{"type":"Polygon","coordinates":[\(ring)]}}
            """
    }

    private func report(_ points: String, _ further: String = "") throws -> VerificationReport {
        try CaseScene(
            """
            unit: { en: "kt/yr", zh: "千吨/年" },
            databases: [{ key: "plants", name: "Plants", credit: "c", file: "plants.csv", year: 2020,
              factor: 1e-3, relative_sigma: 0.1, points: { \(points) }, \(further) }]
            """,
            tables: [
                "plants.csv": """
                ID,ISO3,fuel,longitude,latitude,co2_emis_ty
                in,CHN,coal,111,31,100000
                near,CHN,coal,112.1,31,10000
                other,CHN,coal,114,31,5000
                far,CHN,coal,120,31,1000

                """,
                "regions.geojson":
                    #"{"type":"FeatureCollection","features":[\#(Self.feature("A", 110)),\#(Self.feature("B", 113))]}"#,
                "better.csv": "id,region\nnear,B\n",
            ]
        ).report()
    }

    private func values(_ report: VerificationReport) throws -> [String: Double] {
        let rows = try #require(report.content.databases).regions
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.name.chinese, $0.values[0]?.mean ?? .nan) })
    }

    @Test func pointsCountToTheirRegions() throws {
        let report = try report(#"regions: "regions.geojson""#)
        let found = try values(report)
        #expect(found["A地"] == 110 && found["B地"] == 5 && found["未归属"] == 1)
        let sum = try #require(report.content.databases?.regions.last { $0.isSum }?.values[0])
        #expect(abs(sum.mean - 116) < 1e-9 && abs(sum.standardDeviation - 11.6) < 1e-9)
        #expect(
            report.caveats.contains {
                $0.english.contains("of 4 point sources 1 (10.0 kt/yr) lie outside every outline")
                    && $0.english.contains("within 60.0 km; 1 (1.0 kt/yr) count to none")
                    && $0.chinese.contains("1个（1.0 千吨/年）未计入任何区域")
            }
        )
        #expect(report.provenance.inputs.contains { $0.name == "regions.geojson" })
    }

    @Test func reachAndOverridesArePartOfTheCase() throws {
        let short = try values(try report(#"regions: "regions.geojson", reach_km: 5"#))
        #expect(short["A地"] == 100 && short["未归属"] == 11)
        let better = try values(try report(#"regions: "regions.geojson", overrides: "better.csv""#))
        #expect(better["A地"] == 100 && better["B地"] == 15)
    }

    @Test func keysOfTablesHaveNoMeaningBesidePoints() {
        for (points, further, words) in [
            (#"regions: "regions.geojson""#, #"region_column: "x""#, "no meaning beside `points`"),
            (#"regions: "regions.geojson", reach_km: -1"#, "", "0...1000"), (#"reach_km: 1"#, "", "regions"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try report(points, further) }
            #expect(error?.line.contains(words) == true, "\(error?.line ?? "")")
        }
    }
}
