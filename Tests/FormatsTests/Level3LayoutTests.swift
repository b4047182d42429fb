import Formats
import Foundation
import Geo
import Gridding
import NetCDF
import Quantities
import TestSupport
import Testing

@Suite struct Level3LayoutTests {
    @Test @NetCDFThread func windowsFollowEachOtherInTime() async throws {
        let product = try await Level3Products.realDays()
        let folder = try TemporaryFolder()
        let path = folder.file("days.nc").path
        try await Level3Writer.write(product, to: path)
        let file = try NetCDFFile(reading: path)
        let first = Instant(CivilTime(year: 2009, month: 9, day: 1)).secondsSince1970
        #expect(try file.doubles("time_bnds") == [first, first + 86_400, first + 86_400, first + 172_800])
        let means = try file.doubles("xco2", shape: [2, 90, 180])
        let neff = try file.doubles("xco2_neff", shape: [2, 90, 180])
        for (index, window) in product.windows.enumerated() {
            let plane = means[(index * 16_200)..<((index + 1) * 16_200)]
            #expect(plane.count(where: { $0.isFinite }) == window.cells.count)
            for (place, cell) in window.cells.enumerated() {
                #expect(means[index * 16_200 + cell] == window.means[place])
                #expect(neff[index * 16_200 + cell] == window.effectiveCounts[place])
            }
        }
        #expect(try file.integers("xco2_nobs").reduce(0, +) == 350 + 423)
        let resolution = file.text("time_coverage_resolution")
        #expect(resolution == "P1D")
    }

    @Test @NetCDFThread func obs4MIPsComesBackThroughItsReader() async throws {
        let product = try await Level3Products.realDays()
        let folder = try TemporaryFolder()
        let path = folder.file("obs4mips.nc").path
        try await Level3Writer.write(product, layout: .obs4mips, to: path)
        let file = try await Obs4MIPsFile.read(path)
        #expect(file.gas == .co2 && file.latitudes.count == 90 && file.longitudes.count == 180)
        #expect(file.times == [1, 2].map { Instant(CivilTime(year: 2009, month: 9, day: $0, hour: 12)) })
        let cells = product.windows.flatMap { window in
            window.cells.indices.map { (window.means[$0], window.standardErrors[$0], window.counts[$0]) }
        }
        #expect(file.cells.count == cells.count)
        for (cell, (mean, error, count)) in zip(file.cells, cells) {
            // Floats of 4e-4 mol/mol are 3e-11 apart.
            #expect(abs(cell.mean - mean) < 3e-5 && abs(cell.standardError - error) < 1e-6)
            #expect(cell.soundings == Double(count))
        }
        let missing = file.means.count(where: { $0.isNaN })
        #expect(missing == 2 * 16_200 - cells.count)
    }

    @Test @NetCDFThread func obs4MIPsHoldsTheProfilesOfTheLayout() async throws {
        let product = try await Level3Products.realDays()
        let folder = try TemporaryFolder()
        let path = folder.file("obs4mips.nc").path
        try await Level3Writer.write(product, layout: .obs4mips, to: path)
        let file = try NetCDFFile(reading: path)
        let dimensions = try file.dimensionNames(of: "column_averaging_kernel")
        #expect(dimensions == ["time", "pressure", "lat", "lon"])
        let priors = try file.doubles("vmr_profile_co2_apriori", shape: [2, 20, 90, 180])
        let finite = priors.filter { $0.isFinite && $0 < 1e19 }
        let cells = product.windows.map(\.cells.count).reduce(0, +)
        #expect(finite.count == cells * 20 && finite.allSatisfy { (3e-4...5e-4).contains($0) })
        let levels = try file.doubles("pre")
        let bounds = try file.doubles("pre_bnds")
        #expect(levels.last == 1 && zip(levels, levels.dropFirst()).allSatisfy(<))
        #expect(bounds.first == 0 && abs((bounds.last ?? 0) - 1) < 1e-7)
        for level in 0..<20 {
            #expect(bounds[2 * level] <= levels[level] && levels[level] <= bounds[2 * level + 1] + 1e-7)
        }
    }

    @Test(arguments: Level3Layout.allCases) func theSameProductGivesTheSameBytes(_ layout: Level3Layout)
        async throws
    {
        let product = try await Level3Products.realDays()
        let folder = try TemporaryFolder()
        for name in ["a.nc", "b.nc"] {
            try await Level3Writer.write(product, layout: layout, to: folder.file(name).path)
        }
        let first = try Data(contentsOf: folder.file("a.nc"))
        #expect(try first == Data(contentsOf: folder.file("b.nc")))
    }

    @Test @NetCDFThread func tilesOfALargeGridAreWrittenWholly() async throws {
        let grid = try Level3Products.grid(
            BoundingBox(west: 73, south: 18, east: 135, north: 54),
            stepDegrees: 0.1
        )
        let product = try Level3Products.everyCell(of: grid) { $0 % 3 != 0 || $0 > 150_000 }
        let folder = try TemporaryFolder()
        let path = folder.file("tiles.nc").path
        try await Level3Writer.write(product, to: path)
        let file = try NetCDFFile(reading: path)
        let means = try file.doubles("xco2", shape: [1, 360, 620])
        let window = product.windows[0]
        #expect(means.count(where: { $0.isFinite }) == window.cells.count)
        #expect(window.cells.indices.allSatisfy { means[window.cells[$0]] == window.means[$0] })
        let hasProfiles = try file.variableNames().contains("averaging_kernel")
        #expect(!hasProfiles)
    }

    @Test(arguments: Level3Layout.allCases) @NetCDFThread func methaneInLayersIsWritten(
        _ layout: Level3Layout
    ) async throws {
        let grid = try Level3Products.grid(BoundingBox(west: 0, south: 0, east: 4, north: 3), stepDegrees: 1)
        let product = try Level3Products.everyCell(of: grid, gas: .ch4, layers: 4)
        let folder = try TemporaryFolder()
        let path = folder.file("methane.nc").path
        try await Level3Writer.write(product, layout: layout, to: path)
        let file = try NetCDFFile(reading: path)
        let means = try file.doubles("xch4", shape: [1, 3, 4])
        let unit = layout == .full ? 1.0 : 1e-6
        #expect(zip(means, product.windows[0].means).allSatisfy { abs($0 - $1 * unit) < 1e-6 * unit })
        switch layout {
        case .full:
            let pressures = try file.doubles("pressure_boundaries", shape: [1, 5, 3, 4])
            #expect(pressures.prefix(12).allSatisfy { $0 == 0 } && pressures.last == 1000)
        case .obs4mips:
            #expect(try file.doubles("pressure") == [125, 375, 625, 875])
            #expect(try file.doubles("pre") == [0.125, 0.375, 0.625, 0.875])
            #expect(try file.doubles("vmr_profile_ch4_apriori").count == 48)
        }
    }

    @Test func windowsOfTwoKindsAreNotOneProduct() async throws {
        let product = try await Level3Products.realDays()
        let other = try await Level3Products.realDays(withProfiles: false)
        let mixed = Level3Product(
            [product.windows[0], other.windows[1]],
            tally: product.tally,
            provenance: product.provenance
        )
        #expect(mixed == nil)
        #expect(Level3Product([], tally: product.tally, provenance: product.provenance) == nil)
    }
}
