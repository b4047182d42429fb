import Foundation
import NetCDF
import TestSupport

/// A global inventory of 0.1 degree to a grid of China of 0.05 degree, conservatively, from the start of the program to
/// the written file: ours against `cdo -P 2 remapcon`, on a file that is made for it, uncompressed on all sides of
/// reading.
struct Regridding: Race {
    let name = "regridding"

    func run() async throws {
        let folder = try TemporaryFolder()
        let input = folder.file("made_CO2_2018_TOTALS.nc").path
        try await write(input)
        let grid = folder.file("grid.txt")
        try Data(Self.target.utf8).write(to: grid)
        let hasCDO =
            try await ProgramRun.run(URL(filePath: "/usr/bin/env"), ["cdo", "--version"]).status == 0
        for round in 1...3 {
            try await report(
                "crosswind inventory --regrid round \(round)",
                [
                    Places.crosswind.path, "inventory", input, "--regrid", "--box", "73,3,136,54", "--step",
                    "0.05", "--output", folder.file("ours.nc").path,
                ]
            )
            guard hasCDO else { continue }
            let remap = "remapcon,\(grid.path)"
            try await report(
                "cdo -P 2 remapcon round \(round)",
                ["cdo", "-s", "-O", "-P", "2", remap, input, folder.file("theirs.nc").path]
            )
        }
        if !hasCDO { print("cdo is not installed") }
    }

    private static let target = """
        gridtype = lonlat
        xsize = 1260
        ysize = 1020
        xfirst = 73.025
        xinc = 0.05
        yfirst = 3.025
        yinc = 0.05

        """

    /// In the layout of EDGAR; a third of the cells emits.
    @NetCDFThread
    private func write(_ path: String) throws {
        let (rows, columns) = (1800, 3600)
        var file = try NetCDFWriter(replacing: path)
        for (name, count, unit) in [("lat", rows, "degrees_north"), ("lon", columns, "degrees_east")] {
            try file.defineDimension(name, length: count)
            try file.defineVariable(
                name,
                .double,
                dimensions: [name],
                attributes: [("units", .text(unit))]
            )
        }
        try file.defineVariable(
            "emi_co2",
            .float,
            dimensions: ["lat", "lon"],
            attributes: [("units", "kg m-2 s-1")]
        )
        try file.write((0..<rows).map { -89.95 + 0.1 * Double($0) }, to: "lat")
        try file.write((0..<columns).map { -179.95 + 0.1 * Double($0) }, to: "lon")
        var generator = SeededGenerator(seed: 7)
        let values = (0..<(rows * columns)).map { _ in
            max(0, Double.random(in: -2e-8..<1e-8, using: &generator))
        }
        try file.write(values, to: "emi_co2")
        try file.commit()
    }

    /// Wall and processor seconds and the largest memory, as GNU time gives them.
    private func report(_ label: String, _ command: [String]) async throws {
        let format = ["-f", "%e s wall, %U + %S s processor, %M KiB"]
        let run = try await ProgramRun.run(URL(filePath: "/usr/bin/time"), format + command)
        let figures = run.standardError.split(separator: "\n").last ?? ""
        print(label, figures, run.status == 0 ? "" : "status \(run.status)")
    }
}
