import Geo
import Testing

@Suite struct PositionTests {
    @Test(arguments: [(-181.0, 0.0), (361, 0), (0, 90.01), (0, -90.01), (.nan, 0), (0, .nan)])
    func impossiblePlacesAreRefused(longitude: Double, latitude: Double) {
        #expect(Position(longitude: longitude, latitude: latitude) == nil)
    }

    @Test func longitudesComeTo180() throws {
        #expect(try #require(Position(longitude: 190, latitude: 0)).longitude == -170)
        #expect(try #require(Position(longitude: 180, latitude: 0)).longitude == -180)
        #expect(Position(longitude: 0, latitude: 0, altitudeMetres: .nan) == nil)
    }

    @Test func distances() throws {
        let pole = try #require(Position(longitude: 0, latitude: 90))
        let equator = try #require(Position(longitude: 77, latitude: 0))
        let antipode = try #require(Position(longitude: -103, latitude: 0))
        let quarter = Earth.meanRadiusMetres * Double.pi / 2
        #expect(abs(pole.distanceMetres(to: equator) / quarter - 1) < 1e-12)
        #expect(abs(equator.distanceMetres(to: antipode) / quarter - 2) < 1e-12)
        #expect(equator.distanceMetres(to: equator) == 0)
    }

    @Test(arguments: [
        (170.0, -170.0, 175.0, true), (170, -170, -175, true), (170, -170, 0, false), (350, 10, 355, true),
        (350, 10, 5, true), (350, 10, -100, false), (350, 10, 100, false), (-10, 10, 0, true),
        (0, 360, -90, true), (100, 260, -120, true), (100, 260, -90, false),
    ])
    func boxesRoundTheCircle(west: Double, east: Double, longitude: Double, isInside: Bool) throws {
        let box = try #require(BoundingBox(west: west, south: -5, east: east, north: 5))
        #expect(box.contains(try #require(Position(longitude: longitude, latitude: 0))) == isInside)
        #expect(!box.contains(try #require(Position(longitude: longitude, latitude: 6))))
    }

    @Test func boxesMustHaveAnExtent() {
        #expect(BoundingBox(west: 0, south: 5, east: 10, north: 5) == nil)
        #expect(BoundingBox(west: 10, south: 0, east: 10, north: 5) == nil)
        #expect(BoundingBox(west: 0, south: -91, east: 10, north: 5) == nil)
        #expect(BoundingBox(west: .nan, south: 0, east: 10, north: 5) == nil)
    }
}
