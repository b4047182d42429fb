import Formats
import Quantities
import Verification

/// How both sides of one comparison are brought to one scope, as a case tells it.
struct AlignmentPlan: Sendable {
    /// What a figure counts, and the steps taken with it.
    struct Side: Sendable {
        var parts: Set<ScopePart> = []
        /// Empty where it is that of the report.
        var territory = ""
        /// Nil where it is that of the case.
        var period: Period?
        var steps: [AlignmentStep] = []
    }

    /// English name of the compared quantity.
    var quantity: String
    /// The declared figure.
    var inventory = Side()
    /// What was found from the air: prior and posterior take the same steps.
    var air = Side()

    /// Reads `alignment`.
    static func read(_ report: ConfigurationObject) throws(ConfigurationError) -> [AlignmentPlan] {
        var plans: [AlignmentPlan] = []
        for object in try report.objects("alignment", known: ["quantity", "inventory", "air"]) {
            var plan = AlignmentPlan(quantity: try object.text("quantity"))
            guard !plans.contains(where: { $0.quantity == plan.quantity }) else {
                throw object.error("quantity", "`\(plan.quantity)` is aligned twice")
            }
            if object.has("inventory") { plan.inventory = try side(object, "inventory") }
            if object.has("air") { plan.air = try side(object, "air") }
            guard !(plan.inventory.steps + plan.air.steps).isEmpty else {
                throw object.error("inventory", "neither side takes a step")
            }
            plans.append(plan)
        }
        return plans
    }

    private static func side(
        _ object: ConfigurationObject,
        _ key: String
    ) throws(ConfigurationError) -> Side {
        let entry = try object.object(key, known: ["counts", "territory", "period", "steps"])
        var side = Side()
        if entry.has("counts") {
            for name in try entry.texts("counts") { side.parts.insert(try part(name, entry, "counts")) }
        }
        if entry.has("territory") { side.territory = try entry.text("territory") }
        if entry.has("period") { side.period = try CaseFile.period(entry) }
        if entry.has("steps") {
            for step in try entry.objects("steps", known: stepKeys) { side.steps.append(try self.step(step)) }
        }
        return side
    }

    private static let verbs = ["remove", "add", "period", "territory", "accept"]
    private static let stepKeys =
        verbs + ["amount", "ratio", "fraction", "sigma", "error", "source", "counted", "reason"]

    /// The keys that each kind of step takes beside its own.
    private static let companions: [String: [String]] = [
        "remove": ["amount", "sigma", "error", "source"], "add": ["amount", "sigma", "error", "source"],
        "period": ["ratio", "sigma", "source"], "territory": ["fraction", "sigma", "source"],
        "accept": ["counted", "sigma", "reason"],
    ]

    private static func step(_ object: ConfigurationObject) throws(ConfigurationError) -> AlignmentStep {
        let given = verbs.filter(object.has)
        guard let verb = given.first, given.count == 1 else {
            throw object.error(given.last ?? "remove", "a step is one of \(verbs.joined(separator: ", "))")
        }
        let own = companions[verb] ?? []
        if let foreign = object.keys.first(where: { $0 != verb && !own.contains($0) }) {
            throw object.error(foreign, "goes not with `\(verb)`, which takes \(own.joined(separator: ", "))")
        }
        switch verb {
        case "remove":
            let part = try part(try object.text(verb), object, verb)
            return .remove(
                part,
                try estimate(object, "amount"),
                error: try error(object),
                source: try object.text("source")
            )
        case "add":
            let part = try part(try object.text(verb), object, verb)
            return .add(
                part,
                try estimate(object, "amount"),
                error: try error(object),
                source: try object.text("source")
            )
        case "period":
            let ratio = try estimate(object, "ratio")
            return .period(try CaseFile.period(object), ratio: ratio, source: try object.text("source"))
        case "territory":
            let fraction = try estimate(object, "fraction")
            return .territory(try object.text(verb), fraction: fraction, source: try object.text("source"))
        default:
            return .accept(
                try part(try object.text(verb), object, verb),
                counted: try object.bool("counted"),
                uncertainty: try sigma(object),
                reason: try object.name("reason")
            )
        }
    }

    private static func estimate(
        _ object: ConfigurationObject,
        _ key: String
    ) throws(ConfigurationError) -> Estimate {
        Estimate(mean: try object.number(key), standardDeviation: try sigma(object))
    }

    /// One standard uncertainty, in the unit of the amount; it has no default.
    private static func sigma(_ object: ConfigurationObject) throws(ConfigurationError) -> Double {
        let sigma = try object.number("sigma")
        guard sigma >= 0 else { throw object.error("sigma", "must not be negative") }
        return sigma
    }

    private static func error(_ object: ConfigurationObject) throws(ConfigurationError) -> PartError {
        guard object.has("error") else { return .independent }
        guard object.isText("error") else {
            let correlation = try object.number("error")
            guard (-1...1).contains(correlation) else { throw object.error("error", "must lie in -1...1") }
            return .correlated(correlation)
        }
        switch try object.text("error") {
        case "independent": return .independent
        case "within_figure": return .withinFigure
        default: throw object.error("error", "expected independent, within_figure or a correlation")
        }
    }

    private static func part(
        _ name: String,
        _ object: ConfigurationObject,
        _ key: String
    ) throws(ConfigurationError) -> ScopePart {
        guard let part = ScopePart(rawValue: name) else {
            let known = ScopePart.allCases.map(\.rawValue)
            let hint = nearest(to: name, among: known).map { "; did you mean `\($0)`?" } ?? ""
            throw object.error(key, "`\(name)` is none of \(known.joined(separator: ", "))\(hint)")
        }
        return part
    }
}
