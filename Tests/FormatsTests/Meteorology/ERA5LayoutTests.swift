import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Transport

@testable import Formats

@Suite struct ERA5LayoutTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func hour(_ samples: ERA5Sample..., index: Int = 0) async throws -> MeteorologyHour {
        let source = try await open(samples)
        return try await source.hour(at: index)
    }

    private func open(_ samples: [ERA5Sample]) async throws -> any MeteorologySource {
        try await MeteorologyFiles.open(try await paths(samples))
    }

    private func paths(_ samples: [ERA5Sample]) async throws -> [String] {
        var paths: [String] = []
        for (number, sample) in samples.enumerated() {
            let path = folder.file("part-\(number).nc").path
            try await sample.write(path)
            paths.append(path)
        }
        return paths
    }

    @Test func packedOldLayoutGivesWhatPlainNewLayoutGives() async throws {
        var new = ERA5Sample.plain
        (new.timeName, new.timeUnits, new.times) = (
            "valid_time", "seconds since 1970-01-01", [1_577_836_800, 1_577_840_400]
        )
        (new.levelName, new.levelUnits) = ("pressure_level", "hPa")
        var old = ERA5Sample.plain
        old.isPacked = true
        old.levels.reverse()
        old.onLevels["z"] = old.geopotential
        old.latitudes.reverse()
        let (a, b) = (try await hour(new), try await hour(old))
        #expect(a.time == ERA5Sample.start && b.time == ERA5Sample.start)
        for (x, y) in zip(a.heightMetres, b.heightMetres) { #expect(abs(x - y) < 1) }
        #expect(b.temperatureKelvin.allSatisfy { abs($0 - 280) < 0.01 })
        #expect(b.alongRows.allSatisfy { abs($0 + 2) < 0.01 })
        #expect(abs(a.heightMetres[0] - 110) < 1e-3 && abs(a.heightMetres[12] - 1500) < 1e-3)
    }

    @Test func latitudesOfEitherOrderGiveRowsFromTheSouth() async throws {
        var south = ERA5Sample.plain
        south.onLevels["u"] = (0..<48).map { Double($0 % 12 / 4) }
        var north = south
        north.latitudes.reverse()
        // Stored from the north the first row is the northernmost one.
        #expect(
            try await hour(south).alongColumns.prefix(12).map { $0 } == [2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0]
        )
        #expect(
            try await hour(north).alongColumns.prefix(12).map { $0 } == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
        )
    }

    @Test func sinkingAirGainsPressureAndFluxesPointUpward() async throws {
        var sample = ERA5Sample.plain
        sample.onLevels["w"] = [1]
        sample.atSurface["sshf"] = [-360_000]
        let hour = try await hour(sample)
        // rho g at 1000 hPa and 280 K is 12.2 Pa/m.
        let expected = -1 / (100_000 / (287.05 * 280) * 9.80665)
        #expect(abs(Double(hour.upward[0]) - expected) < 1e-6)
        #expect(hour.surface.sensibleHeatFlux.allSatisfy { $0 == 100 })
    }

    @Test func preliminaryDataFillWhatTheFinalLack() async throws {
        var sample = ERA5Sample.plain
        sample.versions = 2
        let (final, none) = ([Double](repeating: 290, count: 12), [Double](repeating: .nan, count: 12))
        let preliminary = [Double](repeating: 295, count: 12)
        for name in ["sp", "z", "u10", "v10"] {
            sample.atSurface[name] = [sample.atSurface[name]?.first ?? 0]
        }
        sample.atSurface["t2m"] = final + none + none + preliminary
        #expect(try await hour(sample, index: 0).surface.temperatureKelvin.allSatisfy { $0 == 290 })
        #expect(try await hour(sample, index: 1).surface.temperatureKelvin.allSatisfy { $0 == 295 })
    }

    @Test func modelLevelsGetPressureFromTheirCoefficients() async throws {
        var sample = ERA5Sample.plain
        (sample.levelName, sample.levelUnits, sample.levels) = ("hybrid", "1", [136, 137])
        sample.onLevels["z"] = nil
        sample.hybrid = (a: [10, 0], b: [0.99, 0.9988])
        let hour = try await hour(sample)
        #expect(abs(hour.pressurePascal[0] - 101_000 * 0.9988) < 0.1)
        let expected = 287.05 / 9.80665 * (283 + 280) / 2 * log(1 / 0.9988)
        #expect(abs(Double(hour.heightMetres[0]) - expected) < 1e-3)
        sample.hybrid = nil
        let error = try await #require(throws: MeteorologyError.self) { _ = try await self.open([sample]) }
        #expect(error.line.contains("hyam") && error.line.contains("cdo"))
    }

    @Test func levelsBelowAMountainGiveWayToTheWindNearIt() async throws {
        var sample = ERA5Sample.plain
        sample.atSurface["z"] = [500 * 9.80665]
        sample.atSurface["sp"] = [95_500]
        let hour = try await hour(sample)
        #expect(hour.heightMetres[0] == 10 && abs(hour.heightMetres[12] - 1000) < 1e-2)
        #expect(hour.alongColumns[0] == 3 && hour.alongRows[0] == -1)
        #expect(hour.pressurePascal[0] < 95_500 && hour.pressurePascal[0] > 95_300)
    }

    @Test func terrainAndSurfacePressureFollowFromEachOther() async throws {
        var sample = ERA5Sample.plain
        let scale = (1500 - 110) / log(1000.0 / 850)
        sample.atSurface["z"] = nil
        let terrain = try await hour(sample).surface.terrainMetres[0]
        #expect(abs(Double(terrain) - (110 - scale * log(1010.0 / 1000))) < 1e-2)
        sample.atSurface = ["z": [0], "t2m": [283]]
        let pressure = try await hour(sample).surface.pressurePascal[0]
        #expect(abs(Double(pressure) - 100_000 * exp(110 / scale)) < 0.1)
    }

    @Test func daysInSeveralFilesBecomeOne() async throws {
        var later = ERA5Sample.plain
        later.times = [1_051_898, 1_051_899]
        var surface = ERA5Sample.plain
        surface.times = [1_051_896, 1_051_897, 1_051_898, 1_051_899]
        surface.onLevels = [:]
        var earlier = ERA5Sample.plain
        (earlier.atSurface, later.atSurface) = ([:], [:])
        let source = try await open([later, surface, earlier])
        #expect(source.times == (0..<4).map { ERA5Sample.start.advanced(bySeconds: Double($0) * 3600) })
        surface.times.remove(at: 1)
        let gappy = try await open([later, surface, earlier])
        let period = Period(start: ERA5Sample.start, end: ERA5Sample.start.advanced(bySeconds: 10_800))
        let gap = try #require(throws: MeteorologyGap.self) { try gappy.requireCoverage(of: period) }
        #expect(gap.missing == ERA5Sample.start.advanced(bySeconds: 3600))
        #expect(gap.lacking == "`sp` at the surface" && gap.line.contains("`sp`"))
    }

    @Test func fieldsOfEachThirdHourBesideHourlyWindsAreAGap() async throws {
        var sample = ERA5Sample.plain
        sample.times = (0..<7).map { 1_051_896 + Double($0) }
        sample.onLevels["z"] = sample.geopotential
        var heights = sample
        (heights.onLevels, heights.atSurface, heights.times) = (
            [:], ["blh": [500]], [1_051_896, 1_051_899, 1_051_902]
        )
        let source = try await open([sample, heights])
        #expect(source.times.count == 3)
        let day = Period(start: ERA5Sample.start, end: ERA5Sample.start.advanced(bySeconds: 6 * 3600))
        let gap = try #require(throws: MeteorologyGap.self) { try source.requireCoverage(of: day) }
        #expect(
            gap.lacking == "`blh` at the surface" && gap.missing == ERA5Sample.start.advanced(bySeconds: 3600)
        )
    }

    @Test func theStepOfAllFilesTellsAGapThatFillsTheWindow() async throws {
        var sample = ERA5Sample.plain
        sample.times = [0, 1, 2, 3, 9, 10].map { 1_051_896 + $0 }
        sample.onLevels["z"] = sample.geopotential
        let window = Period(
            start: ERA5Sample.start.advanced(bySeconds: 6 * 3600),
            end: ERA5Sample.start.advanced(bySeconds: 8 * 3600)
        )
        let source = try await MeteorologyFiles.open(try await paths([sample]), window: window)
        #expect(source.times.count == 2)
        let gap = try #require(throws: MeteorologyGap.self) { try source.requireCoverage(of: window) }
        #expect(gap.missing == window.start)
    }

    @Test func duplicatesMustAgree() async throws {
        let sample = ERA5Sample.plain
        #expect(try await hour(sample, sample).alongColumns[0] == 5)
        var other = sample
        other.onLevels["u"] = [5.5]
        let error = try await #require(throws: MeteorologyError.self) {
            _ = try await self.hour(sample, other)
        }
        #expect(
            error.line.contains("levels.u") && error.line.contains("part-0") && error.line.contains("part-1")
        )
        other.longitudes = [11, 11.25, 11.5, 11.75]
        await #expect(throws: MeteorologyError.self) { _ = try await self.open([sample, other]) }
    }

    @Test func aBoxAcrossTheSeamOfTheGlobeIsOnePiece() async throws {
        var sample = ERA5Sample.plain
        sample.longitudes = (0..<36).map { Double($0) * 10 }
        sample.latitudes = [90, 80, 70, 60, 50]
        sample.onLevels["u"] = (0..<2 * 2 * 5 * 36).map { Double($0 % 36) }
        sample.onLevels["z"] = sample.geopotential
        let paths = try await paths([sample])
        let box = try #require(BoundingBox(west: -15, south: 62, east: 12, north: 78))
        let part = try await MeteorologyFiles.read(paths, box: box, marginCells: 0)
        let grid = try #require(part.grid.longitudeLatitude)
        // The row at the pole is no cell.
        #expect(grid.rows == 3 && grid.latitude.centres == [60, 70, 80])
        #expect(grid.longitude.centres == [340, 350, 360, 370, 380])
        #expect(part.hours[0].alongColumns.prefix(5).map { $0 } == [34, 35, 0, 1, 2])
        #expect(grid.cell(longitude: 1, latitude: 61) == 2)
    }

    @Test func valuesMissingAboveTheGroundAreRefused() async throws {
        var sample = ERA5Sample.plain
        var values = [Double](repeating: 5, count: 48)
        values[3] = .nan
        sample.onLevels["u"] = values
        let error = try await #require(throws: MeteorologyError.self) { _ = try await self.hour(sample) }
        #expect(error.line.contains("wind along columns has a missing value"))
    }

    @Test func otherFilesAreRefusedByContent() async throws {
        let path = folder.file("x.nc").path
        try Data("GRIB and more".utf8).write(to: URL(filePath: path))
        let error = try await #require(throws: MeteorologyError.self) {
            _ = try await MeteorologyFiles.open([path])
        }
        #expect(error.line.contains("GRIB"))
        await #expect(throws: MeteorologyError.missingFile(path: "/nowhere.nc")) {
            _ = try await MeteorologyFiles.open(["/nowhere.nc"])
        }
        let whole = folder.file("whole.nc").path
        try await ERA5Sample.plain.write(whole)
        let data = try Data(contentsOf: URL(filePath: whole))
        for share in [0.3, 0.6, 0.9, 0.99] {
            try data.prefix(Int(Double(data.count) * share)).write(to: URL(filePath: path))
            await #expect(throws: MeteorologyError.self) {
                _ = try await MeteorologyFiles.open([path])
            }
        }
    }

    @Test(.enabled(if: Places.shared("met/era5-surface/oemof_ERA5_example_data.nc") != nil))
    func theOldLayoutOfTheStoreIsRead() async throws {
        let path = try #require(Places.shared("met/era5-surface/oemof_ERA5_example_data.nc")).path
        let file = try await ERA5File(path)
        #expect(file.times[100] == Instant(CivilTime(year: 2017, month: 1, day: 5, hour: 4)))
        let subset = GridSubset(.longitudeLatitude(file.grid))
        let reader = ERA5Reader(description: file, subset: subset, order: [])
        let fields = try await reader.read(["surface.sp", "surface.fsr"], times: 100..<102)
        let (pressure, roughness) = (try #require(fields["surface.sp"]), try #require(fields["surface.fsr"]))
        #expect(pressure.count == 12)
        // Row 1 and column 2 of the file, which begins in the north.
        #expect(abs(pressure[2] - 101_103.467) < 0.01)
        #expect(abs(roughness[2] - 0.69505532) < 1e-6)
    }
}
