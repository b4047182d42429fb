import Foundation
import Geo
import Quantities
import Testing

@testable import Transport

@Suite struct TransportErrorTests {
    private func scales(_ horizontal: Double, _ vertical: Double, _ seconds: Double) throws -> ErrorScales {
        try #require(ErrorScales(horizontalMetres: horizontal, verticalMetres: vertical, seconds: seconds))
    }

    /// Over many members the field has variance 1 and the exponential correlations asked for.
    @Test func theFieldHasItsCovariance() throws {
        let scales = try scales(100_000, 500, 10_800)
        let members = 3000
        let lags: [(SIMD4<Double>, Double)] = [
            (SIMD4(0, 0, 0, 0), 1),
            (SIMD4(60_000, 80_000, 0, 0), exp(-1)),
            (SIMD4(-30_000, 40_000, 0, 0), exp(-0.5)),
            (SIMD4(0, 0, 500, 0), exp(-1)),
            (SIMD4(0, 0, 0, 21_600), exp(-2)),
            (SIMD4(100_000, 0, 0, 10_800), exp(-2)),
        ]
        var sums = [Double](repeating: 0, count: lags.count)
        for member in 0..<members {
            let field = CorrelatedField(scales, seed: 7, stream: UInt64(member), waves: 48)
            let here = field.value(east: 1e6, north: 2e6, up: 100, seconds: 1.6e9)
            for (index, lag) in lags.enumerated() {
                let (east, north, up, later) = (lag.0.x, lag.0.y, lag.0.z, lag.0.w)
                let there = field.value(
                    east: 1e6 + east,
                    north: 2e6 + north,
                    up: 100 + up,
                    seconds: 1.6e9 + later
                )
                sums[index] += here * there
            }
        }
        // The standard error of a covariance of normal numbers is at most root 2 over root n: 0.026.
        for (sum, lag) in zip(sums, lags) { #expect(abs(sum / Double(members) - lag.1) < 0.08) }
    }

    private func weather() throws -> Meteorology {
        let axis = try #require(UniformAxis(origin: 0, step: 1, count: 6))
        let grid = try #require(LatitudeLongitudeGrid(latitude: axis, longitude: axis))
        var surface = SurfaceFields()
        surface.pressurePascal = [Float](repeating: 1e5, count: 36)
        surface.terrainMetres = [Float](repeating: 0, count: 36)
        surface.alongColumns = [Float](repeating: 3, count: 36)
        surface.alongRows = [Float](repeating: 0, count: 36)
        surface.boundaryLayerMetres = [Float](repeating: 1000, count: 36)
        let hours = (0..<3).map { hour in
            MeteorologyHour(
                time: Instant(microseconds: Int64(hour) * 3_600_000_000),
                heightMetres: [Float](repeating: 10, count: 36) + [Float](repeating: 500, count: 36),
                alongColumns: [Float](repeating: 5, count: 72),
                alongRows: [Float](repeating: -2, count: 72),
                upward: [Float](repeating: 0.1, count: 72),
                temperatureKelvin: [Float](repeating: 288, count: 72),
                pressurePascal: [Float](repeating: 9e4, count: 72),
                specificHumidity: [Float](repeating: 0.01, count: 72),
                surface: surface,
                filledLevels: (0..<36).map { $0 % 2 }
            )
        }
        return Meteorology(grid: .longitudeLatitude(grid), hours: hours, sources: ["test"])
    }

    @Test func membersDifferAndRepeat() async throws {
        let weather = try weather()
        let scales = try scales(100_000, 500, 10_800)
        var options = TransportErrorOptions(windScales: scales, mixingHeightScales: scales)
        let same = await weather.perturbed(by: options, member: 0)
        #expect(same.hours[0].alongColumns == weather.hours[0].alongColumns)
        options.windMetresPerSecond = 2
        options.mixingHeightLogarithm = 0.2
        let first = await weather.perturbed(by: options, member: 0)
        let again = await weather.perturbed(by: options, member: 0)
        let second = await weather.perturbed(by: options, member: 1)
        #expect(first.hours[2].alongColumns == again.hours[2].alongColumns)
        #expect(first.hours[2].alongColumns != second.hours[2].alongColumns)
        #expect(first.hours[0].alongColumns != first.hours[0].alongRows)
        #expect(first.hours[0].surface.boundaryLayerMetres.allSatisfy { $0 > 0 })
        #expect(first.hours[0].surface.boundaryLayerMetres != second.hours[0].surface.boundaryLayerMetres)
        #expect(first.hours[0].temperatureKelvin == weather.hours[0].temperatureKelvin)
    }

    @Test func onlyWindsAndMixingHeightsAreInError() async throws {
        let weather = try weather()
        let scales = try scales(100_000, 500, 10_800)
        var options = TransportErrorOptions(windScales: scales, mixingHeightScales: scales)
        options.windMetresPerSecond = 2
        let member = await weather.perturbed(by: options, member: 0)
        for (hour, truth) in zip(member.hours, weather.hours) {
            #expect(hour.time == truth.time)
            #expect(hour.heightMetres == truth.heightMetres)
            #expect(hour.upward == truth.upward)
            #expect(hour.temperatureKelvin == truth.temperatureKelvin)
            #expect(hour.pressurePascal == truth.pressurePascal)
            #expect(hour.specificHumidity == truth.specificHumidity)
            #expect(hour.filledLevels == truth.filledLevels)
            #expect(hour.surface.pressurePascal == truth.surface.pressurePascal)
            #expect(hour.surface.terrainMetres == truth.surface.terrainMetres)
            #expect(hour.surface.boundaryLayerMetres == truth.surface.boundaryLayerMetres)
            #expect(hour.surface.alongRows != truth.surface.alongRows)
        }
    }

    @Test func theSpreadLeavesOutThatOfTheParticles() throws {
        let spread = try #require(TransportSpread(members: [1, 3, 5], controls: [2, 4]))
        #expect(spread.mean == 3)
        #expect(spread.memberDeviation == 2)
        #expect(spread.particleDeviation == 2.0.squareRoot())
        #expect(abs(spread.transportDeviation - 2.0.squareRoot()) < 1e-15)
        // var(4) = 2 * 16 / 2, var(2) = 2 * 4 / 1; the root of their sum over twice the deviation.
        #expect(abs(try #require(spread.standardError) - 24.0.squareRoot() / (2 * 2.0.squareRoot())) < 1e-12)
        let none = try #require(TransportSpread(members: [1, 1.1], controls: [1, 9]))
        #expect(none.transportDeviation == 0)
        #expect(none.standardError == nil)
        #expect(TransportSpread(members: [1]) == nil)
        #expect(try #require(TransportSpread(members: [1, 3])).particleDeviation == nil)
    }
}
