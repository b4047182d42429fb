import Geo
import TestSupport
import Testing

private func randomPlace(_ random: inout SeededGenerator) -> Position? {
    Position(longitude: 73 + 62 * random.uniform(), latitude: 4 + 49 * random.uniform())
}

@Test(arguments: [PositionDatum.gcj02, .bd09], 0..<20 as Range<UInt64>)
func shiftedCoordinatesLeadBackToThePlace(datum: PositionDatum, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
        let place = try #require(randomPlace(&random))
        let stated = datum.coordinates(of: place)
        let found = try #require(datum.worldPosition(longitude: stated.longitude, latitude: stated.latitude))
        #expect(abs(found.longitude - place.longitude) < 1e-9)
        #expect(abs(found.latitude - place.latitude) < 1e-9)
        let shift = try #require(Position(longitude: stated.longitude, latitude: stated.latitude))
        #expect((20...2000).contains(place.distanceMetres(to: shift)))
    }
}

/// Tiananmen, as the formulas in circulation have it.
@Test func aKnownPlaceIsShiftedAsMapServicesDo() throws {
    let place = try #require(Position(longitude: 116.404, latitude: 39.915))
    let chinese = PositionDatum.gcj02.coordinates(of: place)
    #expect(abs(chinese.longitude - 116.41024449916938) < 1e-9)
    #expect(abs(chinese.latitude - 39.91640428150164) < 1e-9)
    let baidu = PositionDatum.bd09.coordinates(of: place)
    #expect(abs(baidu.longitude - 116.41662724378733) < 1e-9)
    #expect(abs(baidu.latitude - 39.922699552216216) < 1e-9)
}

@Test(arguments: PositionDatum.allCases)
func outsideChinaNothingIsShifted(datum: PositionDatum) throws {
    let hamburg = try #require(Position(longitude: 9.99, latitude: 53.55, altitudeMetres: 8))
    #expect(datum.worldPosition(longitude: 9.99, latitude: 53.55, altitudeMetres: 8) == hamburg)
    #expect(datum.coordinates(of: hamburg) == (9.99, 53.55))
    #expect(datum.worldPosition(longitude: 116, latitude: 91) == nil)
    #expect(datum.worldPosition(longitude: .nan, latitude: 40) == nil)
}

@Test func altitudesAndWorldCoordinatesPassThrough() throws {
    let beijing = try #require(Position(longitude: 116.404, latitude: 39.915, altitudeMetres: 44))
    #expect(
        PositionDatum.wgs84.worldPosition(longitude: 116.404, latitude: 39.915, altitudeMetres: 44) == beijing
    )
    let found = PositionDatum.gcj02.worldPosition(longitude: 116.404, latitude: 39.915, altitudeMetres: 44)
    #expect(found?.altitudeMetres == 44)
}
