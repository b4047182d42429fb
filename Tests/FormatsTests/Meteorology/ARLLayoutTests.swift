import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Transport

@testable import Formats

@Suite struct ARLLayoutTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ samples: ARLSample..., box: BoundingBox? = nil) async throws -> any MeteorologySource
    {
        var paths: [String] = []
        for (number, sample) in samples.enumerated() {
            let path = folder.file("part-\(number)").path
            try Data(sample.bytes).write(to: URL(filePath: path))
            paths.append(path)
        }
        return try await MeteorologyFiles.open(paths, box: box)
    }

    /// Level `level` of the first cell.
    private func at(_ values: [Float], _ level: Int, cells: Int = 154) -> Double {
        Double(values[level * cells])
    }

    @Test func pressureLevelsKeepTheirHeights() async throws {
        let source = try await open(ARLSample())
        #expect(source.times.map { $0.description } == ["2021-07-25T00:00:00Z", "2021-07-25T06:00:00Z"])
        let grid = try #require(source.grid.longitudeLatitude)
        #expect(grid.latitude.centre(0) == 2 && grid.longitude.centre(13) == 8)
        let hour = try await source.hour(at: 1)
        #expect(at(hour.heightMetres, 0) == 450 && at(hour.heightMetres, 2) == 5500)
        #expect(at(hour.pressurePascal, 1) == 90_000)
        // 0.01 hPa/s sinking.
        let density = 95_000 / (287.05 * 285 * (1 + 0.608 * 0.005))
        #expect(abs(at(hour.upward, 0) + 1 / (density * 9.80665)) < 1e-6)
        // What is not given aloft counts as none.
        #expect(at(hour.upward, 2) == 0 && at(hour.specificHumidity, 2) == 0)
        #expect(at(hour.alongColumns, 2) == 20 && hour.surface.terrainMetres[0] == 100)
        // Diagnosed.
        #expect(hour.surface.boundaryLayerMetres.count == 154)
    }

    @Test func sigmaLevelsFollowSurfacePressure() async throws {
        var sample = ARLSample()
        (sample.vertical, sample.numbers[11]) = (1, 10)
        for (level, sigma) in [1, 0.99, 0.9, 0.5].enumerated() { sample.levels[level].value = sigma }
        let hour = try await open(sample).hour(at: 0)
        #expect(abs(at(hour.pressurePascal, 0) - 100 * (10 + 990 * 0.99)) < 0.1)
        // Layer mean of virtual temperature between ground and level.
        let kelvin = (288 + 285) / 2 * (1 + 0.608 * 0.005)
        let expected = 287.05 / 9.80665 * kelvin * log(1000 / (10 + 990 * 0.99))
        #expect(abs(at(hour.heightMetres, 0) - expected) < 1e-2)
        sample.levels[1].fields.append(("PRES", 988))
        for level in 2...3 { sample.levels[level].fields.append(("PRES", level == 2 ? 900 : 500)) }
        #expect(try await at(open(sample).hour(at: 0).pressurePascal, 0) == 98_800)
        sample.vertical = 5
        #expect(try await at(open(sample).hour(at: 0).pressurePascal, 0) == 98_800)
    }

    @Test func hybridLevelsHoldPressureAndShareInOneNumber() async throws {
        var sample = ARLSample()
        sample.vertical = 4
        for (level, value) in [1, 0.99, 20.9, 100.4].enumerated() { sample.levels[level].value = value }
        let hour = try await open(sample).hour(at: 0)
        #expect(abs(at(hour.pressurePascal, 0) - 99_000) < 1)
        #expect(abs(at(hour.pressurePascal, 1) - 92_000) < 10)
        #expect(abs(at(hour.pressurePascal, 2) - 50_000) < 10)
    }

    @Test func levelsOfHeightGetPressureThroughTemperature() async throws {
        var sample = ARLSample()
        sample.vertical = 3
        for (level, value) in [0.0, 20, 500, 5000].enumerated() { sample.levels[level].value = value }
        let hour = try await open(sample).hour(at: 0)
        #expect(at(hour.heightMetres, 1) == 500)
        #expect(abs(at(hour.pressurePascal, 0) - 100_000 * exp(-9.80665 * 20 / (287.05 * 285))) < 0.1)
    }

    @Test func lettersHoldThousandsAndAnIndexMayTakeSeveralRecords() async throws {
        var sample = ARLSample()
        (sample.columns, sample.rows) = (1010, 2)
        sample.numbers = [12, 8, 0.1, 0.1, 0, 0, 0, 1, 1, 2, -5, 0]
        let wide = try await open(sample)
        #expect(wide.grid.columns == 1010 && wide.grid.rows == 2)
        #expect(try await wide.hour(at: 1).alongColumns[2020] == 7)
        var small = ARLSample()
        (small.columns, small.rows) = (11, 10)
        for number in 0..<5 {
            let height = Double(7000 + 1000 * number)
            let fields = [("HGTS", height), ("TEMP", 240), ("UWND", Double(number)), ("VWND", 1)]
            small.levels.append((value: Double(400 - 50 * number), fields: fields))
        }
        let source = try await open(small)
        #expect(source.times.count == 2)
        let hour = try await source.hour(at: 1)
        #expect(at(hour.alongColumns, 7, cells: 110) == 4)
    }

    /// Corners by `arlmet` 0.1.0b4 with pyproj.
    @Test(arguments: [
        ([90, 0, 25, -95, 12, 0, 30, 1, 1, 20, -110, 0], (-110.0, 20.0), (-108.036409, 21.734677)),
        (
            [90, 0, 60, -105, 190.5, 0, 90, 23, 20, 90, 0, 0], (-154.184916, 40.049301),
            (-135.963757, 79.324474)
        ),
        ([-90, 0, -60, 10, 50, 0, -90, 1, 1, -50, -30, 0], (-30.0, -50.0), (-14.521284, -49.272827)),
        ([90, 0, 15, 110, 20, 0, 0, 5, 5, 10, 105, 0], (104.255186, 9.265693), (107.793051, 11.82827)),
    ])
    func projectionsAreThoseOfHYSPLIT(
        numbers: [Double],
        first: (Double, Double),
        last: (Double, Double)
    ) throws {
        let (grid, below) = try ARLGeometry(numbers: numbers, columns: 20, rows: 15).grid()
        let corners = grid.centres(of: [0, 299])
        #expect(below == 0)
        #expect(abs(corners.longitudes[0] - first.0) < 2e-6 && abs(corners.latitudes[0] - first.1) < 2e-6)
        #expect(abs(corners.longitudes[1] - last.0) < 2e-6 && abs(corners.latitudes[1] - last.1) < 2e-6)
    }

    @Test func turnedGridsAndOtherGridsAreRefused() async throws {
        var turned = ARLSample()
        (turned.numbers[4], turned.numbers[5]) = (12, 30)
        let error = try await #require(throws: MeteorologyError.self) { _ = try await self.open(turned) }
        #expect(error.line.contains("turned"))
        var other = ARLSample()
        other.numbers[9] = 3
        await #expect(throws: MeteorologyError.self) { _ = try await self.open(ARLSample(), other) }
    }

    @Test func duplicatesMustAgree() async throws {
        let same = try await open(ARLSample(), ARLSample())
        #expect(try await same.hour(at: 0).alongColumns[0] == 5)
        var other = ARLSample()
        other.levels[2].fields[2].value = 8
        let source = try await open(ARLSample(), other)
        let error = try await #require(throws: MeteorologyError.self) { _ = try await source.hour(at: 0) }
        #expect(error.line.contains("UWND"))
    }

    @Test func aBoxCutsRecords() async throws {
        var sample = ARLSample()
        (sample.columns, sample.rows) = (20, 15)
        let box = try #require(BoundingBox(west: 0.2, south: 6.2, east: 1, north: 7))
        let hour = try await open(sample, box: box)
        #expect(hour.grid.rows == 6 && hour.grid.columns == 6)
        #expect(try await hour.hour(at: 0).alongColumns.count == 3 * 36)
    }
}
