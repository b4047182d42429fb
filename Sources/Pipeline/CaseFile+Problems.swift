import Formats
import Geo
import Quantities
import Report

extension CaseFile {
    static func solvers(_ inversion: ConfigurationObject) throws(ConfigurationError) -> SolverPlan {
        var plan = SolverPlan()
        if inversion.has("solvers") {
            for name in try inversion.texts("solvers") {
                guard let solver = Solver(rawValue: name) else {
                    let known = Solver.allCases.map(\.rawValue)
                    let hint = nearest(to: name, among: known).map { "; did you mean `\($0)`?" } ?? ""
                    throw inversion.error(
                        "solvers",
                        "`\(name)` is none of \(known.joined(separator: ", "))\(hint)"
                    )
                }
                guard !plan.solvers.contains(solver) else {
                    throw inversion.error("solvers", "names `\(name)` twice")
                }
                plan.solvers.append(solver)
            }
        }
        plan.seed = UInt64(try whole(inversion, "seed", plan.seed, 0...UInt64(Int32.max)))
        plan.draws = Int(try whole(inversion, "draws", UInt64(plan.draws), 4...1_000_000))
        plan.isNonNegative = inversion.has("non_negative") ? try inversion.bool("non_negative") : false
        guard !plan.isNonNegative || plan.solvers.contains(where: \.keepsBounds) else {
            let names = Solver.allCases.filter(\.keepsBounds).map(\.rawValue).joined(separator: " or ")
            throw inversion.error("non_negative", "needs \(names) among `solvers`")
        }
        return plan
    }

    private static func whole(
        _ object: ConfigurationObject,
        _ key: String,
        _ standard: UInt64,
        _ range: ClosedRange<UInt64>
    ) throws(ConfigurationError) -> UInt64 {
        guard object.has(key) else { return standard }
        guard let value = UInt64(exactly: try object.number(key)), range.contains(value) else {
            throw object.error(key, "must be a whole number in \(range.lowerBound)...\(range.upperBound)")
        }
        return value
    }

    static func problems(_ inversion: ConfigurationObject) throws(ConfigurationError) -> [ProblemPlan] {
        var plans: [ProblemPlan] = []
        let known = ["file", "credit", "title", "observations", "unit", "quantities", "state_names", "table"]
        for object in try inversion.objects("problems", known: known) {
            var plan = ProblemPlan(
                file: try object.existingFile("file"),
                credit: try object.text("credit"),
                title: try object.name("title"),
                observationName: try object.name("observations"),
                unit: try object.name("unit"),
                quantities: try quantities(object),
                stateNames: object.has("state_names") ? try stateNames(object) : [:]
            )
            plan.role = try role(object)
            plans.append(plan)
        }
        guard !plans.isEmpty else { throw inversion.error("problems", "names no problem file") }
        return plans
    }

    private static func role(
        _ problem: ConfigurationObject
    ) throws(ConfigurationError) -> ComparisonGroup.Role {
        guard problem.has("table") else { return .result }
        guard let role = ComparisonGroup.Role(rawValue: try problem.text("table")) else {
            let known = ComparisonGroup.Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem.error("table", "expected one of \(known)")
        }
        return role
    }

    private static func quantities(
        _ problem: ConfigurationObject
    ) throws(ConfigurationError) -> [QuantityPlan] {
        var plans: [QuantityPlan] = []
        let known = ["name", "weights", "truth", "longitude", "latitude"]
        for object in try problem.objects("quantities", known: known) {
            let weights = try object.numberTable("weights")
            guard !weights.isEmpty else { throw object.error("weights", "names no state element") }
            plans.append(
                QuantityPlan(
                    name: try object.name("name"),
                    weights: weights,
                    truth: object.has("truth") ? try object.number("truth") : nil,
                    position: try position(object)
                )
            )
        }
        guard !plans.isEmpty else { throw problem.error("quantities", "names no quantity") }
        return plans
    }

    private static func position(_ object: ConfigurationObject) throws(ConfigurationError) -> Position? {
        guard object.has("longitude") || object.has("latitude") else { return nil }
        let longitude = try object.number("longitude")
        let latitude = try object.number("latitude")
        guard let position = Position(longitude: longitude, latitude: latitude) else {
            throw object.error("latitude", "not a place on Earth")
        }
        return position
    }

    private static func stateNames(
        _ problem: ConfigurationObject
    ) throws(ConfigurationError) -> [String: LocalizedName] {
        var names: [String: LocalizedName] = [:]
        for object in try problem.objects("state_names", known: ["key", "name"]) {
            names[try object.text("key")] = try object.name("name")
        }
        return names
    }
}
