import Foundation
import Geo
import Quantities
import TestSupport
import Testing

@testable import Transport

private let midday = Instant(CivilTime(year: 2021, month: 7, day: 25, hour: 12))

@Suite struct ColumnReceptorTests {
    private func column(
        _ kernel: ColumnKernel,
        surface: Double = 100_000,
        top: Double = 6000,
        paths: [LightPath] = []
    ) throws -> Receptor {
        Receptor.column(
            name: "c",
            time: midday,
            longitude: 10,
            latitude: 60,
            kernel: kernel,
            air: try #require(AirColumn(standardAbovePascal: surface)),
            releases: try #require(ColumnReleases(topMetres: top)),
            paths: paths
        )
    }

    @Test func theStandardAtmosphereIsThatOfTheTables() throws {
        let air = try #require(AirColumn(standardAbovePascal: 101_325))
        // ISO 2533:1975, table 5: geopotential heights.
        #expect(abs(air.pressure(atMetres: 1000) - 89_874.6) < 1)
        #expect(abs(air.pressure(atMetres: 5000) - 54_019.9) < 1)
        #expect(abs(air.pressure(atMetres: 11_000) - 22_632.1) < 1)
        #expect(abs(air.pressure(atMetres: 20_000) - 5474.9) < 1)
        for height in stride(from: 0.0, to: 70_000, by: 330) {
            #expect(abs(air.height(atPascal: air.pressure(atMetres: height)) - height) < 1e-6 * (1 + height))
        }
        #expect(air.height(atPascal: 110_000) == 0)
    }

    @Test func aUniformColumnWeighsTheAirOfEachLayer() throws {
        let receptor = try column(ColumnKernel(uniformBelowPascal: 100_000))
        let air = try #require(AirColumn(standardAbovePascal: 100_000))
        #expect(receptor.points.count == 36)
        #expect(receptor.points.first?.heightMetres == 50)
        #expect(receptor.points.last?.heightMetres == 5750)
        let first = 1 - air.pressure(atMetres: 100) / 100_000
        #expect(abs(receptor.points[0].weight - first) < 1e-12)
        #expect(abs(receptor.weight + receptor.remainderWeight - 1) < 1e-12)
        #expect(abs(receptor.remainderWeight - air.pressure(atMetres: 6000) / 100_000) < 1e-12)
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func nothingOfTheKernelIsLost(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var pressures = [98_000 + 4000 * random.uniform()]
        for _ in 0..<19 { pressures.append(pressures[pressures.count - 1] * (0.75 + 0.2 * random.uniform())) }
        let kernel = pressures.map { _ in 0.5 + random.uniform() }
        let weights = pressures.map { _ in random.uniform() / 10 }
        let total = zip(kernel, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let upward = try #require(
            ColumnKernel(
                pressuresPascal: pressures,
                averagingKernel: kernel,
                pressureWeight: weights,
                support: .levels
            )
        )
        let downward = ColumnKernel(
            pressuresPascal: pressures.reversed(),
            averagingKernel: kernel.reversed(),
            pressureWeight: weights.reversed(),
            support: .levels
        )
        #expect(upward == downward)
        // The model's ground lies above or below that of the retrieval.
        for surface in [96_000.0, 104_000] {
            let receptor = try column(upward, surface: surface)
            #expect(abs(receptor.weight + receptor.remainderWeight - total) < 1e-12)
            #expect(receptor.points.allSatisfy { $0.weight >= 0 })
            let high = try column(upward, surface: surface, top: 50_000)
            #expect(abs(high.weight - total) < 0.05 * total)
        }
    }

    @Test func aLayerKernelStaysInItsLayer() throws {
        let kernel = try #require(
            ColumnKernel(
                pressuresPascal: [0, 80_000, 90_000, 100_000],
                averagingKernel: [0, 2, 0],
                pressureWeight: [0.8, 0.1, 0.1],
                support: .layers
            )
        )
        let receptor = try column(kernel)
        #expect(abs(receptor.weight - 0.2) < 1e-12)
        let heights = receptor.points.filter { $0.weight > 0 }.map(\.heightMetres)
        // 90 and 80 kPa above 100 kPa lie at 880 m and 1832 m of the standard atmosphere.
        #expect(heights == stride(from: 850.0, through: 1850, by: 100).map { $0 })
    }

    @Test func slantPathsCrossEachLayerTwice() throws {
        let sun = try #require(LightPath(zenithDegrees: 60, azimuthDegrees: 90))
        let view = try #require(LightPath(zenithDegrees: 0, azimuthDegrees: 0))
        let upright = try column(ColumnKernel(uniformBelowPascal: 100_000))
        let slant = try column(ColumnKernel(uniformBelowPascal: 100_000), paths: [sun, view])
        #expect(slant.points.count == 2 * upright.points.count)
        #expect(abs(slant.weight - upright.weight) < 1e-12)
        // The way to the sun is twice as long, and 1750 m up it is 1750 tan 60 east of the foot.
        let (far, near) = (slant.points[34], slant.points[35])
        #expect(abs(far.weight - 2 * near.weight) < 1e-12)
        #expect(near.longitude == 10 && near.latitude == 60)
        let foot = try #require(Position(longitude: 10, latitude: 60))
        let place = try #require(Position(longitude: far.longitude, latitude: far.latitude))
        #expect(abs(foot.distanceMetres(to: place) - 1750 * 3.0.squareRoot()) < 1)
        #expect(far.longitude > 10)
        #expect(LightPath(zenithDegrees: 86, azimuthDegrees: 0) == nil)
    }

    @Test func badProfilesAreRefused() {
        func kernel(_ pressures: [Double], _ values: [Double]) -> ColumnKernel? {
            ColumnKernel(
                pressuresPascal: pressures,
                averagingKernel: values,
                pressureWeight: values,
                support: .levels
            )
        }
        #expect(kernel([100, 90, 95], [1, 1, 1]) == nil)
        #expect(kernel([100, 90], [1]) == nil)
        #expect(kernel([100, .nan], [1, 1]) == nil)
        #expect(kernel([100, 90], [1, .infinity]) == nil)
        #expect(kernel([], []) == nil)
        #expect(AirColumn(standardAbovePascal: 0) == nil)
        #expect(AirColumn(heightMetres: [10, 5], pressurePascal: [9, 8], surfacePascal: 10) == nil)
        #expect(ColumnReleases(topMetres: .nan) == nil)
    }
}
