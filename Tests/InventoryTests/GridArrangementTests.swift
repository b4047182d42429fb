import Geo
import Inventory
import Testing

@Suite struct GridArrangementTests {
    @Test func aGlobeFromZeroNorthFirstIsTurnedOver() throws {
        let arrangement = try #require(
            GridArrangement(latitudes: [45, -45], longitudes: [45, 135, 225, 315])
        )
        #expect(arrangement.grid.longitude.centres == [-135, -45, 45, 135])
        #expect(arrangement.grid.latitude.centres == [-45, 45])
        #expect(arrangement.arrange([1, 2, 3, 4, 5, 6, 7, 8]) == [7, 8, 5, 6, 3, 4, 1, 2])
    }

    @Test func ourOwnOrderIsLeftAlone() throws {
        let arrangement = try #require(
            GridArrangement(latitudes: [10, 11], longitudes: [70.05, 70.15, 70.25])
        )
        #expect(arrangement.arrange([1, 2, 3, 4, 5, 6]) == [1, 2, 3, 4, 5, 6])
    }

    @Test func aPartWestOfGreenwichIsShifted() throws {
        let arrangement = try #require(GridArrangement(latitudes: [10, 11], longitudes: [300.5, 301.5]))
        #expect(arrangement.grid.longitude.centres == [-59.5, -58.5])
    }

    @Test func float32CentresOfAFineGlobeAreAGlobe() throws {
        let latitudes = (0..<1800).map { Double(Float(-89.95 + 0.1 * Double($0))) }
        let longitudes = (0..<3600).map { Double(Float(0.05 + 0.1 * Double($0))) }
        let arrangement = try #require(GridArrangement(latitudes: latitudes, longitudes: longitudes))
        let area = (0..<1800).reduce(0) { $0 + 3600 * arrangement.grid.cellAreaSquareMetres(row: $1) }
        let sphere = 4 * Double.pi * Earth.authalicRadiusMetres * Earth.authalicRadiusMetres
        #expect(abs(area / sphere - 1) < 1e-9)
        #expect(abs(arrangement.grid.longitude.origin + 180) < 1e-4)
    }

    @Test(
        arguments: [
            ([-89.95, 0, 89.95], [0.05, 180, 359.95]),
            ([0, 1, 3], [0, 1, 2]),
            ([0, 1], [2, 1]),
            ([0], [0, 1]),
            ([0, .nan], [0, 1]),
        ]
    ) func whatIsNoGridIsRefused(latitudes: [Double], longitudes: [Double]) {
        #expect(GridArrangement(latitudes: latitudes, longitudes: longitudes) == nil)
    }
}
