import Foundation
import Geo
import Quantities
import TestSupport
import Testing

@testable import Transport

@Suite struct WeatherColumnTests {
    /// Air of one temperature, K, and ground at 900 hPa; levels every 500 m up to 10 km.
    private func hour(_ hours: Double, kelvin: Double, cells: Int) -> MeteorologyHour {
        let heights = (1...20).map { 500 * Double($0) }
        let scale = 287.05 * kelvin / 9.80665
        let onLevels = heights.flatMap { [Float](repeating: Float($0), count: cells) }
        let zero = [Float](repeating: 0, count: onLevels.count)
        var surface = SurfaceFields()
        surface.pressurePascal = [Float](repeating: 90_000, count: cells)
        surface.terrainMetres = [Float](repeating: 900, count: cells)
        return MeteorologyHour(
            time: julyNoon.advanced(bySeconds: hours * 3600),
            heightMetres: onLevels,
            alongColumns: zero,
            alongRows: zero,
            temperatureKelvin: [Float](repeating: Float(kelvin), count: onLevels.count),
            pressurePascal: heights.flatMap { height in
                [Float](repeating: Float(90_000 * exp(-height / scale)), count: cells)
            },
            surface: surface
        )
    }

    private func weather() throws -> Meteorology {
        let grid = try #require(degrees(115, 39, 1, columns: 3, rows: 3))
        let hours = [hour(0, kelvin: 260, cells: 9), hour(1, kelvin: 300, cells: 9)]
        return Meteorology(grid: grid, hours: hours, sources: [])
    }

    @Test func heightsAreThoseOfTheAirAtThePlaceAndTime() throws {
        let weather = try weather()
        for (minutes, kelvin) in [(0.0, 260.0), (60, 300)] {
            let time = julyNoon.advanced(bySeconds: minutes * 60)
            let air = try #require(AirColumn(of: weather, at: time, longitude: 116.3, latitude: 40.2))
            let expected = 287.05 * kelvin / 9.80665 * log(900.0 / 700)
            #expect(abs(air.height(atPascal: 70_000) / expected - 1) < 1e-5)
        }
        let between = try #require(
            AirColumn(of: weather, at: julyNoon.advanced(bySeconds: 1800), longitude: 116.3, latitude: 40.2)
        )
        // The mean of the logarithms of pressure is that of the inverse temperatures.
        let kelvin = 2 / (1 / 260.0 + 1 / 300)
        let expected = 287.05 * kelvin / 9.80665 * log(900.0 / 700)
        #expect(abs(between.height(atPascal: 70_000) / expected - 1) < 1e-5)
    }

    @Test func outsideOfTheWeatherThereIsNoAir() throws {
        let weather = try weather()
        #expect(AirColumn(of: weather, at: julyNoon, longitude: 120, latitude: 40) == nil)
        let early = julyNoon.advanced(bySeconds: -60)
        #expect(AirColumn(of: weather, at: early, longitude: 116, latitude: 40) == nil)
    }

    /// Colder air is denser: less of the kernel lies above the same height.
    @Test func theRemainderOfAColumnFollowsTheAir() throws {
        let releases = try #require(ColumnReleases(topMetres: 3000))
        let plan = try #require(
            ColumnPlan(
                name: "c",
                time: julyNoon,
                longitude: 116,
                latitude: 40,
                kernel: ColumnKernel(uniformBelowPascal: 90_000),
                surfacePascal: 90_000,
                releases: releases
            )
        )
        let weather = try weather()
        let receptor = try #require(ReceptorPlan.column(plan).receptor(in: weather))
        let expected = exp(-3000 / (287.05 * 260 / 9.80665))
        #expect(abs(receptor.remainderWeight - expected) < 1e-5)
        #expect(abs(receptor.weight + receptor.remainderWeight - 1) < 1e-9)
        #expect(plan.receptor().remainderWeight > receptor.remainderWeight + 0.01)
    }
}
