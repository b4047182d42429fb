import Formats
import Foundation
import Geo
import Gridding
import TestSupport
import Testing

/// GDAL, where Python has it.
enum Rasterio {
    static let python = URL(filePath: "/usr/bin/env")
    static let isInstalled: Bool = {
        let process = Process()
        process.executableURL = python
        process.arguments = ["python3", "-c", "import rasterio"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// Picture, place, names, cells and sum of every band and values at positions, as GDAL sees them.
    static let script = """
        import rasterio, sys, numpy
        with rasterio.open(sys.argv[1]) as file:
            print(file.width, file.height, file.count, file.crs, *file.bounds)
            print(*file.descriptions)
            for band in range(1, file.count + 1):
                values = file.read(band)
                print(int(numpy.isfinite(values).sum()), float(numpy.nansum(values, dtype='f8')))
            for line in sys.argv[2:]:
                x, y = map(float, line.split(','))
                print(*[float(v) for v in next(file.sample([(x, y)]))])
        """
}

@Suite struct Level3RasterTests {
    @Test(.enabled(if: Rasterio.isInstalled)) func gdalFindsEveryCellWhereItIs() async throws {
        let product = try await Level3Products.realDays(withProfiles: false)
        let folder = try TemporaryFolder()
        let path = folder.file("days.tif").path
        try Level3Raster.write(product, to: path)
        let window = product.windows[0]
        let places = [0, window.cells.count / 2, window.cells.count - 1]
        let positions = places.map { place -> String in
            let (row, column) = window.cells[place].quotientAndRemainder(dividingBy: 180)
            return "\(window.grid.plane.across.centre(column)),\(window.grid.plane.along.centre(row))"
        }
        let run = try await ProgramRun.run(
            Rasterio.python,
            ["python3", "-c", Rasterio.script, path] + positions
        )
        let lines = run.standardOutput.split(separator: "\n")
        try #require(lines.count == 2 + 6 + 3, "\(run.standardError)")
        #expect(lines[0] == "180 90 6 EPSG:4326 -180.0 -90.0 180.0 90.0")
        #expect(lines[1].hasPrefix("xco2 2009-09-01T00:00:00Z/2009-09-02T00:00:00Z xco2_standard_error"))
        #expect(lines[2].hasPrefix("\(window.cells.count) "))
        #expect(lines[4] == "\(window.cells.count) \(Double(window.counts.reduce(0, +)))")
        #expect(lines[7].hasSuffix(" 423.0"))
        for (place, line) in zip(places, lines[8...]) {
            let values = line.split(separator: " ").prefix(3).compactMap { Double($0) }
            let expected = [window.means[place], window.standardErrors[place], Double(window.counts[place])]
            #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 3e-5 } && values.count == 3)
        }
    }

    @Test func theSameProductGivesTheSameBytes() async throws {
        let product = try await Level3Products.realDays(withProfiles: false)
        let folder = try TemporaryFolder()
        for name in ["a.tif", "b.tif"] { try Level3Raster.write(product, to: folder.file(name).path) }
        #expect(try Data(contentsOf: folder.file("a.tif")) == Data(contentsOf: folder.file("b.tif")))
    }
}
