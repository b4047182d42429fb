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

/// Places, and their coordinates in GCJ-02 and BD-09 as another implementation of the formulas has them.
@Test(
    arguments: [
        [
            116.404, 39.915, 116.41024449916938, 39.91640428150164,
            116.41662724378733, 39.922699552216216,
        ],
        [
            81.33058313496888, 45.5242531099244, 81.33373245643227, 45.52524798739332,
            81.34021811409083, 45.53130218694284,
        ],
        [
            120.35402637655007, 16.49838226123166, 120.3576872397955, 16.496679732573547,
            120.36414153908702, 16.503038631159953,
        ],
        [
            103.71697539970035, 26.02506217464817, 103.71901941124769, 26.02177538055018,
            103.72553909577067, 26.027629865706633,
        ],
        [
            113.39876430881131, 42.64744420564015, 113.40634093165602, 42.64963545632784,
            113.41272963739547, 42.65596073130322,
        ],
        [
            78.81929438000256, 5.389026349578309, 78.82103859136123, 5.388234268667972,
            78.82751823050785, 5.394362667987181,
        ],
    ] as [[Double]]
)
func placesAreShiftedAsMapServicesDo(row: [Double]) throws {
    let place = try #require(Position(longitude: row[0], latitude: row[1]))
    let chinese = PositionDatum.gcj02.coordinates(of: place)
    #expect(abs(chinese.longitude - row[2]) < 1e-12 * 180 && abs(chinese.latitude - row[3]) < 1e-12 * 180)
    let baidu = PositionDatum.bd09.coordinates(of: place)
    #expect(abs(baidu.longitude - row[4]) < 1e-12 * 180 && abs(baidu.latitude - row[5]) < 1e-12 * 180)
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
