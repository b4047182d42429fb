import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@testable import Formats

/// Numbers expected were read with netCDF4-python.
@Suite struct ERA5ReadingTests {
    static let levelsPath = Places.shared("met/era5-matimba/Matimba_ERA5-pl-20210725.nc")?.path ?? ""
    static let surfacePath = Places.shared("met/era5-matimba/Matimba_ERA5-sl-20210725.nc")?.path ?? ""
    static var hasData: Bool { !levelsPath.isEmpty && !surfacePath.isEmpty }
    static var both: [String] { [levelsPath, surfacePath] }
    static let noon = Instant(CivilTime(year: 2021, month: 7, day: 25, hour: 12))
    /// Row 3 from the south and column 8: 27 E, 24.45 S.
    static let cell = 3 * 17 + 8

    static func noonHour(_ paths: [String] = both) async throws -> MeteorologyHour {
        let source = try await MeteorologyFiles.open(paths)
        let index = try #require(source.times.firstIndex(of: noon))
        return try await source.hour(at: index)
    }

    @Test(.enabled(if: hasData)) func gridAndTimesAreKnownBeforeFieldsAreRead() async throws {
        let source = try await MeteorologyFiles.open(Self.both.reversed())
        let grid = try #require(source.grid.longitudeLatitude)
        #expect(grid.rows == 10 && grid.columns == 17)
        #expect(abs(grid.latitude.centre(0) + 25.2) < 1e-9 && abs(grid.longitude.centre(16) - 29) < 1e-9)
        #expect(source.times.count == 24)
        #expect(source.times.first == Instant(CivilTime(year: 2021, month: 7, day: 25)))
    }

    @Test(.enabled(if: hasData)) func valuesAreThoseOfTheFile() async throws {
        let hour = try await Self.noonHour()
        let at = { (level: Int) in level * 170 + Self.cell }
        // The fifth level, 900 hPa, is the first above the ground; the four below are put in.
        #expect(abs(hour.alongColumns[at(4)] + 3.1839943) < 1e-5)
        #expect(abs(hour.alongRows[at(11)] - 1.4851189) < 1e-5)
        #expect(abs(hour.temperatureKelvin[at(5)] - 284.51685) < 1e-3)
        #expect(abs(hour.heightMetres[at(4)] - 206.13706) < 1e-2)
        #expect(abs(hour.heightMetres[at(11)] - 2254.9415) < 1e-2)
        #expect(hour.pressurePascal[at(4)] == 90_000)
        #expect(abs(hour.surface.pressurePascal[Self.cell] - 92221.625) < 0.1)
        #expect(abs(hour.surface.boundaryLayerMetres[Self.cell] - 1811.2523) < 1e-2)
        #expect(abs(hour.surface.terrainMetres[Self.cell] - 947.0484) < 1e-3)
        #expect(abs(hour.surface.alongColumns[Self.cell] + 2.3007574) < 1e-5)
    }

    @Test(.enabled(if: hasData)) func whatLiesBelowTheGroundIsNotUsed() async throws {
        let source = try await MeteorologyFiles.open(Self.both)
        for index in source.times.indices {
            let hour = try await source.hour(at: index)
            for cell in 0..<170 {
                let heights = (0..<12).map { hour.heightMetres[$0 * 170 + cell] }
                let pressures = (0..<12).map { hour.pressurePascal[$0 * 170 + cell] }
                #expect(heights[0] >= 10)
                #expect(zip(heights, heights.dropFirst()).allSatisfy { $0 < $1 })
                #expect(pressures[0] < hour.surface.pressurePascal[cell])
                #expect(zip(pressures, pressures.dropFirst()).allSatisfy { $0 > $1 })
            }
        }
        let noon = try await Self.noonHour()
        // 1000 hPa stands for 10 m; its wind is that at 10 m and not the extrapolated one.
        #expect(noon.heightMetres[Self.cell] == 10)
        #expect(noon.alongColumns[Self.cell] == noon.surface.alongColumns[Self.cell])
    }

    @Test(.enabled(if: hasData)) func windowAndBoxLeaveWhatARunNeeds() async throws {
        let box = try #require(BoundingBox(west: 26.6, south: -24.6, east: 27.4, north: -24.1))
        let window = Period(start: Self.noon.advanced(bySeconds: -5400), end: Self.noon)
        let part = try await MeteorologyFiles.read(Self.both, window: window, box: box, marginCells: 1)
        #expect(part.times == [-2, -1, 0].map { Self.noon.advanced(bySeconds: $0 * 3600) })
        let grid = try #require(part.grid.longitudeLatitude)
        #expect(abs(grid.longitude.centre(0) - 26.25) < 1e-6 && grid.columns == 7)
        let whole = try await Self.noonHour()
        let last = try #require(part.hours.last)
        let row = try #require(grid.cell(longitude: 27, latitude: -24.45))
        #expect(last.alongColumns[11 * grid.cellCount + row] == whole.alongColumns[11 * 170 + Self.cell])
        #expect(last.surface.temperatureKelvin[row] == whole.surface.temperatureKelvin[Self.cell])
        await #expect(throws: MeteorologyError.outsideGrid(paths: Self.both)) {
            let sea = try #require(BoundingBox(west: 100, south: -24.6, east: 101, north: -24.1))
            _ = try await MeteorologyFiles.open(Self.both, box: sea)
        }
    }

    @Test(.enabled(if: hasData)) func missingHoursAreNamed() async throws {
        let source = try await MeteorologyFiles.open(Self.both)
        let midnight = Instant(CivilTime(year: 2021, month: 7, day: 26))
        let error = try #require(throws: MeteorologyGap.self) {
            try source.requireCoverage(of: Period(start: Self.noon, end: midnight))
        }
        #expect(error.missing == midnight && error.sources == Self.both)
        #expect(error.line.contains("2021-07-26T00:00:00Z") && error.line.contains("-pl-"))
        #expect(throws: Never.self) {
            try source.requireCoverage(of: Period(start: Self.noon, end: Self.noon.advanced(bySeconds: 3600)))
        }
    }

    @Test(.enabled(if: hasData)) func surfaceAloneOrLevelsAloneSayWhatIsMissing() async throws {
        await #expect(throws: MeteorologyError.self) {
            _ = try await MeteorologyFiles.open([Self.surfacePath])
        }
        let source = try await MeteorologyFiles.open([Self.levelsPath])
        await #expect(
            throws: MeteorologyError.fields(
                .noSurfacePressure,
                paths: [Self.levelsPath],
                time: source.times[0]
            )
        ) {
            _ = try await source.hour(at: 0)
        }
    }

    @Test(.enabled(if: hasData)) func theDiagnosedBoundaryLayerIsNearTheModelsOwn() async throws {
        let source = try await MeteorologyFiles.open(Self.both)
        var (own, diagnosed) = ([Double](), [Double]())
        for index in source.times.indices {
            let hour = try await source.hour(at: index)
            own += hour.surface.boundaryLayerMetres.map(Double.init)
            diagnosed += BoundaryLayer.metres(of: hour).map(Double.init)
        }
        let (bias, correlation) = Self.comparison(own, diagnosed)
        // 20 m more than the model's own, at a correlation of 0.941.
        #expect(correlation > 0.93)
        #expect(abs(bias) < 40)
    }

    static func comparison(_ a: [Double], _ b: [Double]) -> (bias: Double, correlation: Double) {
        let count = Double(a.count)
        let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            ab += (x - meanA) * (y - meanB)
            aa += (x - meanA) * (x - meanA)
            bb += (y - meanB) * (y - meanB)
        }
        return (meanB - meanA, ab / (aa * bb).squareRoot())
    }
}
