import Formats
import Foundation
import Geo
import Gridding
import Quantities

/// `crosswind grid`: soundings to a Level 3 grid.
struct GridVerb: Verb {
    let name = "grid"
    let summary = "soundings to a Level-3 grid of means with errors and kernels"
    let operands = "FILE..."
    let discussion = """
        Reads OCO-2, OCO-3 and ACOS-GOSAT Lite files, keeps the soundings flagged good and averages those
        whose centre is in a cell. Every sounding left out is counted with its reason. The result does not
        depend on the order of the files.

            crosswind grid acos_LtCO2_09090*.nc4 --grid global-2deg --output level3.nc
            crosswind grid oco2_LtCO2_*.nc4 --box 73,3,136,54 --step 0.5 --output level3.nc
        """

    let isConfined = true

    let options: [OptionSpecification] = [
        .value("grid", "NAME|FILE", "a grid of the folder grids/, or a definition file FILE.json"),
        .value("box", "W,S,E,N", "instead of a grid: edges in degrees; W > E crosses the antimeridian"),
        .value("step", "DEGREES", "side of the square cells of a box"),
        .value("method", "centre", "which cells a sounding counts for (default and only: centre)"),
        .value("weighting", "NAME", "inverse-variance (default) or equal"),
        .value("shared-error", "PPM", "error that soundings of a cell share (default 0.8)"),
        .value("noise-factor", "FACTOR", "unshared error over reported uncertainty (default 1.6)"),
        .value("scale", "NAME", "x2007 (default), or x2019 from files that carry it"),
        .value("output", "FILE", "the netCDF file to write or replace"),
        .json,
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        let settings = try GridSettings(options)
        let outcome = try await GridRun(settings: settings).perform()
        let text = GridSummary(outcome: outcome, settings: settings)
        if options.isSet("json") {
            try JSONSummary.print(text.object)
        } else {
            try Terminal.write(text.lines.joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }
}
