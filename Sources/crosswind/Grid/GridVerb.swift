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
        depend on the order of the files or on the number of threads. The outputs name the day on which they
        were made, or the moment of the environment variable SOURCE_DATE_EPOCH (seconds since 1970): with that
        set, or within a UTC day, the same inputs and options give the same bytes.

            crosswind grid acos_LtCO2_09090*.nc4 --grid global-2deg --output level3.nc
            crosswind grid oco2_LtCO2_*.nc4 --box 73,3,136,54 --step 0.1 --method polygon --window month \\
                --sums kept --output level3.nc
            crosswind grid --inspect S5P_OFFL_L2__CH4_*.nc

        With --sums the sums of each file are kept in a folder. A later run with the same options then reads
        only files that are new, and its result is that of a run over all of them from scratch.

        CSV: a header and columns separated by commas, UTF-8. time (ISO 8601, UTC where no zone is given; or
        year, month, day[, hour, minute, second]), latitude, longitude (degrees, WGS 84), xco2 (ppm); optional
        xco2_uncertainty (ppm), xco2_apriori (ppm), quality_flag (0 is good), sounding_id. CO2 alone.

        Standard errors, --error-model shared: error^2 = a^2 + b^2 noise^2, with a = 0.8 ppm shared by the
        soundings of a cell and b = 1.6 times the reported noise for CO2 (after Kulawik et al. 2016), 0.006 ppm
        and 2.0 for CH4 (after Lorente et al. 2021). correlated: a = 0.3 ppm, b = 1 and 0.6 ppm that decays over
        15 km along and 4 footprints across the track for CO2 (after Baker et al. 2022), 0.003 and 0.006 ppm for
        CH4; with polygon and response a part for uncovered area too, from the scatter of the soundings, or from
        0.5 ppm (CH4 0.01 ppm) below three of them.

        On a grid of longitude and latitude footprints round a pole have no shape: polygon and response count
        them as polar_footprint. A grid in a polar stereographic projection takes them.

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
            "shared (default), or correlated along and across the track, with a part\n"
                + "for uncovered area where the method knows it (polygon, response)"
        ),
        .value("shared-error", "PPM", "error that soundings of a cell share: a, above"),
        .value("noise-factor", "FACTOR", "unshared error over reported uncertainty: b, above"),
        .value("scale", "NAME", "x2007 or x2019, where a file carries it (that of the product)"),
        .value(
            "limit",
            "NAME=LOW..HIGH",
            "leave out soundings beyond: `column`, `uncertainty` (ppm) or a variable\n"
                + "with one value a sounding; may be repeated, and then all must hold"
        ),
        .value("assume-uncertainty", "PPM", "for files that give no uncertainty; of no effect on others"),
        .value("regions", "FILE", "polygons in GeoJSON: print the mean over each"),
        .value("sums", "FOLDER", "keep the sums of each file here and use those kept before"),
        .value("drop", "NAME", "with --sums: forget the sums of a file first; may be repeated"),
        .flag("replace", "with --sums: new files take the place of kept ones with the same soundings"),
        .value("threads", "N", "how many threads read and place (all processors)"),
        .flag(
            "check-biases",
            "look for biases between footprints, land and water, modes and swaths, in\n"
                + "all good soundings of the files, also those outside the grid"
        ),
        .value(
            "tccon",
            "FILE",
            "compare CO2 or CH4 with the columns of a TCCON site, kernels exchanged:\n"
                + "soundings within 5 degrees of longitude and 2.5 of latitude, spectra\n"
                + "within an hour; may be repeated"
        ),
        .value("output", "FILE", "the netCDF file to write or replace"),
        .value("layout", "NAME", "full (default), or obs4mips as the merged GHG-CCI and C3S products"),
        .value(
            "publication",
            "FILE.json",
            "who publishes: " + Self.wrapped(Level3Publication.keys.joined(separator: ", "))
        ),
        .value("csv", "FILE", "also a table, one line a filled cell"),
        .value("geotiff", "FILE", "also an image of means, standard errors and counts"),
        .value(
            "maps",
            "FILE",
            "also netCDF maps: gaps filled by kriging; enhancement above the median of\n"
                + "the filled cells 100 to 500 km away, at least 8 of them"
        ),
        .value("page", "FOLDER", "also a page on the quality of the product, soundings-en.html and -zh.html"),
        .json,
    ]

    /// In lines that the column of descriptions holds.
    private static func wrapped(_ text: String) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            // The first stands behind what is said before.
            if lines[lines.count - 1].count + word.count > (lines.count == 1 ? 55 : 70) { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines.joined(separator: "\n")
    }

    func outputs(_ options: Options) -> [String] {
        ["output", "csv", "geotiff", "maps"].compactMap { options.text($0) }
    }

    func run(_ options: Options) async throws -> ExitStatus {
        try options.refuseRepeats(except: ["limit", "drop", "tccon"])
        if options.isSet("inspect") { return try await inspect(options) }
        try options.refuse(["box", "step"], beside: "grid")
        let settings = try GridSettings(options)
        for output in outputs(options) { PartialFiles.removeStale(of: output) }
        let isJSON = options.isSet("json")
        let text = try await GridRun(settings: settings).perform { outcome in
            let summary = GridSummary(outcome: outcome, settings: settings)
            return isJSON ? try JSONSummary.text(summary.object) : summary.lines.joined(separator: "\n")
        }
        try Terminal.write(text, to: .standardOutput)
        return .success
    }

    private func inspect(_ options: Options) async throws -> ExitStatus {
        guard !options.operands.isEmpty else {
            throw UsageError.operands(expected: "at least one file of soundings", verb: name)
        }
        let read = ["inspect", "scale", "limit", "assume-uncertainty", "json"]
        try options.refuse(self.options.map(\.name).filter { !read.contains($0) }, beside: "inspect")
        let reading = try SoundingSettings.options(options)
        let isJSON = options.isSet("json")
        var inspections: [SoundingInspection] = []
        var failures: [any Error] = []
        for file in options.operands {
            do {
                let inspection = try await GridInspection.inspect(file, reading)
                if !isJSON { try show(inspection, isFirst: inspections.isEmpty) }
                inspections.append(inspection)
            } catch let error as OutputError {
                throw error
            } catch {
                failures.append(error)
            }
        }
        if isJSON, !inspections.isEmpty { try JSONSummary.print(GridInspection(files: inspections)) }
        guard let first = failures.first else { return .success }
        for case let fault as any Fault in failures.dropFirst() { Terminal.note("crosswind: \(fault.line)") }
        throw first
    }

    /// At once: a later file may stop its reader.
    private func show(_ inspection: SoundingInspection, isFirst: Bool) throws {
        try Terminal.write(
            (isFirst ? "" : "\n") + inspection.lines.joined(separator: "\n"),
            to: .standardOutput
        )
    }
}
