import Formats
import Foundation
import Pipeline
import Quantities

/// What `crosswind footprint --problem` is asked for.
struct FootprintProblemSettings {
    let plan: FootprintProblemPlan
    let sources: [ObservationSource]
    let output: String
    /// All files that are read.
    let inputs: [String]

    /// Options of this mode beside `problem`.
    static let names = [
        "footprints", "flux", "observations", "network", "basis", "regions", "boundary", "boundary-bands",
        "boundary-sigma", "prior-sigma", "least-sigma", "bias-sigma", "model-error", "state", "integrated",
        "blank-is-zero", "layout", "json",
    ]

    static let options: [OptionSpecification] = [
        .value(
            "problem",
            "FILE",
            "write a linear problem: footprints times fluxes, for `crosswind invert --problem`"
        ),
        .value("observations", "FILE", "with --problem: a table, a store or soundings; may be repeated"),
        .value("basis", "NAME", "with --problem: native (default), regions, quadtree=N or clusters=N"),
        .value(
            "boundary",
            "FILE",
            "with --problem: mole fractions on the sides of the domain; a factor each"
        ),
        .value("boundary-bands", "METRES,...", "with --boundary: heights that part the factors of a side"),
        .value("boundary-sigma", "NUMBER", "with --boundary: standard deviation of the factors (0.1)"),
        .value("prior-sigma", "NUMBER", "with --problem: standard deviation of fluxes, relative (1)"),
        .value("state", "KIND", "with --problem: scaling (default), or flux in umol m-2 s-1"),
        .value("least-sigma", "NUMBER", "with --state flux: least standard deviation, umol m-2 s-1"),
        .value("bias-sigma", "PPM", "with --problem: a systematic error for each `bias` of the observations"),
        .value("model-error", "PPM", "with --problem: added to the standard deviation of observations (0)"),
        .value("layout", "NAME", "with --problem: dense or sparse; chosen by the share of zeros"),
    ]

    init(_ options: Options) throws {
        let footprints = options.texts("footprints") + options.operands
        guard options.isSet("footprints") else {
            throw UsageError.missingOption("footprints", verb: options.verb)
        }
        let fluxes = try Self.fluxes(options)
        let paths = options.texts("observations")
        guard !paths.isEmpty else { throw UsageError.missingOption("observations", verb: options.verb) }
        let network = options.text("network")
        sources = try paths.map { path in
            try ObservationSource.of(path) { store in
                try network.map {
                    StoreObservations(store: store, networks: [try NetworkFile(path: $0).network])
                }
            }
        }
        var plan = FootprintProblemPlan(footprints: footprints, fluxes: fluxes)
        try Self.setBasis(&plan, options)
        try Self.setBoundary(&plan, options)
        try Self.setErrors(&plan, options)
        plan.isIntegrated = options.isSet("integrated")
        plan.setBlankIsZero(options.isSet("blank-is-zero"))
        plan.storage = try GridSettings.choice("layout", options)
        plan.title =
            "footprints times fluxes of "
            + fluxes.map { FileProvenance.Input.name(ofFile: $0.file) }
            .joined(separator: ", ")
        self.plan = plan
        inputs =
            footprints + fluxes.map(\.file) + paths
            + [network, plan.regions, plan.boundary?.file].compactMap(\.self)
        try NetCDFName.check(options.required("problem"), option: "problem", verb: options.verb)
        output = try OutputPath(try options.required("problem"), inputs: inputs).path
    }

    /// `FILE`, or `SECTOR=FILE`.
    private static func fluxes(_ options: Options) throws -> [FootprintProblemPlan.Flux] {
        let texts = options.texts("flux")
        guard !texts.isEmpty else { throw UsageError.missingOption("flux", verb: options.verb) }
        return texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init
            )
            guard parts.count == 2, !parts[0].contains("/"), !FileManager.default.fileExists(atPath: text)
            else {
                let stem = URL(filePath: text).deletingPathExtension().lastPathComponent
                return FootprintProblemPlan.Flux(file: text, sector: texts.count > 1 ? stem : "")
            }
            return FootprintProblemPlan.Flux(file: parts[1], sector: parts[0])
        }
    }

    private static func setBasis(_ plan: inout FootprintProblemPlan, _ options: Options) throws {
        plan.regions = options.text("regions")
        if let text = options.text("basis") {
            if text.hasPrefix("regions="), !options.isSet("regions") {
                plan.basis = .regions
                plan.regions = String(text.dropFirst("regions=".count))
            } else {
                guard let basis = CellBasis(text) else {
                    let expected = "native, regions, quadtree=N or clusters=N"
                    throw UsageError.badValue("basis", text, expected: expected, verb: options.verb)
                }
                plan.basis = basis
            }
        }
        plan.unknown = try GridSettings.choice("state", options) ?? .scaling
        plan.leastFluxSigma = try positive("least-sigma", options)
        if plan.leastFluxSigma != nil, plan.unknown != .flux {
            throw UsageError.missingOption("state", verb: options.verb)
        }
    }

    private static func setBoundary(_ plan: inout FootprintProblemPlan, _ options: Options) throws {
        guard let file = options.text("boundary") else {
            if let other = ["boundary-bands", "boundary-sigma"].first(where: options.isSet) {
                _ = other
                throw UsageError.missingOption("boundary", verb: options.verb)
            }
            return
        }
        var boundary = FootprintProblemPlan.Boundary(file: file)
        boundary.priorSigma = try positive("boundary-sigma", options) ?? boundary.priorSigma
        if let text = options.text("boundary-bands") {
            let tops = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
            guard tops.allSatisfy({ $0.isFinite && $0 > 0 }),
                zip(tops, tops.dropFirst()).allSatisfy({ $0 < $1 })
            else {
                let expected = "ascending heights in m such as 1000,3000"
                throw UsageError.badValue("boundary-bands", text, expected: expected, verb: options.verb)
            }
            boundary.bandTops = tops
        }
        plan.boundary = boundary
    }

    private static func setErrors(_ plan: inout FootprintProblemPlan, _ options: Options) throws {
        plan.priorSigma = try positive("prior-sigma", options) ?? plan.priorSigma
        plan.biasSigma = try positive("bias-sigma", options)
        if let error = try options.number("model-error") {
            guard error >= 0 else {
                throw UsageError.badValue(
                    "model-error",
                    "\(error)",
                    expected: "0 ppm or more",
                    verb: options.verb
                )
            }
            plan.modelErrorPartsPerMillion = error
        }
    }

    private static func positive(_ name: String, _ options: Options) throws -> Double? {
        guard let value = try options.number(name) else { return nil }
        guard value > 0 else {
            throw UsageError.badValue(name, "\(value)", expected: "a positive number", verb: options.verb)
        }
        return value
    }
}
