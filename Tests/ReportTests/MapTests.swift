import Geo
import Quantities
import TestSupport
import Testing

@testable import Report

@Suite struct MapTests {
    private func frame(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> MapFrame {
        MapFrame(box: valid(BoundingBox(west: west, south: south, east: east, north: north)))
    }

    /// The scale bar, laid along the middle parallel, spans what it says on the sphere.
    @Test(arguments: [
        (-14.0, 45.0, 16.0, 62.0), (11, 49, 17, 54), (113, 22, 114.5, 23.2), (170, -50, -175, -30),
    ])
    func scaleBarIsTrueAtTheMiddleLatitude(box: (Double, Double, Double, Double)) throws {
        let frame = frame(box.0, box.1, box.2, box.3)
        let kilometres = frame.scaleKilometres
        // A short step along the parallel, as a great circle between distant points would cut the corner.
        let stepDegrees = 0.01
        let a = try #require(Position(longitude: 0, latitude: frame.middleLatitude))
        let b = try #require(Position(longitude: stepDegrees, latitude: frame.middleLatitude))
        let kilometresPerDegree = a.distanceMetres(to: b) / 1000 / stepDegrees
        let shown = kilometres / kilometresPerDegree * frame.pixelsPerDegreeLongitude
        let bar = try #require(
            frame.scaleBar(ReportContext(language: .english)).markup.split(separator: "v6h").last
        )
        let drawn = try #require(Double(bar.prefix { $0 != "v" }))
        #expect(abs(drawn - shown) <= 0.06)
        #expect(drawn <= frame.width / 4 + 0.1)
        #expect(drawn >= frame.width / 12)
    }

    @Test func degreesOfLongitudeShrinkWithTheCosineOfTheMiddleLatitude() {
        let frame = frame(0, 50, 20, 70)
        #expect(abs(frame.pixelsPerDegreeLongitude / frame.pixelsPerDegreeLatitude - 0.5) < 1e-12)
    }

    @Test func mapsAcrossTheAntimeridianAreOnePiece() throws {
        let frame = frame(170, -50, -170, -30)
        #expect(frame.spanLongitude == 20)
        #expect(frame.x(-175) > frame.x(175))
        let grid = try #require(
            LatitudeLongitudeGrid(
                latitude: UniformAxis(origin: -90, step: 2, count: 90)!,
                longitude: UniformAxis(origin: -180, step: 2, count: 180)!
            )
        )
        let window = try #require(GridWindow(.longitudeLatitude(grid), in: frame))
        #expect((window.rows, window.columns) == (10, 10))
        // From 170 to 180 the last five columns of the grid, then its first five from -180 on.
        let columns = (0..<10).map { window.cell(row: 0, column: $0).map { $0 % 180 } }
        #expect(columns == [175, 176, 177, 178, 179, 0, 1, 2, 3, 4])
        #expect(window.cell(row: 0, column: 0) == 29 * 180 + 175)
    }

    @Test func gridsElsewhereAreNotDrawn() {
        #expect(
            GridWindow(
                .longitudeLatitude(SampleReport.grid(columns: 4, rows: 4, step: 1)),
                in: frame(100, -10, 120, 10)
            ) == nil
        )
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func labelsDoNotOverlap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var placer = LabelPlacer(bounds: .init(x: 0, y: 0, width: 700, height: 500))
        var placed: [LabelPlacer.Rectangle] = []
        for _ in 0..<60 {
            let place = placer.place(
                width: 30 + 90 * random.uniform(),
                height: 15,
                x: 700 * random.uniform(),
                y: 500 * random.uniform(),
                clearance: 8,
                isCentred: random.uniform() < 0.5
            )
            if let place { placed.append(place.rectangle) }
        }
        #expect(placed.count > 40)
        for (index, rectangle) in placed.enumerated() {
            #expect(rectangle.isInside(.init(x: 0, y: 0, width: 700, height: 500)))
            #expect(!placed.dropFirst(index + 1).contains(where: rectangle.overlaps))
        }
    }

    @Test func nameOfARegionStandsInsideIt() {
        // A ring: its mean lies in the hole.
        let regions = (0..<81).map { cell -> Int32? in
            let (row, column) = (cell / 9, cell % 9)
            return (3...5).contains(row) && (3...5).contains(column) ? 0 : 1
        }
        let centre = RegionCentre.find(1, in: regions, rows: 9, columns: 9)
        #expect(centre.map { regions[$0.row * 9 + $0.column] } == 1)
        #expect(
            RegionCentre.find(0, in: regions, rows: 9, columns: 9).map { [$0.row, $0.column] } == [4, 4]
        )
        #expect(RegionCentre.find(7, in: regions, rows: 9, columns: 9) == nil)
    }

    @Test func degreesAreNamedBySide() {
        let text = frame(-10, -10, 10, 10).graticule.markup
        for label in [">5°W<", ">0°<", ">5°E<", ">5°N<", ">5°S<"] {
            #expect(text.contains(label), "\(label)")
        }
    }
}
