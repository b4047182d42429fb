import Formats
import Foundation
import Quantities
import Report
import Verification

/// Fills the parts of the template from the tables of a case, and lists the files it read.
struct ReportContentBuilder {
    let plan: ReportPlan
    /// What the case is about; nil where it does not say.
    let gas: Gas?
    let period: Period?
    var content = TemplateContent()
    var inputs: [CaseInput] = []
    var caveats: [LocalizedName] = []
    /// The history of review cases and the name of its file.
    var caseHistory: ReviewCasesFile?
    var reviewInputs: [String] = []
    var facilities: [FacilityFinding] = []
    /// Names of regions as files of outlines give them, by the English one.
    var outlineNames: [String: LocalizedName] = [:]
    /// Of every table that gives a Chinese name.
    var names: RegionNames

    init(_ plan: ReportPlan, gas: Gas?, period: Period?) {
        self.plan = plan
        self.gas = gas
        self.period = period
        names = RegionNames(plan.regions)
    }

    /// - Throws: `TableError` and the faults of the account.
    mutating func build() throws {
        content.scope = plan.scope
        content.versions = plan.versions
        content.signatures = plan.signatures
        content.absences = plan.absences
        if let file = plan.regionsFile { _ = use(file, .table) }
        try addDatabases()
        try addAccount()
        try addSensitivity()
        try addBudget()
        try addTargets()
        try addReviewCases()
        try addFacilities()
        try addQuadrant()
        try addScenario()
    }

    /// Remembers a file and gives its name in the report.
    mutating func use(_ file: String, _ role: CaseInput.Role, _ credit: String = "") -> [String] {
        if !inputs.contains(where: { $0.path == file }) {
            inputs.append(CaseInput(role: role, path: file, credit: LocalizedName(english: credit)))
        }
        return [URL(filePath: file).lastPathComponent]
    }

    // MARK: - T9, T11

    private mutating func addSensitivity() throws {
        guard let file = plan.sensitivity else { return }
        let table = try CSVTable.ofCase(file)
        let inputs = use(file, .table)
        content.sensitivity = try table.rows.map { row in
            SensitivityRow(
                choice: try table.name(row, "choice"),
                quantity: try table.name(row, "quantity"),
                unit: try table.name(row, "unit"),
                posterior: Estimate(
                    mean: try table.number(row, "posterior"),
                    standardDeviation: try table.number(row, "posterior_sigma")
                ),
                shift: try table.number(row, "shift"),
                inputs: inputs
            )
        }
    }

    private mutating func addBudget() throws {
        guard let file = plan.budget else { return }
        let table = try CSVTable.ofCase(file)
        let inputs = use(file, .table)
        let rows = try table.rows.map { row in
            BudgetRow(
                component: try table.name(row, "component"),
                quantity: try table.name(row, "quantity"),
                unit: try table.name(row, "unit"),
                standardDeviation: try table.number(row, "sigma"),
                share: try table.number(row, "share"),
                basis: try table.name(row, "basis"),
                inputs: inputs
            )
        }
        try BudgetCheck.requireShares(rows, table)
        caveats += BudgetCheck.contradictions(rows, file: inputs[0])
        content.budget += rows
    }

    // MARK: - F7, F8

    private mutating func addQuadrant() throws {
        guard let quadrant = plan.quadrant else { return }
        let table = try CSVTable.ofCase(quadrant.file)
        let points = try table.rows.map { row in
            QuadrantChart.Point(
                name: try table.name(row, quadrant.name),
                x: try table.number(row, quadrant.x.column),
                y: try table.number(row, quadrant.y.column),
                size: try quadrant.size.map { try table.number(row, $0) } ?? .nan
            )
        }
        var chart = QuadrantChart(
            horizontal: quadrant.x.title,
            vertical: quadrant.y.title,
            points: points,
            inputs: use(quadrant.file, .table)
        )
        chart.title = quadrant.title
        content.quadrant = chart
    }

    /// Columns `year`, `q05`, `q25`, `q50`, `q75`, `q95` and, where known, `peak_probability`.
    private mutating func addScenario() throws {
        guard let scenario = plan.scenario else { return }
        let table = try CSVTable.ofCase(scenario.file)
        var peaks: [(year: Int, probability: Double)] = []
        let years = try table.rows.map { row in
            let year = try table.year(row, "year")
            if try table.has("peak_probability") {
                peaks.append((year, try table.number(row, "peak_probability")))
            }
            let quantiles = try ["q05", "q25", "q50", "q75", "q95"].map { try table.number(row, $0) }
            guard zip(quantiles, quantiles.dropFirst()).allSatisfy({ !($0 > $1) }) else {
                throw row.bad("q05", "the quantiles of a year do not ascend")
            }
            return ScenarioFan.Year(year: year, quantiles: quantiles)
        }
        for (place, pair) in zip(years, years.dropFirst()).enumerated() where pair.0.year >= pair.1.year {
            throw table.rows[place + 1].bad("year", "the years do not ascend")
        }
        // A hundredth for what rounding leaves.
        if let last = table.rows.last, peaks.reduce(0, { $0 + max(0, $1.probability) }) > 1.01 {
            throw last.bad("peak_probability", "the probabilities of the column add up to more than 1")
        }
        content.scenario = ScenarioFan(
            name: scenario.name,
            unit: scenario.unit,
            years: years,
            peakYears: peaks,
            inputs: use(scenario.file, .table)
        )
    }
}
