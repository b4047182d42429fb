import Formats
import Foundation
import Geo
import Observations
import Quantities

/// Reads case files (JSON5). Relative paths are relative to the file.
public enum CaseFile {
    static let keys = [
        "name", "title", "summary", "gas", "period", "stations", "footprints", "regions", "inventory",
        "inversion", "map", "caveats", "output", "publication", "report", "flux", "boundary", "region_mask",
        "observations", "soundings",
    ]

    /// - Throws: ``ConfigurationError`` naming the file and key, ``TableError`` for a table of regions.
    public static func read(_ file: String) throws -> Case {
        let root = try ConfigurationObject(json5File: file, known: keys)
        guard root.has("inversion") else {
            throw root.error(
                "inversion",
                "is missing; a case without one is reported by `crosswind verify CASE.json5 --report DIR`"
            )
        }
        guard let gas = Gas(rawValue: try root.text("gas")) else {
            throw root.error(
                "gas",
                "unknown gas, known: \(Gas.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        let inversion = try root.object(
            "inversion",
            known: [
                "prior_sigma_flux", "prior_sigma_boundary", "model_error", "problems", "solvers", "seed",
                "draws", "non_negative",
            ] + fluxInversionKeys
        )
        var definition = Case(
            file: file,
            text: String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self),
            name: try root.text("name"),
            title: try root.name("title"),
            summary: try root.name("summary"),
            gas: gas,
            period: try period(root),
            stations: root.has("stations") ? try stations(root) : nil,
            inversion: try plan(root, inversion, gas),
            map: try map(root),
            caveats: root.has("caveats") ? try caveats(root) : [],
            outputDirectory: try output(root)
        )
        definition.solvers = try solvers(inversion)
        if root.has("report") {
            definition.report = try ReportPlanFile.read(root.object("report", known: ReportPlanFile.keys))
        }
        if root.has("publication") {
            definition.publication = try Level3Publication(
                root.object("publication", known: Level3Publication.keys)
            )
        }
        return definition
    }

    private static func plan(
        _ root: ConfigurationObject,
        _ inversion: ConfigurationObject,
        _ gas: Gas
    ) throws(ConfigurationError) -> InversionPlan {
        if inversion.has("problems") { return .problems(try problems(inversion)) }
        if root.isList("footprints") { return .fluxes(try fluxes(root, inversion)) }
        for key in ["flux", "boundary", "region_mask", "observations", "soundings"] where root.has(key) {
            throw root.error(
                key,
                "goes with an array of footprints: `footprints: [{file: ..., credit: ...}]`"
            )
        }
        for key in fluxInversionKeys where inversion.has(key) {
            throw inversion.error(
                key,
                "goes with an array of footprints: `footprints: [{file: ..., credit: ...}]`"
            )
        }
        return .footprints(try footprints(root, inversion, gas))
    }

    static func period(_ root: ConfigurationObject) throws(ConfigurationError) -> Period {
        let object = try root.object("period", known: ["start", "end"])
        let start = try object.instant("start")
        let end = try object.instant("end")
        guard start < end else { throw root.error("period", "ends before it starts") }
        return Period(start: start, end: end)
    }

    private static func stations(_ root: ConfigurationObject) throws(ConfigurationError) -> StationPlan {
        let object = try root.object("stations", known: ["networks", "store", "flags"])
        var flags: [QualityFlag] = []
        if object.has("flags"), try object.texts("flags").isEmpty {
            throw object.error("flags", "names no flag")
        }
        for name in object.has("flags") ? try object.texts("flags") : ["good"] {
            switch name {
            case "good": flags.append(.good)
            case "suspect": flags.append(.suspect)
            case "not_evaluated": flags.append(.notEvaluated)
            default: throw object.error("flags", "`\(name)` is not one of good, suspect, not_evaluated")
            }
        }
        return StationPlan(
            networkFiles: try networkFiles(object),
            store: object.has("store") ? try object.filePath("store") : nil,
            flags: flags
        )
    }

    private static func networkFiles(_ object: ConfigurationObject) throws(ConfigurationError) -> [String] {
        let files = try object.texts("networks").map(object.resolve)
        guard !files.isEmpty else { throw object.error("networks", "names no network file") }
        for file in files { try object.requireFile(file, "networks") }
        return files
    }

    private static func footprints(
        _ root: ConfigurationObject,
        _ inversion: ConfigurationObject,
        _ gas: Gas
    ) throws(ConfigurationError) -> FootprintPlan {
        let object = try root.object("footprints", known: ["file", "credit", "minimum_boundary_closure"])
        let inventory = try root.object(
            "inventory",
            known: ["file", "label", "credit", "relative_sigma", "is_prior"]
        )
        let closure = try object.number("minimum_boundary_closure")
        guard (0...1).contains(closure) else {
            throw object.error("minimum_boundary_closure", "must lie in 0...1")
        }
        return FootprintPlan(
            file: try object.existingFile("file"),
            credit: try object.text("credit"),
            minimumBoundaryClosure: closure,
            priorSigmaFlux: try positive(inversion, "prior_sigma_flux"),
            priorSigmaBoundary: try positive(inversion, "prior_sigma_boundary"),
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

    static func modelError(
        _ inversion: ConfigurationObject
    ) throws(ConfigurationError) -> ModelErrorPlan {
        if let text = try? inversion.text("model_error") {
            guard text == "from_innovations" else {
                throw inversion.error("model_error", "expected from_innovations or {ppm: NUMBER}")
            }
            return .fromInnovations
        }
        guard let object = try? inversion.object("model_error", known: ["ppm"]) else {
            throw inversion.error("model_error", "expected from_innovations or {ppm: NUMBER}")
        }
        let value = try object.number("ppm")
        guard value >= 0 else { throw object.error("ppm", "must not be negative") }
        return .fixed(partsPerMillion: value)
    }

    static func regions(
        _ root: ConfigurationObject,
        _ inventory: ConfigurationObject
    ) throws(ConfigurationError) -> [RegionPlan] {
        let common = try share(inventory, "relative_sigma")
        var plans: [RegionPlan] = []
        for region in try root.objects("regions", known: ["key", "name", "inventory_relative_sigma"]) {
            let own = region.has("inventory_relative_sigma")
            plans.append(
                RegionPlan(
                    key: try region.text("key"),
                    name: try region.name("name"),
                    inventoryRelativeSigma: own ? try share(region, "inventory_relative_sigma") : common
                )
            )
        }
        guard !plans.isEmpty else { throw root.error("regions", "names no region") }
        return plans
    }

    private static func map(_ root: ConfigurationObject) throws(ConfigurationError) -> MapPlan {
        let object = try root.object("map", known: ["box", "sounding_step", "boundary_credit"])
        let box = try object.numbers("box")
        guard box.count == 4,
            let bounds = BoundingBox(west: box[0], south: box[1], east: box[2], north: box[3])
        else { throw object.error("box", "expected [west, south, east, north] in degrees") }
        return MapPlan(
            box: bounds,
            soundingStepDegrees: object.has("sounding_step") ? try soundingStep(object, bounds) : nil,
            boundaryCredit: try object.name("boundary_credit")
        )
    }

    /// Bounded by what a page can show; a misplaced decimal point must not ask for the memory of the machine.
    private static func soundingStep(
        _ map: ConfigurationObject,
        _ box: BoundingBox
    ) throws(ConfigurationError) -> Double {
        let step = try positive(map, "sounding_step")
        let width = box.east > box.west ? box.east - box.west : box.east + 360 - box.west
        let cells = (width / step).rounded(.up) * ((box.north - box.south) / step).rounded(.up)
        guard cells <= 250_000 else {
            throw map.error("sounding_step", "gives more than 250000 cells on the map")
        }
        return step
    }

    static func caveats(_ root: ConfigurationObject) throws(ConfigurationError) -> [LocalizedName] {
        var texts: [LocalizedName] = []
        for object in try root.objects("caveats", known: ["en", "zh"]) {
            texts.append(LocalizedName(english: try object.text("en"), chinese: try object.text("zh")))
        }
        return texts
    }

    private static func output(_ root: ConfigurationObject) throws(ConfigurationError) -> String? {
        guard root.has("output") else { return nil }
        return try root.object("output", known: ["directory"]).filePath("directory")
    }

    /// A standard uncertainty relative to its figure. Percent would be a hundred times too large.
    static func share(_ object: ConfigurationObject, _ key: String) throws(ConfigurationError) -> Double {
        let value = try positive(object, key)
        guard value <= 1 else { throw object.error(key, "is a share, 0.2 for 20 %: it must not exceed 1") }
        return value
    }

    static func positive(
        _ object: ConfigurationObject,
        _ key: String
    ) throws(ConfigurationError) -> Double {
        let value = try object.number(key)
        guard value > 0 else { throw object.error(key, "must be positive") }
        return value
    }
}
