import Formats
import Foundation
import Quantities

/// `crosswind grid`: soundings to a Level 3 grid.
struct GridVerb: Verb {
    let name = "grid"
    let summary = "soundings to a Level-3 grid of means with errors and kernels"
    let operands = "FILE..."
    let discussion = """
        Reads soundings of OCO-2, OCO-3, GOSAT, GOSAT-2, TanSat, Sentinel-5P, GHG-CCI and C3S products, swaths
        of simulated CO2M, and CSV, known by what is in the file and not by its name. Keeps those flagged good
        and averages them by cell; every sounding left out is counted with its reason. The result does not
        depend on the order of the files or on the number of threads: same inputs, same bytes.

            crosswind grid acos_LtCO2_09090*.nc4 --grid global-2deg --output level3.nc
            crosswind grid oco2_LtCO2_*.nc4 --box 73,3,136,54 --step 0.1 --method polygon --window month \\
                --sums kept --output level3.nc
            crosswind grid --inspect S5P_OFFL_L2__CH4_*.nc

        With --sums the sums of each file are kept in a folder. A later run with the same options then reads
        only files that are new, and its result is that of a run over all of them from scratch.

        Soundings of several products on one scale are averaged as they are: the summary names each product
        with its soundings and warns of it. Unfinished outputs of a run that was killed (FILE.partial-PID)
        are removed by the next run to the same output.
        """
    let isConfined = true

    let options: [OptionSpecification] = [
        .flag("inspect", "say what the files are and hold, and whether they agree with themselves; no grid"),
        .value(
            "grid",
            "NAME|FILE",
            "a grid of the folder grids/, or a definition file FILE.json: longitude and\n"
                + "latitude, or square cells in the plane of a map projection"
        ),
        .value("box", "W,S,E,N", "instead of a grid: edges in degrees; W > E crosses the antimeridian"),
        .value("step", "DEGREES", "side of the square cells of a box"),
        .value(
            "method",
            "NAME",
            "which cells a sounding counts for: that of its centre (default), those\n"
                + "its footprint covers (polygon), or those the instrument sees (response)"
        ),
        .value(
            "weighting",
            "NAME",
            "inverse-variance, equal, area or area-and-precision; by default\n"
                + "inverse-variance for centre, else area-and-precision"
        ),
        .value("window", "NAME", "all (default), day, 8-day, month, season or year, in UTC"),
        .flag("no-kernels", "leave kernels, pressure weights and priors unread: several times faster"),
        .value(
            "error-model",
            "NAME",
            "shared (default): a^2 + b^2/n of Kulawik et al. 2016; correlated: along\n"
                + "and across the track, Baker et al. 2022, with a part for uncovered area"
        ),
        .value("shared-error", "PPM", "error that soundings of a cell share (0.8; correlated 0.3)"),
        .value("noise-factor", "FACTOR", "unshared error over reported uncertainty (1.6; correlated 1)"),
        .value("scale", "NAME", "x2007 or x2019, where a file carries it (that of the product)"),
        .value(
            "limit",
            "NAME=LOW..HIGH",
            "leave out soundings beyond: `column`, `uncertainty` (ppm) or a\n"
                + "variable of the file; may be repeated"
        ),
        .value("assume-uncertainty", "PPM", "for products that give no uncertainty"),
        .value("regions", "FILE", "polygons in GeoJSON: print the mean over each"),
        .value("sums", "FOLDER", "keep the sums of each file here and use those kept before"),
        .value("drop", "NAME", "with --sums: forget the sums of a file first; may be repeated"),
        .flag("replace", "with --sums: new files take the place of kept ones with the same soundings"),
        .value("threads", "N", "how many threads read and place (all processors)"),
        .flag("check-biases", "look for biases between footprints, land and water, modes and swaths"),
        .value(
            "tccon",
            "FILE",
            "compare with the columns of a TCCON site, kernels exchanged; may be repeated"
        ),
        .value("output", "FILE", "the netCDF file to write or replace"),
        .value("layout", "NAME", "full (default), or obs4mips as the merged GHG-CCI and C3S products"),
        .value("publication", "FILE.json", "who publishes: identifier, institution, creator, licence, ..."),
        .value("csv", "FILE", "also a table, one line a filled cell"),
        .value("geotiff", "FILE", "also an image of means, standard errors and counts"),
        .value("maps", "FILE", "also netCDF maps: gaps filled by kriging, enhancement above the background"),
        .value("page", "FOLDER", "also a page on the quality of the product, soundings-en.html and -zh.html"),
        .json,
    ]

    func outputs(_ options: Options) -> [String] {
        ["output", "csv", "geotiff", "maps"].compactMap { options.text($0) }
    }

    func run(_ options: Options) async throws -> ExitStatus {
        try options.refuseRepeats(except: ["limit", "drop", "tccon"])
        if options.isSet("inspect") { return try await inspect(options) }
        try options.refuse(["box", "step"], beside: "grid")
        let settings = try GridSettings(options)
        for output in outputs(options) { PartialFiles.removeStale(of: output) }
        let outcome = try await GridRun(settings: settings).perform()
        let text = GridSummary(outcome: outcome, settings: settings)
        if options.isSet("json") {
            try JSONSummary.print(text.object)
        } else {
            try Terminal.write(text.lines.joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }

    private func inspect(_ options: Options) async throws -> ExitStatus {
        guard !options.operands.isEmpty else {
            throw UsageError.operands(expected: "at least one file of soundings", verb: name)
        }
        let read = ["inspect", "scale", "limit", "assume-uncertainty", "json"]
        try options.refuse(self.options.map(\.name).filter { !read.contains($0) }, beside: "inspect")
        let reading = try SoundingSettings.options(options)
        var inspections: [SoundingInspection] = []
        for file in options.operands {
            inspections.append(try await GridInspection.inspect(file, reading))
        }
        if options.isSet("json") {
            try JSONSummary.print(GridInspection(files: inspections))
        } else {
            let texts = inspections.map { $0.lines.joined(separator: "\n") }
            try Terminal.write(texts.joined(separator: "\n\n"), to: .standardOutput)
        }
        return .success
    }
}
