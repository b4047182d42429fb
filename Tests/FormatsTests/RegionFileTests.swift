import Formats
import Foundation
import Geo
import Quantities
import TestSupport
import Testing

@Suite struct RegionFileTests {
    private static let square = "[[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]"

    private func parse(_ text: String) throws -> RegionSet {
        try RegionFile.parse(Array(text.utf8), file: "a/b.geojson")
    }

    private func feature(_ properties: String, _ geometry: String) -> String {
        #"{"type": "Feature", "id": 7, "properties": \#(properties), "geometry": \#(geometry)}"#
    }

    private func collection(_ features: String..., head: String = "") -> String {
        #"{"type": "FeatureCollection", \#(head) "features": [\#(features.joined(separator: ","))]}"#
    }

    private func polygon(_ coordinates: String) -> String {
        #"{"type": "Polygon", "coordinates": \#(coordinates)}"#
    }

    @Test func aCollectionWithItsNamesAndItsApproval() throws {
        let both = #"{"name": "甘肃省", "name_en": "Gansu", "name_zh": "甘肃省", "adcode": 620000}"#
        let head =
            #""name": {"en": "Provinces", "zh": "省"}, "map_approval": "GS(2024)0650", "source": "a survey","#
        let several =
            #"{"type": "MultiPolygon", "coordinates": [\#(Self.square), [[[5,5],[6,5],[6,6],[5,5]]]]}"#
        let set = try parse(
            collection(feature(both, polygon(Self.square)), feature("null", several), head: head)
        )
        #expect(set.name == LocalizedName(english: "Provinces", chinese: "省"))
        #expect(set.mapApproval == "GS(2024)0650")
        #expect(set.provenance == "a survey")
        #expect(set.regions.map(\.name.english) == ["Gansu", "b 2"])
        #expect(set.regions.map(\.name.chinese) == ["甘肃省", "b 2"])
        #expect(set.regions.map(\.code) == ["620000", "7"])
        #expect(set.regions.map(\.polygons.count) == [1, 2])
    }

    @Test func aGeometryAloneIsARegion() throws {
        let set = try parse(polygon(Self.square))
        #expect(set.regions.map(\.name.english) == ["b"])
        let heights = "[[[0, 0, 5], [2, 0, 5], [2, 2, 5], [0, 0, 5]]]"
        #expect(try parse(feature("{}", polygon(heights))).regions.count == 1)
    }

    struct Bad: Sendable {
        let geometry: String
        let words: String
    }

    static let bad = [
        Bad(geometry: "null", words: "no geometry"),
        Bad(geometry: #"{"type": "Point", "coordinates": [1, 2]}"#, words: "`Point` is no polygon"),
        Bad(geometry: #"{"type": "Polygon", "coordinates": 3}"#, words: "no arrays"),
        Bad(geometry: #"{"type": "Polygon", "coordinates": []}"#, words: "fewer than three"),
        Bad(
            geometry: #"{"type": "Polygon", "coordinates": [[[0,0],[1,0],["x",1],[0,0]]]}"#,
            words: "pair of numbers"
        ),
        Bad(
            geometry: #"{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,1]]]}"#,
            words: "end where it begins"
        ),
        Bad(
            geometry: #"{"type": "Polygon", "coordinates": [[[0,0],[4,3],[4,0],[0,2],[0,0]]]}"#,
            words: "cross"
        ),
        Bad(
            geometry: #"{"type": "Polygon", "coordinates": [[[4e5,4e6],[5e5,4e6],[5e5,5e6],[4e5,4e6]]]}"#,
            words: "no longitude and latitude"
        ),
    ]

    @Test(arguments: bad) func aBadGeometryIsRefusedWithTheNameOfItsFeature(bad: Bad) throws {
        let text = collection(
            feature("{}", polygon(Self.square)),
            feature(#"{"NAME_1": "Ost"}"#, bad.geometry)
        )
        let error = try #require(throws: RegionFileError.self) { try parse(text) }
        #expect(error.line.contains("a/b.geojson, `Ost` (feature 2)"), "\(error.line)")
        #expect(error.what.contains(bad.words), "\(error.line)")
        #expect(error.exitStatus == .badData)
    }

    @Test(arguments: [
        ("{", "not JSON"), ("[]", "not GeoJSON"), (#"{"type": "FeatureCollection"}"#, "features"),
        (#"{"type": "FeatureCollection", "features": []}"#, "no regions"),
        (
            #"{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:3857"}}, "features": []}"#,
            "EPSG:3857"
        ),
    ])
    func aFileThatIsNoneIsRefused(text: String, words: String) throws {
        let error = try #require(throws: RegionFileError.self) { try parse(text) }
        #expect(error.what.contains(words), "\(error.line)")
    }

    @Test func anAbsentFileIsNamed() throws {
        let error = try #require(throws: RegionFileError.self) { try RegionFile.read("nowhere.geojson") }
        #expect(error.exitStatus == .missingInput)
    }

    private static let outlines = ["china", "usa"].compactMap {
        Places.shared("inventory/natural_earth/ne_50m_admin1_\($0).geojson")
    }

    /// Real outlines: parts across the antimeridian, holes, shared borders.
    @Test(.enabled(if: outlines.count == 2)) func realOutlinesAreReadAndTile() throws {
        for (outline, count) in zip(Self.outlines, [31, 51]) {
            let set = try RegionFile.read(outline.path)
            #expect(set.regions.count == count)
            let box = try #require(BoundingBox(west: -180, south: -10, east: 180, north: 80))
            let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 0.5))
            let fractions = RegionFractions(set, on: grid)
            var sums = [Double](repeating: 0, count: grid.cellCount)
            for (region, found) in zip(set.regions, fractions.regions) {
                var area = 0.0
                for (cell, part) in zip(found.cells, found.fractions) {
                    sums[Int(cell)] += part
                    area += part * grid.cellAreaSquareMetres(row: Int(cell) / grid.columns)
                }
                #expect(abs(area / region.areaSquareMetres - 1) < 5e-3, "\(region.name.english)")
            }
            #expect(sums.allSatisfy { $0 < 1 + 1e-3 })
        }
    }

    @Test(.enabled(if: outlines.count == 2)) func knownAreas() throws {
        let set = try RegionFile.read(Self.outlines[0].path)
        // Statistical yearbook, km2; the outlines are coarse.
        for (name, area) in [("Gansu", 425_800.0), ("Sichuan", 486_000), ("Hainan", 33_900)] {
            let region = try #require(set.regions.first { $0.name.english == name })
            #expect(abs(region.areaSquareMetres / 1e6 / area - 1) < 0.08, "\(name)")
        }
    }
}
