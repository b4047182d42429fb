import Foundation
import Geo
import Quantities
import Testing

@testable import Transport

struct GriddedAtmosphereTests {
    /// Fields linear in place, height and time, over a grid of 0.5 degrees.
    private func meteorology(
        hours: [Double] = [0, 1, 2, 3],
        west: Double = 10,
        columns: Int = 12,
        step: Double = 0.5,
        edit: (inout SurfaceFields) -> Void = { _ in },
        wind: (Double, Double, Double, Double) -> SIMD3<Double> = { _, _, _, _ in SIMD3(5, 0, 0) }
    ) throws -> Meteorology {
        let rows = 9
        let latitude = try #require(UniformAxis(origin: 39.75, step: 0.5, count: rows))
        let longitude = try #require(UniformAxis(origin: west, step: step, count: columns))
        let grid = try #require(LatitudeLongitudeGrid(latitude: latitude, longitude: longitude))
        let nodes = rows * columns
        let heights: [Double] = [20, 100, 300, 800, 1500, 3000, 6000]
        let cells = heights.flatMap { height in (0..<nodes).map { (height, $0) } }
        let list = hours.map { hour in
            var surface = SurfaceFields()
            surface.pressurePascal = [Float](repeating: 100_000, count: nodes)
            surface.terrainMetres = (0..<nodes).map { Float(100 * ($0 % columns)) }
            surface.boundaryLayerMetres = (0..<nodes).map {
                Float(500 + 10 * Double($0 % columns) + 60 * hour)
            }
            surface.frictionVelocity = [Float](repeating: 0.3, count: nodes)
            surface.sensibleHeatFlux = [Float](repeating: 100, count: nodes)
            surface.temperatureKelvin = [Float](repeating: 300, count: nodes)
            edit(&surface)
            let winds = cells.map { height, node in
                wind(Double(node % columns), Double(node / columns), height, hour)
            }
            return MeteorologyHour(
                time: releaseTime.advanced(bySeconds: 3600 * hour),
                heightMetres: cells.map { Float($0.0) },
                alongColumns: winds.map { Float($0.x) },
                alongRows: winds.map { Float($0.y) },
                upward: winds.map { Float($0.z) },
                temperatureKelvin: cells.map { Float(300 - 0.0065 * $0.0) },
                pressurePascal: cells.map { Float(100_000 * exp(-$0.0 / 8500)) },
                surface: surface
            )
        }
        return Meteorology(grid: .longitudeLatitude(grid), hours: list, sources: [])
    }

    @Test func linearFieldsComeBackExactly() throws {
        let atmosphere = try GriddedAtmosphere(
            meteorology(wind: { x, y, z, t in SIMD3(x + 0.002 * z + t, 2 * y - 0.5 * t, 0.1 * x) })
        )
        let air = atmosphere.air(column: 3.3, row: 4.6, height: 470, seconds: 5000)
        let hour = 5000.0 / 3600
        #expect(abs(Double(air.alongColumns) - (3.3 + 0.94 + hour)) < 1e-4)
        #expect(abs(Double(air.alongRows) - (9.2 - 0.5 * hour)) < 1e-4)
        #expect(abs(Double(air.mixedLayerMetres) - (533 + 60 * hour)) < 1e-2)
        #expect(abs(air.surfaceDensity - 100_000 / (287.04 * 300)) < 1e-4)
        // w less the wind times the slope of the ground, which rises by 100 m a column.
        let columnMetres = 0.5 * .pi / 180 * Earth.meanRadiusMetres * cos(42.3 * .pi / 180)
        let expected = 0.33 - Double(air.alongColumns) * 100 / columnMetres
        #expect(abs(Double(air.upward) - expected) < 2e-3)
    }

    @Test func windFallsToTheGroundWithTheLogarithm() throws {
        let atmosphere = try GriddedAtmosphere(meteorology(), roughnessMetres: 0.1)
        let at = { (height: Float) in
            atmosphere.air(column: 3, row: 3, height: height, seconds: 0).alongColumns
        }
        let top = Double(at(10))
        // From 20 m, the lowest level, to 10 m.
        #expect(abs(top / 5 - log(101.0) / log(201.0)) < 1e-5)
        #expect(abs(Double(at(2)) / top - log(21.0) / log(101.0)) < 0.003)
        #expect(at(0) == 0)
    }

    @Test func particlesGoTheWayOfTheWind() async throws {
        let atmosphere = try GriddedAtmosphere(meteorology(wind: { _, _, _, _ in SIMD3(6, -3, 0) }))
        var options = DispersionOptions()
        options.turbulence = false
        options.verticalWind = false
        options.particles = 1
        options.hours = 3
        let receptor = Receptor(
            name: "r",
            time: releaseTime.advanced(bySeconds: 10_800),
            points: [ReceptorPoint(longitude: 13, latitude: 42, heightMetres: 500)]
        )
        let ends = try await following(receptor, options, atmosphere).ends
        let degree = .pi / 180 * Earth.meanRadiusMetres
        let latitude: Double = 42 + 3 * 10_800 / degree
        #expect(abs(ends.latitude[0] - latitude) < 1e-5)
        let mean = cos((42 + latitude) / 2 * .pi / 180)
        // The cosine is linear between the rows: 1e-5 of the way.
        let longitude = 13 - 6 * 10_800 / degree / mean
        #expect(abs(ends.longitude[0] - longitude) < 1e-4)
        #expect(ends.heightMetres == [500])
        #expect(ends.hasLeft == [false])
    }

    @Test func theFirstMissingHourIsNamed() throws {
        let hourly = try GriddedAtmosphere(meteorology(hours: [0, 1, 2, 4, 5, 6]))
        let at = { (hour: Double) in releaseTime.advanced(bySeconds: 3600 * hour) }
        #expect(hourly.firstMissing(from: at(0.5), to: at(1.5)) == nil)
        #expect(hourly.firstMissing(from: at(1.5), to: at(4.5)) == at(3))
        #expect(hourly.firstMissing(from: at(4), to: at(6)) == nil)
        #expect(hourly.firstMissing(from: at(5), to: at(6.5)) == at(7))
        #expect(hourly.firstMissing(from: at(-1), to: at(1)) == at(-1))
        let threeHourly = try GriddedAtmosphere(meteorology(hours: [0, 3, 6, 9]))
        #expect(threeHourly.firstMissing(from: at(0), to: at(9)) == nil)
        let air = threeHourly.air(column: 2, row: 2, height: 50, seconds: 4.5 * 3600)
        #expect(abs(air.mixedLayerMetres - (520 + 60 * 4.5)) < 0.01)
    }

    @Test func aGridRoundTheEarthClosesOnItself() async throws {
        let atmosphere = try GriddedAtmosphere(
            meteorology(
                west: -180,
                columns: 72,
                step: 5,
                wind: { x, _, _, _ in SIMD3(x == 0 ? 12 : 10, 0, 0) }
            )
        )
        let between = atmosphere.air(column: 71.5, row: 4, height: 500, seconds: 0)
        #expect(abs(between.alongColumns - 11) < 1e-4)
        let place = try #require(atmosphere.gridPlace(longitude: 179.9, latitude: 42))
        #expect(abs(place.x - 71.48) < 1e-6)
        var options = DispersionOptions()
        options.direction = .forward
        options.turbulence = false
        options.verticalWind = false
        options.particles = 1
        options.hours = 1
        let point = ReceptorPoint(longitude: 179.9, latitude: 42, heightMetres: 500)
        let ends = try await following(
            Receptor(name: "r", time: releaseTime, points: [point]),
            options,
            atmosphere
        )
        .ends
        #expect((-179.8 ... -179.5).contains(ends.longitude[0]))
        #expect(ends.hasLeft == [false])
    }

    @Test func particlesEndAtTheEdgeOfTheDomain() async throws {
        let atmosphere = try GriddedAtmosphere(meteorology(wind: { _, _, _, _ in SIMD3(20, 0, 0) }))
        var options = DispersionOptions()
        options.hours = 3
        options.particles = 50
        let point = ReceptorPoint(longitude: 10.6, latitude: 42, heightMetres: 200)
        let receptor = Receptor(name: "r", time: releaseTime.advanced(bySeconds: 10_800), points: [point])
        let ends = try await following(receptor, options, atmosphere).ends
        #expect(ends.hasLeft.allSatisfy { $0 })
        #expect(ends.longitude.allSatisfy { (10.25...10.3).contains($0) })
        #expect(ends.minutes.allSatisfy { $0 < -15 && $0 > -60 })
    }

    @Test func fieldsThatLackOrDoNotFitAreNamed() throws {
        let missing = try meteorology { $0.boundaryLayerMetres = [] }
        #expect(throws: DispersionError.missingField("boundary-layer height", at: releaseTime)) {
            try GriddedAtmosphere(missing)
        }
        let short = try meteorology { $0.frictionVelocity.removeLast() }
        #expect(throws: DispersionError.unfitting("friction velocity", at: releaseTime)) {
            try GriddedAtmosphere(short)
        }
        let broken = try meteorology { $0.pressurePascal[3] = .nan }
        #expect(throws: DispersionError.unfitting("surface pressure", at: releaseTime)) {
            try GriddedAtmosphere(broken)
        }
        let alone = try meteorology(hours: [0])
        #expect(throws: DispersionError.emptyMeteorology) { try GriddedAtmosphere(alone) }
    }

    @Test func fluxesAreDiagnosedWhereThereAreNone() throws {
        let neutral = DiagnosedFluxes(
            speed: 5,
            speedHeight: 10,
            temperature: 290,
            potentialTemperatureAbove: 290,
            heightAbove: 50,
            roughness: 0.1
        )
        #expect(abs(Double(neutral.frictionVelocity) - 0.4 * 5 / log(101)) < 1e-5)
        #expect(neutral.buoyancyFlux == 0)
        let warm = DiagnosedFluxes(
            speed: 3,
            speedHeight: 10,
            temperature: 300,
            potentialTemperatureAbove: 298,
            heightAbove: 50,
            roughness: 0.1
        )
        #expect(warm.buoyancyFlux > 0.002)
        #expect(warm.frictionVelocity > 0.4 * 3 / 4.615)
        let cold = DiagnosedFluxes(
            speed: 3,
            speedHeight: 10,
            temperature: 285,
            potentialTemperatureAbove: 288,
            heightAbove: 50,
            roughness: 0.1
        )
        #expect(cold.buoyancyFlux < 0)
        #expect(cold.frictionVelocity < 0.4 * 3 / 4.615)
        // What comes out satisfies the profile that it was found from: k theta_* / (u_*^2 theta) g = 1 / L.
        let friction = warm.frictionVelocity
        let inverseLength = -0.4 * warm.buoyancyFlux / (friction * friction * friction)
        let heat =
            logf(25) - DiagnosedFluxes.heat(50 * inverseLength) + DiagnosedFluxes.heat(2 * inverseLength)
        let flux = 9.80665 / 299 * friction * 0.4 * 2 / heat
        #expect(abs(flux / warm.buoyancyFlux - 1) < 0.01 || inverseLength <= -0.19)
        let atmosphere = try GriddedAtmosphere(
            meteorology {
                $0.frictionVelocity = []
                $0.sensibleHeatFlux = []
            }
        )
        #expect(atmosphere.air(column: 1, row: 1, height: 10, seconds: 0).frictionVelocity > 0.1)
    }

    @Test func heatAndFrictionGiveTheirVelocities() throws {
        let air = try GriddedAtmosphere(meteorology()).air(column: 1, row: 1, height: 10, seconds: 0)
        let density = 100_000 / (287.04 * 300)
        #expect(abs(Double(air.buoyancyFlux) - 9.80665 * 100 / (density * 1005 * (300 - 0.13))) < 1e-5)
        #expect(air.frictionVelocity == 0.3)
    }
}
