import Concurrent
import Formats
import Foundation
import Quantities
import Transport

/// `crosswind footprint`: where the air of a receptor met the ground.
struct FootprintVerb: Verb {
    let name = "footprint"
    let summary = "footprints of receptors from meteorology, and files of footprints"
    let operands = ""
    let discussion = """
        Follows particles from receptors back through the winds and the turbulence of a weather model and tells by how
        much a flux at each place and hour raises the mole fraction at the receptor, ppm per umol m-2 s-1. Reads ERA5
        netCDF, WRF output and NOAA ARL packed files, known by what is in them. What lacks is named before anything
        is computed: hours, places outside of the weather, grids that do not meet it. The result does not depend on
        the number of threads.

            crosswind footprint --meteorology era5-*.nc --at 27.6,-23.7,10 --time 2021-07-25T12:00:00Z \\
                --box 24,-28,32,-20 --step 0.1 --output foot.nc --page pages
            crosswind footprint --meteorology wrfout_d02_* --receptors drives.json5 --grid hamburg-1km --output foot.nc
            crosswind footprint --inspect MHD_201401.nc
            crosswind footprint --flux edgar_co2.nc --footprints foot.nc --csv enhancements.csv
            crosswind footprint --problem p.nc --footprints foot.nc --flux edgar_co2.nc --observations obs.csv

        Receptors: --at with --time; --receptors with a table (name,time,longitude,latitude,height[,end]; height is m
        above ground) or a JSON5 file {receptors: [...]} of the kinds inlet, drive, column and path; --network with
        --from and --until, every fixed inlet each hour; or --soundings, each good column with its own kernel.

        Errors of the weather: --members runs in perturbed weather and as many controls in unperturbed weather with
        other random numbers; the spread of the sums, and with --flux that of what the fluxes add, beyond that of the
        controls is the transport error. --wind-error 2,100,500,6 is an error of 2 m/s that is correlated over 100 km,
        500 m of height and 6 hours; --wind-error 2 alone takes 40 km, 600 m and 1 hour, as published for fields of
        half a degree (Wu et al. 2018). How large the errors are is known of the weather model alone.

        Background: where particles leave the grid is written with each footprint. --background takes the mole
        fractions there from boundary conditions of openghg (vmr_n, vmr_e, vmr_s, vmr_w).
        """
    let isConfined = true

    var options: [OptionSpecification] {
        Self.receptorOptions + Self.runOptions + Self.outputOptions + Self.fileOptions
            + FootprintProblemSettings.options + [.json]
    }

    private static let receptorOptions: [OptionSpecification] = [
        .value("meteorology", "FILE", "weather in files; more may follow, or the option be repeated"),
        .value("receptors", "FILE", "a table, or a JSON5 file where its name ends in .json or .json5"),
        .value("at", "LON,LAT,HEIGHT", "one inlet: degrees and m above ground"),
        .value("time", "TIME", "with --at: ISO 8601 with zone"),
        .value("until", "TIME", "end of the mean of --at, or of the hours of --network and --soundings"),
        .value("network", "FILE", "the fixed inlets of a description of stations"),
        .value("station", "ID", "with --network: only this one; may be repeated"),
        .value("from", "TIME", "with --network and --soundings: the first hour"),
        .value("soundings", "FILE", "columns of a satellite product, those flagged good"),
        .value("one-of", "N", "with --soundings: every Nth of them (all)"),
        .value("top", "METRES", "with --soundings: no particle leaves above (6000)"),
    ]

    private static let runOptions: [OptionSpecification] = [
        .value("hours", "N", "how long particles are followed (24)"),
        .value("particles", "N", "of each receptor (1000)"),
        .value("seed", "N", "of the random numbers (1)"),
        .flag("forward", "follow the air onward from the receptors, not back"),
        .value("grid", "NAME|FILE", "cells of the footprint: a grid of grids/, or a definition file"),
        .value("box", "W,S,E,N", "instead of a grid: edges in degrees"),
        .value("step", "DEGREES", "side of the square cells of a box"),
        .flag("integrated", "one footprint over all hours, not one an hour"),
        .value("smoothing", "FACTOR", "on the width of the kernel that spreads particles (1)"),
        .value("scheme", "NAME", "crosswind (default), or stilt: levels and turbulence of HYSPLIT's STILT"),
        .value("mixed-layer", "NAME", "weather (default), or richardson (that of --scheme stilt): diagnosed"),
        .flag("no-near-field", "do not thin the plume close to the receptor less than the mixed layer"),
        .value("members", "N", "runs in perturbed weather, at least 2, and as many controls"),
        .value("wind-error", "M/S[,KM,M,HOURS]", "standard deviation and correlation lengths (40,600,1)"),
        .value(
            "mixing-error",
            "SHARE,KM,HOURS",
            "of the mixing height: 0.2 for 20 %, and correlation lengths"
        ),
        .value("background", "FILE", "mole fractions at the sides of the grid: openghg boundary conditions"),
        .value("weather-memory", "GIB", "of weather in memory at once; the result is the same (0.5)"),
        .value("threads", "N", "how many threads follow particles (all processors)"),
    ]

    private static let outputOptions: [OptionSpecification] = [
        .value("output", "FILE", "the netCDF file to write or replace; with --to stilt a folder"),
        .value("page", "FOLDER", "also pages with maps, footprints-en.html and -zh.html"),
        .value("regions", "FILE", "with --page: outlines to draw, polygons in GeoJSON"),
        .value("particles-output", "FILE", "also all particles as a table, minute by minute"),
    ]

    private static let fileOptions: [OptionSpecification] = [
        .flag("inspect", "say what files of footprints are and hold; nothing is computed"),
        .flag("convert", "write footprints of a file in another layout"),
        .value("to", "NAME", "with --convert: crosswind (default), paris, or stilt: a file a receptor"),
        .value("flux", "FILE", "multiply footprints by fluxes, computed or of files: a gridded inventory"),
        .flag(
            "blank-is-zero",
            "with --flux: cells without a value emit nothing; otherwise theirs is unknown"
        ),
        .value("footprints", "FILE", "with --flux: files of footprints; more may follow"),
        .value("csv", "FILE", "with --flux: a table, one line a receptor"),
    ]

    func outputs(_ options: Options) -> [String] {
        ["output", "particles-output", "csv", "problem"].compactMap { options.text($0) }
    }

    func run(_ options: Options) async throws -> ExitStatus {
        try options.refuseRepeats(except: ["meteorology", "station", "footprints", "flux", "observations"])
        try InputFolder.refuse(in: options)
        for output in outputs(options) { PartialFiles.removeStale(of: output) }
        if options.isSet("inspect") { return try await inspect(options) }
        if options.isSet("convert") { return try await convert(options) }
        if options.isSet("problem") { return try await makeProblem(options) }
        if options.isSet("flux"), !options.isSet("meteorology") { return try await enhance(options) }
        return try await compute(options)
    }

    /// Every other option than these and those of the mode is refused.
    private func refuse(beside mode: String, except own: [String], _ options: Options) throws {
        try options.refuse(self.options.map(\.name).filter { !own.contains($0) && $0 != mode }, beside: mode)
    }

    private func compute(_ options: Options) async throws -> ExitStatus {
        for name in ["footprints", "csv"] where options.isSet(name) {
            guard options.isSet("meteorology") else {
                throw UsageError.missingOption("flux", verb: self.name)
            }
            throw UsageError.conflict(name, with: "meteorology", verb: self.name)
        }
        if options.isSet("to") { throw UsageError.missingOption("convert", verb: name) }
        if FootprintProblemSettings.options.map(\.name).contains(where: options.isSet) {
            throw UsageError.missingOption("problem", verb: name)
        }
        let settings = try FootprintSettings(options)
        let outcome = try await FootprintRun(settings: settings).perform()
        let summary = FootprintSummary(outcome: outcome, settings: settings)
        try print(summary.object, summary.lines, options)
        return .success
    }

    private func inspect(_ options: Options) async throws -> ExitStatus {
        try refuse(beside: "inspect", except: ["json"], options)
        let files = try FootprintOperands.files(options)
        let heartbeat = Heartbeat.inherited
        var inspections: [FootprintInspection] = []
        for file in files {
            heartbeat.reading(file)
            let inspection = try await FootprintInspection.inspect(file)
            heartbeat.doneReading()
            if !options.isSet("json") {
                let gap = inspections.isEmpty ? "" : "\n"
                try Terminal.write(gap + inspection.lines.joined(separator: "\n"), to: .standardOutput)
            }
            inspections.append(inspection)
        }
        if options.isSet("json") { try JSONSummary.print(["files": inspections]) }
        return .success
    }

    private func convert(_ options: Options) async throws -> ExitStatus {
        try refuse(beside: "convert", except: ["to", "output", "integrated", "json"], options)
        let result = try await FootprintLayoutChange(options).perform()
        try print(result, result.lines, options)
        return .success
    }

    private func makeProblem(_ options: Options) async throws -> ExitStatus {
        try refuse(beside: "problem", except: FootprintProblemSettings.names, options)
        let result = try await FootprintProblemRun(options).perform()
        try print(result, result.lines, options)
        return .success
    }

    private func enhance(_ options: Options) async throws -> ExitStatus {
        try options.refuseRepeats(except: ["footprints"])
        try refuse(
            beside: "flux",
            except: ["footprints", "csv", "background", "integrated", "blank-is-zero", "json"],
            options
        )
        let result = try await FootprintEnhancements.compute(options)
        if let path = options.text("csv") { try result.write(to: path) }
        try print(result.object, result.lines, options)
        return .success
    }

    private func print(_ object: some Encodable, _ lines: [String], _ options: Options) throws {
        if options.isSet("json") {
            try JSONSummary.print(object)
        } else {
            try Terminal.write(lines.joined(separator: "\n"), to: .standardOutput)
        }
    }
}

/// A folder where a file is wanted: readers of formats would tell less of it.
struct InputFolder: Fault, Equatable {
    let path: String

    var exitStatus: ExitStatus { .badData }
    var what: String { "a folder, where a file is read" }
    var place: String { path }
    var remedy: String { "name the files in it, as \(path.hasSuffix("/") ? path : path + "/")*" }

    private static let readers = [
        "meteorology", "receptors", "network", "soundings", "flux", "background", "footprints",
        "observations",
        "regions", "boundary",
    ]

    static func refuse(in options: Options) throws(InputFolder) {
        // A flux may be `SECTOR=FILE`.
        let fluxes = options.texts("flux").compactMap {
            $0.split(separator: "=", maxSplits: 1).last.map(String.init)
        }
        let paths = readers.flatMap(options.texts) + fluxes + options.operands
        if let path = paths.first(where: { OutputProbe.kind($0) == .folder }) {
            throw InputFolder(path: path)
        }
    }
}

/// Files that stand behind the options.
enum FootprintOperands {
    static func files(_ options: Options) throws -> [String] {
        guard !options.operands.isEmpty else {
            throw UsageError.operands(expected: "at least one file of footprints", verb: options.verb)
        }
        return options.operands
    }
}
