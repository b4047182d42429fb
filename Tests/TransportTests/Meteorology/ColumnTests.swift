import Foundation
import Quantities
import TestSupport
import Testing

@testable import Transport

@Suite struct ColumnTests {
    /// Air of one temperature: pressure falls exponentially with height.
    static func isothermal(kelvin: Double = 280, levels heights: [Double], terrain: Double = 0) -> (
        LevelFields, SurfaceFields
    ) {
        let scale = MoistAir.dryGasConstant * kelvin / MoistAir.gravity
        var fields = LevelFields(kind: .free, levels: heights.count)
        fields.altitudeMetres = heights.map { Float($0) }
        fields.pressurePascal = heights.map { Float(100_000 * exp(-$0 / scale)) }
        fields.temperatureKelvin = heights.map { _ in Float(kelvin) }
        fields.alongColumns = heights.map { Float(2 + $0 / 100) }
        fields.alongRows = heights.map { _ in 0 }
        var surface = SurfaceFields()
        surface.terrainMetres = [Float(terrain)]
        surface.pressurePascal = [Float(100_000 * exp(-terrain / scale))]
        surface.temperatureKelvin = [Float(kelvin)]
        return (fields, surface)
    }

    @Test func heightsFromPressureEqualThoseGiven() throws {
        var (fields, surface) = Self.isothermal(levels: [100, 500, 1500, 5000])
        let given = try MeteorologyHour(time: Instant(microseconds: 0), levels: fields, surface: surface)
        fields.altitudeMetres = []
        let derived = try MeteorologyHour(time: Instant(microseconds: 0), levels: fields, surface: surface)
        for (a, b) in zip(given.heightMetres, derived.heightMetres) { #expect(abs(a - b) < 0.02) }
    }

    /// Columns over terrain of any height keep the properties that particles rely on.
    @Test(arguments: 0..<200 as Range<UInt64>) func columnsAscendOverAnyTerrain(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let heights = (1...12).map { Double($0) * 100 + 90 * random.uniform() }
        let terrain = -50 + 1100 * random.uniform()
        var (fields, surface) = Self.isothermal(levels: heights, terrain: terrain)
        if seed % 3 == 0 { surface.alongColumns = [1] }
        if seed % 2 == 0 { fields.upward = heights.map { _ in 1 } }
        let hour = try MeteorologyHour(time: Instant(microseconds: 0), levels: fields, surface: surface)
        #expect(hour.heightMetres[0] > 0)
        #expect(zip(hour.heightMetres, hour.heightMetres.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(hour.pressurePascal, hour.pressurePascal.dropFirst()).allSatisfy { $0 > $1 })
        #expect(hour.pressurePascal[0] < surface.pressurePascal[0])
        let scale = MoistAir.dryGasConstant * 280 / MoistAir.gravity
        for (height, pressure) in zip(hour.heightMetres, hour.pressurePascal) {
            let hydrostatic = Double(surface.pressurePascal[0]) * exp(-Double(height) / scale)
            #expect(abs(Double(pressure) - hydrostatic) < 0.2)
        }
        // True levels above the ground stay as they are.
        for (level, height) in heights.enumerated() where height > terrain + 20 {
            #expect(hour.alongColumns[level] == Float(2 + height / 100))
        }
    }

    @Test func columnsBelowTheGroundAndFieldsOfAnotherSizeAreRefused() {
        let (fields, surface) = Self.isothermal(levels: [100, 200], terrain: 900)
        #expect(throws: MeteorologyProblem.noLevelAboveGround(cell: 0)) {
            _ = try MeteorologyHour(time: Instant(microseconds: 0), levels: fields, surface: surface)
        }
        var short = fields
        short.alongRows = [1]
        #expect(throws: MeteorologyProblem.size("wind along rows", count: 1, expected: 2)) {
            _ = try MeteorologyHour(time: Instant(microseconds: 0), levels: short, surface: surface)
        }
        var without = surface
        (without.pressurePascal, without.terrainMetres) = ([], [])
        #expect(throws: MeteorologyProblem.noSurfacePressure) {
            _ = try MeteorologyHour(time: Instant(microseconds: 0), levels: fields, surface: without)
        }
    }

    @Test func saturationIsThatOfTables() {
        // Over water at 20 and 0.01 degrees C (Goff-Gratch 2339 and 611.7 Pa), over ice at -30 (38.0 Pa).
        #expect(abs(MoistAir.saturationPressure(kelvin: 293.15) - 2339) < 5)
        #expect(abs(MoistAir.saturationPressure(kelvin: 273.16) - 611.2) < 1)
        #expect(abs(MoistAir.saturationPressure(kelvin: 243.15) - 38.0) < 0.1)
        // A sounding of ERA5 at 1000 hPa: 68.706 % at 288.418 K beside 7.4371 g/kg.
        let humidity = MoistAir.specificHumidity(
            relativePercent: 68.70596,
            kelvin: 288.41797,
            pascal: 100_000
        )
        #expect(abs(humidity - 0.0074371) < 1e-5)
    }

    @Test func missingTimesAreFoundInAnyPlace() throws {
        func hour(_ number: Int) -> Instant { Instant(microseconds: Int64(number) * 3_600_000_000) }
        let times = [0, 1, 2, 5, 6].map(hour)
        func gap(_ from: Int, _ to: Int) -> MeteorologyGap? {
            do {
                let period = Period(start: hour(from), end: hour(to))
                try MeteorologyGap.require(period, in: times, stepSeconds: nil, sources: ["a"])
                return nil
            } catch { return error }
        }
        #expect(gap(0, 2) == nil && gap(5, 6) == nil)
        #expect(gap(1, 6)?.missing == hour(3) && gap(-1, 1)?.missing == hour(-1))
        #expect(gap(5, 9)?.missing == hour(7) && gap(3, 4)?.missing == hour(3))
    }
}
