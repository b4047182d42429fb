import Formats
import Foundation
import Quantities

/// A case whose Jacobian is footprints times fluxes: `footprints: [{file, credit}]` beside `flux`.
extension CaseFile {
    /// Keys of `inversion` that such a case has of its own.
    static let fluxInversionKeys = ["basis", "state", "least_sigma_flux", "prior_sigma_bias"]

    static func fluxes(
        _ root: ConfigurationObject,
        _ inversion: ConfigurationObject
    ) throws(ConfigurationError) -> FluxCasePlan {
        let inventory = try root.object(
            "inventory",
            known: ["file", "label", "credit", "relative_sigma", "is_prior"]
        )
        var credits: [String: String] = [:]
        let footprints = try files(root, "footprints", &credits)
        var fluxes: [FootprintProblemPlan.Flux] = []
        for (file, object) in try files(root, "flux", more: ["sector", "blank_is_zero"], &credits) {
            let sector = object.has("sector") ? try object.text("sector") : ""
            var flux = FootprintProblemPlan.Flux(file: file, sector: sector)
            if object.has("blank_is_zero") { flux.blankIsZero = try object.bool("blank_is_zero") }
            fluxes.append(flux)
        }
        var problem = FootprintProblemPlan(footprints: footprints.map(\.file), fluxes: fluxes)
        let mask = try root.object("region_mask", known: ["file", "credit"])
        problem.regions = try mask.existingFile("file")
        credits[problem.regions ?? ""] = try mask.text("credit")
        if root.has("boundary") { problem.boundary = try boundary(root, inversion, &credits) }
        try setState(&problem, inversion)
        problem.title = try root.name("title").english
        return FluxCasePlan(
            problem: problem,
            tables: root.has("observations") ? try files(root, "observations", &credits).map(\.file) : [],
            soundings: root.has("soundings") ? try files(root, "soundings", &credits).map(\.file) : [],
            credits: credits,
            modelError: try modelError(inversion),
            regions: try regions(root, inventory),
            inventory: InventoryPlan(
                file: inventory.has("file") ? try inventory.existingFile("file") : nil,
                label: try inventory.name("label"),
                credit: try inventory.text("credit"),
                isPrior: try inventory.bool("is_prior")
            )
        )
    }

    /// Objects of an array, each with a file that is there and its credit.
    private static func files(
        _ root: ConfigurationObject,
        _ key: String,
        more: [String] = [],
        _ credits: inout [String: String]
    ) throws(ConfigurationError) -> [(file: String, object: ConfigurationObject)] {
        var files: [(file: String, object: ConfigurationObject)] = []
        for object in try root.objects(key, known: ["file", "credit"] + more) {
            let file = try object.existingFile("file")
            credits[file] = try object.text("credit")
            files.append((file, object))
        }
        guard !files.isEmpty else { throw root.error(key, "names no file") }
        return files
    }

    private static func boundary(
        _ root: ConfigurationObject,
        _ inversion: ConfigurationObject,
        _ credits: inout [String: String]
    ) throws(ConfigurationError) -> FootprintProblemPlan.Boundary {
        let object = try root.object("boundary", known: ["file", "credit", "bands_m", "minimum_closure"])
        var plan = FootprintProblemPlan.Boundary(file: try object.existingFile("file"))
        credits[plan.file] = try object.text("credit")
        plan.priorSigma = try positive(inversion, "prior_sigma_boundary")
        if object.has("minimum_closure") {
            plan.minimumClosure = try object.number("minimum_closure")
            guard (0...1).contains(plan.minimumClosure) else {
                throw object.error("minimum_closure", "must lie in 0...1")
            }
        }
        if object.has("bands_m") {
            plan.bandTops = try object.numbers("bands_m")
            guard plan.bandTops.allSatisfy({ $0 > 0 }),
                zip(plan.bandTops, plan.bandTops.dropFirst()).allSatisfy({ $0 < $1 })
            else { throw object.error("bands_m", "must be ascending heights in m") }
        }
        return plan
    }

    private static func setState(
        _ plan: inout FootprintProblemPlan,
        _ inversion: ConfigurationObject
    ) throws(ConfigurationError) {
        let text = try inversion.text("basis")
        guard let basis = CellBasis(text) else {
            throw inversion.error("basis", "`\(text)` is not native, regions, quadtree=N or clusters=N")
        }
        plan.basis = basis
        plan.priorSigma = try positive(inversion, "prior_sigma_flux")
        if inversion.has("state") {
            let kind = try inversion.text("state")
            guard let unknown = FootprintProblemPlan.Unknown(rawValue: kind) else {
                throw inversion.error("state", "`\(kind)` is not one of scaling, flux")
            }
            plan.unknown = unknown
        }
        if inversion.has("least_sigma_flux") {
            plan.leastFluxSigma = try positive(inversion, "least_sigma_flux")
        }
        if inversion.has("prior_sigma_bias") {
            plan.biasSigma = try positive(inversion, "prior_sigma_bias")
        }
    }
}
