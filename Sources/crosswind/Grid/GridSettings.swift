import Formats
import Foundation
import Geo
import Gridding
import Pipeline
import Quantities

/// The checked options of `crosswind grid`.
struct GridSettings: Sendable {
    let gridName: String
    let gridNameChinese: String
    let run: GriddingRun
    let output: String
    /// What the means of are to be told.
    let regions: RegionSet?
    let layout: Level3Layout
    let publication: Level3Publication
    let further: FurtherOutputs

    init(_ options: Options) throws {
        guard !options.operands.isEmpty || options.isSet("sums") else {
            throw UsageError.operands(expected: "at least one file of soundings", verb: options.verb)
        }
        let inputs = Self.inputs(options)
        output = try OutputPath(try options.required("output"), inputs: inputs).path
        regions = try options.text("regions").map { try RegionFile.read($0) }
        let grid: CellGrid
        let choice = try GridChoice(options)
        (gridName, gridNameChinese, grid) = (choice.name, choice.nameChinese, choice.grid)
        var run = GriddingRun(
            files: options.operands,
            plan: try Self.plan(options, grid),
            options: try SoundingSettings.options(options)
        )
        run.errorModel = try Self.errorModel(options)
        try Self.setKeeping(options, &run)
        try Self.setChecks(options, &run)
        self.run = run
        layout = try Self.layout(options, grid)
        if let file = options.text("publication") {
            let object = try ConfigurationObject(json5File: file, known: Level3Publication.keys)
            publication = try Level3Publication(object)
        } else {
            publication = Level3Publication()
        }
        further = try FurtherOutputs(options, output: output, inputs: inputs)
        try OutputProbe.check([output] + further.files, folders: further.page.map { [$0] } ?? [])
        if let folder = run.sumsFolder { try OutputProbe.checkSums(folder, options.verb) }
    }

    /// All files that are read, which no output may replace.
    private static func inputs(_ options: Options) -> [String] {
        let named = ["regions", "publication", "grid"].compactMap { options.text($0) }
        var kept: [String] = []
        if let folder = options.text("sums") {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            kept = names.map { folder + "/" + $0 }
        }
        return options.operands + options.texts("tccon") + named + kept
    }

    private static func plan(_ options: Options, _ grid: CellGrid) throws -> GriddingPlan {
        let method = try choice("method", options) ?? FootprintMethod.centre
        return GriddingPlan(
            grid: grid,
            method: method,
            weighting: try choice("weighting", options)
                ?? (method == .centre ? .inverseVariance : .areaAndPrecision),
            window: try choice("window", options) ?? TimeWindow.all,
            withProfiles: !options.isSet("no-kernels")
        )
    }

    private static func setKeeping(_ options: Options, _ run: inout GriddingRun) throws {
        run.sumsFolder = options.text("sums")
        run.dropped = options.texts("drop")
        run.replaces = options.isSet("replace")
        if run.sumsFolder == nil, !run.dropped.isEmpty || run.replaces {
            throw UsageError.missingOption("sums", verb: options.verb)
        }
        guard let threads = try options.integer("threads") else { return }
        guard (1...1024).contains(threads) else {
            throw UsageError.badValue("threads", "\(threads)", expected: "from 1 to 1024", verb: options.verb)
        }
        run.threads = threads
    }

    private static func setChecks(_ options: Options, _ run: inout GriddingRun) throws {
        run.seeksBiases = options.isSet("check-biases")
        run.groundFiles = options.texts("tccon")
        let places = run.groundFiles.map { URL(filePath: $0).resolvingSymlinksInPath().path }
        for (index, place) in places.enumerated() where places[..<index].contains(place) {
            let expected = "another file than those given before"
            throw UsageError.badValue("tccon", run.groundFiles[index], expected: expected, verb: options.verb)
        }
        if let folder = run.sumsFolder, run.seeksBiases || !run.groundFiles.isEmpty {
            let expected =
                "to be used without --check-biases and --tccon, which need the soundings themselves"
            throw UsageError.badValue("sums", folder, expected: expected, verb: options.verb)
        }
    }

    /// Also refuses outputs that cannot hold the grid.
    private static func layout(_ options: Options, _ grid: CellGrid) throws -> Level3Layout {
        let layout: Level3Layout = try choice("layout", options) ?? .full
        guard layout == .full || grid.projected == nil else {
            let expected = "a layout for projected grids: it knows longitude and latitude alone"
            throw UsageError.badValue("layout", layout.rawValue, expected: expected, verb: options.verb)
        }
        if let file = options.text("geotiff"), !Level3Raster.knows(grid) {
            let expected = "possible for this projected grid: GeoTIFF has no word for its projection"
            throw UsageError.badValue("geotiff", file, expected: expected, verb: options.verb)
        }
        return layout
    }

    /// What the output says of how it was made.
    ///
    /// - Parameter plan: as it was carried out.
    func configuration(_ plan: GriddingPlan) -> String {
        let model = plan.errorModel
        var text = """
            grid=\(gridName) method=\(plan.method.rawValue) weighting=\(plan.weighting.rawValue) \
            window=\(plan.window.rawValue) kernels=\(plan.withProfiles) \
            shared_error_ppm=\(model.sharedPartsPerMillion) noise_factor=\(model.noiseFactor)
            """
        if let correlation = model.correlation {
            text += """
                 correlated_error_ppm=\(correlation.partsPerMillion) \
                along_track_km=\(correlation.alongTrackKilometres) \
                across_track_footprints=\(correlation.acrossTrackFootprints)
                """
            // Without coverage it is not used.
            if plan.seesCoverage { text += " variability_ppm=\(correlation.variabilityPartsPerMillion)" }
        }
        let reading = run.options.summary
        if !reading.isEmpty { text += " " + reading }
        return text
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ options: Options
    ) throws -> Choice? {
        guard let text = options.text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let expected = "one of " + Choice.allCases.map { $0.rawValue }.joined(separator: ", ")
            throw UsageError.badValue(name, text, expected: expected, verb: options.verb)
        }
        return choice
    }

    /// The error model of a gas, by the options or as is usual for it.
    private static func errorModel(_ options: Options) throws -> @Sendable (Gas) -> ErrorModel {
        let isCorrelated: Bool
        switch options.text("error-model") {
        case nil, "shared": isCorrelated = false
        case "correlated": isCorrelated = true
        case let text:
            let expected = "one of shared, correlated"
            throw UsageError.badValue("error-model", text ?? "", expected: expected, verb: options.verb)
        }
        let shared = try limited("shared-error", options)
        let factor = try limited("noise-factor", options)
        return { gas in
            let standard = isCorrelated ? ErrorModel.correlated(of: gas) : .standard(of: gas)
            let model = ErrorModel(
                sharedPartsPerMillion: shared ?? standard.sharedPartsPerMillion,
                noiseFactor: factor ?? standard.noiseFactor,
                correlation: standard.correlation
            )
            return model ?? standard
        }
    }

    private static func limited(_ name: String, _ options: Options) throws -> Double? {
        guard let value = try options.number(name) else { return nil }
        guard (0...1000).contains(value) else {
            throw UsageError.badValue(name, "\(value)", expected: "from 0 to 1000", verb: options.verb)
        }
        return value
    }
}
