import Formats
import Foundation
import Inventory
import Quantities
import Report
import Verification

/// Reads the `report` part of a case.
enum ReportPlanFile {
    static let keys = [
        "region", "scope", "regions", "unit", "databases", "comparisons", "accounting", "sensitivity",
        "budget", "targets", "cases", "open_cases", "residuals", "residual_rules", "alignment", "quadrant",
        "scenario",
        "boundaries", "points", "versions",
        "signatures", "absences",
        "facilities", "vary",
    ]

    static func read(_ object: ConfigurationObject) throws -> ReportPlan {
        var plan = ReportPlan()
        if object.has("region") { plan.region = try object.name("region") }
        if object.has("scope") { plan.scope = try facts(object, "scope") }
        if object.has("versions") { plan.versions = try facts(object, "versions") }
        if object.has("unit") { plan.unit = try object.name("unit") }
        if object.has("regions") { plan.regions = try regions(object) }
        plan.regionsFile = try file(object, "regions")
        if object.has("databases") { plan.databases = try databases(object) }
        if object.has("comparisons") { plan.comparisons = try comparisons(object) }
        if object.has("accounting") { plan.accounting = try accounting(object) }
        if object.has("vary") { plan.vary = try vary(object) }
        plan.sensitivity = try file(object, "sensitivity")
        plan.budget = try file(object, "budget")
        plan.targets = try file(object, "targets")
        try cases(object, &plan)
        plan.residuals = try file(object, "residuals")
        if object.has("residual_rules") { plan.residualRules = try residualRules(object) }
        if object.has("alignment") { plan.alignments = try AlignmentPlan.read(object) }
        plan.boundaries = try file(object, "boundaries")
        if object.has("quadrant") { plan.quadrant = try quadrant(object) }
        if object.has("scenario") { plan.scenario = try scenario(object) }
        if object.has("points") { plan.points = try points(object) }
        if object.has("signatures") { plan.signatures = try signatures(object) }
        if object.has("absences") { plan.absences = try absences(object) }
        if object.has("facilities") { plan.facilities = try object.texts("facilities") }
        return plan
    }

    private static func file(_ object: ConfigurationObject, _ key: String) throws -> String? {
        object.has(key) ? try object.existingFile(key) : nil
    }

    /// A history that the report opens cases in need not be there before.
    private static func cases(_ object: ConfigurationObject, _ plan: inout ReportPlan) throws {
        plan.opensCases = object.has("open_cases") ? try object.bool("open_cases") : false
        guard plan.opensCases else {
            plan.cases = try file(object, "cases")
            return
        }
        guard object.has("cases") else {
            throw object.error("open_cases", "needs `cases`, the file of the history")
        }
        plan.cases = try object.filePath("cases")
    }

    /// As the options of `crosswind verify --residuals` spell them; a single number may stand without quotes.
    private static func residualRules(_ object: ConfigurationObject) throws -> FacilityRules {
        guard object.has("residuals") else {
            throw object.error("residual_rules", "needs `residuals`, the observations that they are for")
        }
        let entry = try object.object("residual_rules", known: FacilityRules.Name.allCases.map(\.rawValue))
        var rules = FacilityRules()
        for name in FacilityRules.Name.allCases where entry.has(name.rawValue) {
            let key = name.rawValue
            let text = try entry.isText(key) ? entry.text(key) : numberText(try entry.number(key))
            guard let next = rules.setting(name, to: text) else {
                throw entry.error(key, "expected \(name.expected)")
            }
            rules = next
        }
        return rules
    }

    /// `3`, not `3.0`.
    private static func numberText(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }

    /// Factors or lengths for each axis, in the order of the axes.
    private static func vary(
        _ object: ConfigurationObject
    ) throws -> [(axis: SensitivityPlan.Axis, values: [Double])] {
        let names = SensitivityPlan.Axis.allCases.filter { $0 != .groups }
        let entry = try object.object("vary", known: names.map(\.rawValue))
        return try names.filter { entry.has($0.rawValue) }.map { axis in
            let values = try entry.numbers(axis.rawValue)
            guard !values.isEmpty, values.count <= 10 else {
                throw entry.error(axis.rawValue, "expected one to ten numbers")
            }
            try requireUsable(values, of: axis, entry)
            return (axis, values)
        }
    }

    /// What would give no solution would be missing from T9 without a word.
    private static func requireUsable(
        _ values: [Double],
        of axis: SensitivityPlan.Axis,
        _ entry: ConfigurationObject
    ) throws(ConfigurationError) {
        switch axis {
        case .prior, .background, .observations:
            guard values.allSatisfy({ $0 > 0 }) else {
                throw entry.error(axis.rawValue, "factors on standard deviations must be above 0")
            }
        case .modelError:
            guard values.allSatisfy({ $0 >= 0 }) else {
                throw entry.error(axis.rawValue, "a model error must not be below 0")
            }
        case .correlation, .groups: break
        }
    }

    private static func facts(_ object: ConfigurationObject, _ key: String) throws -> [ScopeFact] {
        try object.objects(key, known: ["name", "value"]).map {
            ScopeFact(name: try $0.name("name"), value: try $0.name("value"))
        }
    }

    /// A table with the columns `name`, `name_zh` and any number of spellings.
    private static func regions(_ object: ConfigurationObject) throws -> [ReportPlan.RegionName] {
        let table = try CSVTable.ofCase(try object.existingFile("regions"))
        var lines: [String: Int] = [:]
        return try table.rows.map { row in
            let name = try table.name(row, "name")
            let spellings = row.fields.filter { !$0.isEmpty }
            for spelling in Set(spellings) {
                // One region under two names, or two under one, would be counted twice or as one.
                if let first = lines.updateValue(row.place.line ?? 0, forKey: spelling) {
                    throw row.bad("name", "`\(spelling)` stands for a region in line \(first) already")
                }
            }
            return ReportPlan.RegionName(name: name, spellings: spellings)
        }
    }

    private static func databases(_ object: ConfigurationObject) throws -> [ReportPlan.DatabasePlan] {
        let known = [
            "key", "name", "credit", "file", "optional", "kind", "region_column", "year_column", "year",
            "value_column", "sigma_column", "relative_sigma", "only", "factor", "points",
        ]
        var keys: Set<String> = []
        guard object.has("unit") else {
            throw object.error("unit", "is missing: databases are compared in it")
        }
        return try object.objects("databases", known: known).map { entry in
            let isOptional = entry.has("optional") ? try entry.bool("optional") : false
            if entry.has("sigma_column"), entry.has("relative_sigma") {
                throw entry.error("relative_sigma", "stands beside sigma_column: give one of them")
            }
            guard keys.insert(try columnKey(entry)).inserted else {
                throw entry.error("key", "names a second database")
            }
            let path = isOptional ? try entry.filePath("file") : try entry.existingFile("file")
            let points = entry.has("points") ? try pointRegions(entry) : nil
            return ReportPlan.DatabasePlan(
                key: try columnKey(entry),
                name: try entry.name("name"),
                credit: try entry.text("credit"),
                file: path,
                isOptional: isOptional,
                kind: try kind(entry),
                regionColumn: points == nil ? try entry.text("region_column") : "",
                yearColumn: entry.has("year_column") ? try entry.text("year_column") : nil,
                year: try year(entry),
                valueColumn: points == nil ? try entry.text("value_column") : "",
                sigmaColumn: entry.has("sigma_column") ? try entry.text("sigma_column") : nil,
                relativeSigma: entry.has("relative_sigma")
                    ? try CaseFile.share(entry, "relative_sigma") : nil,
                filter: entry.has("only") ? try filter(entry) : nil,
                factor: entry.has("factor") ? try CaseFile.positive(entry, "factor") : 1,
                points: points
            )
        }
    }

    /// Point sources have no columns of regions and years.
    private static func pointRegions(_ entry: ConfigurationObject) throws -> ReportPlan.PointRegionsPlan {
        for key in ["region_column", "year_column", "value_column", "sigma_column", "only"]
        where entry.has(key) {
            throw entry.error(key, "has no meaning beside `points`: the file is a catalogue of point sources")
        }
        let points = try entry.object("points", known: ["regions", "credit", "overrides", "reach_km"])
        let reach =
            points.has("reach_km") ? try points.number("reach_km") : RegionFinder.standardReachMetres / 1000
        guard (0...1000).contains(reach) else { throw points.error("reach_km", "must lie in 0...1000") }
        return ReportPlan.PointRegionsPlan(
            regions: try points.existingFile("regions"),
            credit: points.has("credit") ? try points.text("credit") : "",
            overrides: try file(points, "overrides"),
            reachMetres: 1000 * reach
        )
    }

    /// A name that columns of CSV and netCDF may have.
    private static func columnKey(_ entry: ConfigurationObject) throws -> String {
        let key = try entry.text("key")
        let isFit = key.first.map { $0.isASCII && $0.isLowercase } ?? false
        guard isFit, key.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }) else {
            throw entry.error("key", "expected lower-case letters, digits and `_`, beginning with a letter")
        }
        return key
    }

    private static func kind(_ entry: ConfigurationObject) throws -> EmissionSeries.Kind {
        guard entry.has("kind") else { return .bottomUp }
        guard let kind = EmissionSeries.Kind(rawValue: try entry.text("kind")) else {
            throw entry.error("kind", "expected bottom_up or top_down")
        }
        return kind
    }

    private static func year(_ entry: ConfigurationObject) throws -> Int {
        guard let year = Int(exactly: try entry.number("year")) else {
            throw entry.error("year", "expected a whole year")
        }
        return year
    }

    private static func filter(_ entry: ConfigurationObject) throws -> (column: String, text: String) {
        let only = try entry.object("only", known: ["column", "is"])
        return (try only.text("column"), try only.text("is"))
    }

    private static func comparisons(_ object: ConfigurationObject) throws -> ReportPlan.ComparisonPlan {
        let entry = try object.object("comparisons", known: ["file", "inventory_is_prior", "credit"])
        return ReportPlan.ComparisonPlan(
            file: try entry.existingFile("file"),
            inventoryIsPrior: try entry.bool("inventory_is_prior"),
            credit: entry.has("credit") ? try entry.text("credit") : ""
        )
    }

    private static func accounting(_ object: ConfigurationObject) throws -> ReportPlan.AccountingPlan {
        let entry = try object.object(
            "accounting",
            known: ["activity", "factor_sets", "grid_kg_per_kwh", "grid_source", "credit"]
        )
        return ReportPlan.AccountingPlan(
            activity: try entry.existingFile("activity"),
            sets: try entry.texts("factor_sets"),
            gridFactor: try CaseFile.positive(entry, "grid_kg_per_kwh"),
            gridSource: try entry.text("grid_source"),
            credit: try entry.text("credit")
        )
    }

    private static func quadrant(_ object: ConfigurationObject) throws -> ReportPlan.QuadrantPlan {
        let entry = try object.object(
            "quadrant",
            known: ["file", "name_column", "title", "x", "y", "size_column"]
        )
        func axis(_ key: String) throws -> (column: String, title: LocalizedName) {
            let axis = try entry.object(key, known: ["column", "title"])
            return (try axis.text("column"), try axis.name("title"))
        }
        return ReportPlan.QuadrantPlan(
            file: try entry.existingFile("file"),
            name: try entry.text("name_column"),
            title: entry.has("title") ? try entry.name("title") : nil,
            x: try axis("x"),
            y: try axis("y"),
            size: entry.has("size_column") ? try entry.text("size_column") : nil
        )
    }

    private static func scenario(_ object: ConfigurationObject) throws -> ReportPlan.ScenarioPlan {
        let entry = try object.object("scenario", known: ["file", "name", "unit"])
        return ReportPlan.ScenarioPlan(
            file: try entry.existingFile("file"),
            name: try entry.name("name"),
            unit: try entry.name("unit")
        )
    }

    private static func points(_ object: ConfigurationObject) throws -> ReportPlan.PointsPlan {
        let entry = try object.object(
            "points",
            known: ["file", "credit", "value_column", "step", "name", "unit"]
        )
        return ReportPlan.PointsPlan(
            file: try entry.existingFile("file"),
            credit: try entry.text("credit"),
            value: try entry.text("value_column"),
            step: try CaseFile.positive(entry, "step"),
            name: try entry.name("name"),
            unit: try entry.text("unit")
        )
    }

    private static func signatures(_ object: ConfigurationObject) throws -> [Signature] {
        try object.objects("signatures", known: ["role", "name", "date"]).map { entry in
            guard let role = Signature.Role(rawValue: try entry.text("role")) else {
                let known = Signature.Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw entry.error("role", "expected one of \(known)")
            }
            return Signature(
                role: role,
                name: entry.has("name") ? try entry.text("name") : "",
                date: entry.has("date") ? try entry.text("date") : ""
            )
        }
    }

    /// Reasons by the labels T1 to T14 and F1 to F8.
    private static func absences(_ object: ConfigurationObject) throws -> [String: LocalizedName] {
        let known = TableCode.allCases.map(\.label) + FigureCode.allCases.map(\.label)
        let entry = try object.object("absences", known: known)
        return try Dictionary(uniqueKeysWithValues: entry.keys.map { ($0, try entry.name($0)) })
    }
}
