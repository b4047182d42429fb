import Formats
import Foundation
import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

/// Grids in the plane of a projection, from their definition to what is written.
@Suite struct ProjectedGridTests {
    static func grid(_ projection: String, x: ClosedRange<Int>, y: ClosedRange<Int>, step: Int) throws
        -> CellGrid
    {
        let folder = try TemporaryFolder()
        let file = folder.file("grid.json")
        let text = """
            {name: "x", projection: "\(projection)", x: {from: \(x.lowerBound), to: \(x.upperBound)},
             y: {from: \(y.lowerBound), to: \(y.upperBound)}, step_metres: \(step)}
            """
        try Data(text.utf8).write(to: file)
        return try GridDefinition(json5File: file.path).grid
    }

    @Test(arguments: [
        #"projection: "EPSG:9999999", x: {from: 0, to: 10}, y: {from: 0, to: 10}, step_metres: 1"#,
        #"projection: "EPSG:4326", x: {from: 0, to: 10}, y: {from: 0, to: 10}, step_metres: 1"#,
        #"projection: "EPSG:27700", x: {from: 0, to: 10}, y: {from: 0, to: 10}, step_metres: 1"#,
        #"projection: "EPSG:32650", x: {from: 0, to: 10}, y: {from: 0, to: 10}, step_metres: 3"#,
        #"projection: "EPSG:32650", x: {from: 10, to: 0}, y: {from: 0, to: 10}, step_metres: 1"#,
        #"projection: "EPSG:32650", x: {from: 0, to: 1e7}, y: {from: 0, to: 1e7}, step_metres: 1000"#,
        #"projection: "EPSG:32650", x: {from: 0, to: 10}, y: {from: 0, to: 10}, step_degrees: 1"#,
        #"projection: "EPSG:32650", x: {from: 0, to: 10}, y: {from: 0, to: 10}"#,
        #"projection: "EPSG:3035", x: {from: 1e7, to: 3e7}, y: {from: 0, to: 2e7}, step_metres: 1e6"#,
        // Half the globe away from the zone.
        #"projection: "EPSG:32650", x: {from: 0, to: 1e5}, y: {from: -4e6, to: -3e6}, step_metres: 1e4"#,
        #"box: {west: 0, south: 0, east: 10, north: 10}, step_degrees: 1, x: {from: 0, to: 10}"#,
    ])
    func badDefinitionsNameTheirKey(text: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("grid.json")
        try Data(("{name: \"x\", " + text + "}").utf8).write(to: file)
        let error = #expect(throws: ConfigurationError.self) { try GridDefinition(json5File: file.path) }
        #expect(error?.place.contains("grid.json") == true)
    }

    /// The transverse Mercator by hand on its meridian: 39 degrees north is 4,318,471.44... m along WGS 84's meridian,
    /// times 0.9996.
    @Test func theCentreOfACellLiesWhereTheZoneSays() throws {
        let grid = try Self.grid("EPSG:32650", x: 495_000...505_000, y: 4_420_000...4_430_000, step: 10_000)
        let centre = grid.centres(of: [0])
        #expect(abs(centre.longitudes[0] - 117) < 1e-10)
        let metres = Meridian.metres(to: centre.latitudes[0]) * 0.9996
        #expect(abs(metres - 4_425_000) < 1e-3)
        #expect(grid.cells(holding: centre) == [0])
        // On the middle meridian lengths are 0.9996 of the true ones.
        #expect(abs(grid.areasSquareMetres(of: [0])[0] / (1e8 / 0.9996 / 0.9996) - 1) < 1e-6)
    }

    @Test(arguments: [
        "EPSG:6931", "ESRI:102025", "EPSG:6933", "+proj=laea +lat_0=35 +lon_0=105 +datum=WGS84",
        "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84",
    ])
    func cellsOfEqualAreaProjectionsAreEqual(_ projection: String) throws {
        let grid = try Self.grid(projection, x: -200_000...200_000, y: 3_000_000...3_400_000, step: 20_000)
        for area in grid.areasSquareMetres(of: Array(stride(from: 0, to: 400, by: 7))) {
            #expect(abs(area / 4e8 - 1) < 1e-8, "\(area)")
        }
    }

    /// What a footprint adds to cells of equal area is its own area on the ellipsoid.
    @Test func polygonsKeepTheirArea() throws {
        let grid = try Self.grid(
            "EPSG:6931",
            x: -4_000_000...4_000_000,
            y: -4_000_000...4_000_000,
            step: 5000
        )
        let plan = GriddingPlan(grid: grid, method: .polygon, weighting: .area, withProfiles: false)
        var random = SeededGenerator(seed: 3)
        var batch = SoundingBatch(product: "made", gas: .co2, scale: .co2X2019, levels: 0)
        var areas: [Double] = []
        for index in 0..<50 {
            let (x, y) = (360 * random.uniform() - 180, 60 + 20 * random.uniform())
            let corners = [(-0.02, -0.01), (0.02, -0.008), (0.021, 0.012), (-0.018, 0.01)]
                .map { SIMD2(x + $0.0 * 5, y + $0.1 * 5) }
            batch.ids.append(UInt64(index))
            batch.times.append(Instant(microseconds: 1_600_000_000_000_000))
            batch.longitudes.append(x)
            batch.latitudes.append(y)
            batch.columns.append(400)
            batch.uncertainties.append(1)
            batch.priorColumns.append(400)
            batch.cornerLongitudes += corners.map(\.x)
            batch.cornerLatitudes += corners.map(\.y)
            let ring = try RegionRing(closed: corners + [corners[0]])
            areas.append(
                try Region(name: "f", polygons: [RegionPolygon(outline: ring)]).ellipsoidAreaSquareMetres
            )
        }
        let block = place(batch, plan)
        try #require(block.soundings.count == 50)
        var start = 0
        for (index, end) in block.ends.enumerated() {
            let sum = block.overlaps[start..<Int(end)].reduce(0, +) * 2.5e7
            #expect(abs(sum / areas[index] - 1) < 5e-5, "\(sum / areas[index])")
            start = Int(end)
        }
    }

    /// The real days, fine cells of a projection against fine cells of longitude and latitude, over one region.
    @Test func fineGridsAgreeOnTheMeanOfARegion() async throws {
        let box = try #require(BoundingBox(west: 100, south: 20, east: 140, north: 50))
        let flat = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 0.05))
        let projected = try Self.grid(
            "+proj=laea +lat_0=35 +lon_0=120 +datum=WGS84",
            x: -2_200_000...2_200_000,
            y: -1_800_000...1_900_000,
            step: 5000
        )
        let corners = [(105.0, 24.0), (135, 24), (135, 46), (105, 46), (105, 24)].map { SIMD2($0.0, $0.1) }
        let outline = RegionPolygon(outline: try RegionRing(closed: corners))
        let set = RegionSet(name: "set", regions: [try Region(name: "box", polygons: [outline])])
        var means: [RegionMean] = []
        for grid in [.longitudeLatitude(flat), projected] {
            let plan = GriddingPlan(grid: grid, method: .centre, weighting: .equal, withProfiles: false)
            var sums = FileSums(plan)
            for path in [SatelliteFiles.first, SatelliteFiles.second] {
                try sums.add(place(try await SoundingFile.open(path).readAll(), plan))
            }
            let columns = try #require(sums.columns().first)
            means.append(columns.regionMeans(RegionFractions(set, on: grid))[0])
        }
        #expect(means[0].soundingsByCell == means[1].soundingsByCell && means[0].soundingsByCell > 5)
        let (one, other) = (try #require(means[0].column), try #require(means[1].column))
        // Cells of one sounding each; those of longitude and latitude weigh by the cosine of their latitude.
        #expect(abs(one.mean - other.mean) < 0.1)
    }

    /// A picture in the projection, a table with both kinds of places, and maps.
    @Test(.enabled(if: Rasterio.isInstalled)) func gdalKnowsTheProjection() async throws {
        let folder = try TemporaryFolder()
        let cases = [
            ("EPSG:3035", 2_500_000...7_500_000, 1_000_000...5_500_000, "EPSG:3035"),
            (
                "+proj=aea +lat_1=25 +lat_2=47 +lon_0=70 +datum=WGS84", -2_500_000...2_500_000,
                2_000_000...6_000_000,
                "Albers"
            ),
        ]
        for (projection, x, y, expected) in cases {
            let product = try await Self.product(try Self.grid(projection, x: x, y: y, step: 50_000))
            let path = folder.file("days.tif").path
            try Level3Raster.write(product, to: path)
            let script = """
                import rasterio, sys
                with rasterio.open(sys.argv[1]) as f: print(f.crs.to_wkt()); print(f.crs); print(*f.bounds)
                """
            let run = try await ProgramRun.run(Rasterio.python, ["python3", "-c", script, path])
            #expect(run.standardOutput.contains(expected), "\(run.standardOutput)\(run.standardError)")
            let bounds = [x.lowerBound, y.lowerBound, x.upperBound, y.upperBound].map { "\(Double($0))" }
            #expect(run.standardOutput.contains(bounds.joined(separator: " ")))
            let table = folder.file("days.csv").path
            try Level3Table.write(product, to: table)
            let lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("x,y,latitude,longitude,window_start") })
        }
    }

    static func product(_ grid: CellGrid, withProfiles: Bool = false) async throws -> Level3Product {
        let plan = GriddingPlan(grid: grid, withProfiles: withProfiles)
        var sums = FileSums(plan)
        var inputs: [FileProvenance.Input] = []
        for path in [SatelliteFiles.first, SatelliteFiles.second] {
            try sums.add(place(try await SoundingFile.open(path).readAll(), plan))
            inputs.append(try FileProvenance.Input(ofFile: path))
        }
        let provenance = FileProvenance(
            command: "crosswind grid",
            configuration: "grid=test",
            seed: nil,
            inputs: inputs,
            created: Instant(CivilTime(year: 2026, month: 1, day: 1))
        )
        return try #require(
            Level3Product(
                sums.columns(),
                tally: sums.tally,
                provenance: provenance,
                publication: Level3Products.publication
            )
        )
    }
}

/// Lengths along a meridian of WGS 84 by the rule of Simpson.
private enum Meridian {
    static func metres(to latitude: Double) -> Double {
        let (a, e2, parts) = (6_378_137.0, 0.006_694_379_990_141_317, 2000)
        let step = latitude * .pi / 180 / Double(parts)
        var sum = 0.0
        for part in 0...parts {
            let sine = sin(Double(part) * step)
            let weight = part == 0 || part == parts ? 1.0 : part % 2 == 0 ? 2 : 4
            sum += weight * a * (1 - e2) / pow(1 - e2 * sine * sine, 1.5)
        }
        return sum * step / 3
    }
}
