import Formats
import Pipeline
import Quantities
import Report
import Verification

/// `crosswind verify`: verdicts on a table of totals, whoever made the inversion.
struct VerifyVerb: Verb {
    let name = "verify"
    let summary = "compare totals from the air with declared ones and give verdicts"
    let operands = "TABLE.csv|CASE.json5"
    let discussion = """
        TABLE.csv has a header row with the columns region, unit, inventory, inventory_sigma, prior, prior_sigma,
        posterior, posterior_sigma (one standard deviation each); other columns are ignored, so the comparisons.csv
        of `crosswind run` can be given again. A verdict is never given without uncertainty: below 20 % uncertainty
        reduction a total is called not constrained.

        CASE.json5 names databases, accounts, targets and tables for a report without an inversion of ours. With
        --report both give the tables T1 to T14 and the figures F1 to F8 as far as there are data for them, and say of
        the others why they are absent: report-en.html, report-zh.html, table-T*.csv, tables.json, tables.nc.
        A case with an inversion is solved and reported by `crosswind run CASE.json5`, which writes the same tables and
        the comparisons.csv that can be judged anew here.

        With --open-cases each total that is inconsistent, and stays so among all that were compared (false discovery
        rate 0.1), opens a review case with its evidence, or adds evidence to the open one of its name; the table may
        have the columns metered (yes, no), chi2_per_observation and quality (good, suspect, bad), which say whether the
        observation is to be looked at first. --residuals does the same for facilities over time, by control charts and
        a rule of persistence. Nothing is opened twice, and only --decide, with a person, changes a case.

        example: crosswind verify out/uk-methane/comparisons.csv --independent
        example: crosswind verify totals.csv --open-cases cases.jsonl --gas ch4 --period 2021-01-01/2022-01-01
        example: crosswind verify --residuals plants.csv --open-cases cases.jsonl --gas co2
        example: crosswind verify deploy/cases/china-power/case.json5 --report out/china-power
        """
    let options: [OptionSpecification] =
        [
            .flag("independent", "the inventory was not used as the prior: no correlation is assumed"),
            .value("output", "FILE", "write the table with difference, z and verdict as CSV"),
            .value("report", "DIR", "write the report with its tables into a folder"),
            .json,
        ] + CaseOpeningUse.options + ResidualUse.options + ReviewCaseUse.options

    func run(_ options: Options) async throws -> ExitStatus {
        if let status = try ReviewCaseUse.run(options) { return status }
        if let status = try ResidualUse.run(options) { return status }
        let opening = try CaseOpeningUse(options)
        guard let file = options.operands.first, options.operands.count == 1 else {
            throw UsageError.operands(expected: "one CSV table or case", verb: name)
        }
        let language = try ReviewCaseUse.language(options)
        if file.hasSuffix(".json5") || file.hasSuffix(".json") {
            guard !options.isSet("lang") else {
                throw UsageError.operands(expected: "a CSV table beside --lang", verb: name)
            }
            guard opening == nil else {
                let expected = "a CSV table beside --open-cases; a case says `report: { open_cases: true }`"
                throw UsageError.operands(expected: expected, verb: name)
            }
            return try await runCase(file, options)
        }
        return try await runTable(file, options, opening, language)
    }

    private func runTable(
        _ file: String,
        _ options: Options,
        _ opening: CaseOpeningUse?,
        _ language: Language
    ) async throws -> ExitStatus {
        let period = try opening.map { _ in try CaseOpeningUse.period(options) }
        let table = try ComparisonTable(
            csvFile: file,
            inventoryIsPrior: !options.isSet("independent"),
            readsCircumstances: opening != nil
        )
        if let output = options.text("output") {
            let kept = [file] + (opening.map { [$0.path] } ?? [])
            try writeText(table.csv, to: try OutputPath(output, inputs: kept).path)
        }
        var changes: CaseChangesSummary?
        if let opening, let period {
            changes = try opening.open(table.openings(gas: opening.gas, period: period))
        }
        if let folder = options.text("report") {
            let definition = VerificationCase(
                comparisons: file,
                inventoryIsPrior: !options.isSet("independent"),
                subject: opening.flatMap { use in period.map { (use.gas, $0) } },
                cases: opening.flatMap { $0.hasHistory ? $0.path : nil }
            )
            _ = try await VerificationRun(definition: definition, command: commandLine(options)).write(
                to: folder
            )
        }
        if options.isSet("json") {
            try JSONSummary.print(VerifySummary(table, cases: changes))
        } else {
            let told = lines(table).map { $0[language] } + (changes.map { [$0.line(language)] } ?? [])
            try Terminal.write(told.joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }

    private func runCase(_ file: String, _ options: Options) async throws -> ExitStatus {
        guard let folder = options.text("report") else {
            throw UsageError.missingOption("report", verb: name)
        }
        let run = VerificationRun(
            definition: try VerificationCase(json5File: file),
            command: commandLine(options)
        )
        let outcome = try run.outcome()
        let outputs = try await run.write(outcome, to: folder)
        let summary = CaseReportSummary(outcome, outputs)
        if options.isSet("json") {
            try JSONSummary.print(summary)
        } else {
            let lines = [outcome.report.title.english] + summary.lines
            try Terminal.write(lines.joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }

    /// The command as a reader can repeat it.
    private func commandLine(_ options: Options) -> String {
        var words = ["crosswind", name] + options.operands
        if options.isSet("independent") { words.append("--independent") }
        for option in ["open-cases", "gas", "period", "report"] {
            if let value = options.text(option) { words += ["--\(option)", value] }
        }
        return words.joined(separator: " ")
    }

    private func lines(_ table: ComparisonTable) -> [LocalizedName] {
        table.rows.map { row in
            let comparison = row.comparison
            let z = Figure.text(comparison.zScore, 2)
            let reduced = Figure.percent(comparison.uncertaintyReduction)
            let (inventory, posterior) = (comparison.inventory, comparison.posterior)
            return LocalizedName(
                english: Terminal.plain(
                    """
                    \(row.region): declared \(Figure.text(inventory)), found \(Figure.text(posterior)) \(row.unit), z \
                    \(z), uncertainty reduced \(reduced): \(comparison.verdict.told.english)
                    """
                ),
                chinese: Terminal.plain(
                    """
                    \(comparison.region.chinese)：申报 \(Figure.text(inventory, .chinese))，实测 \
                    \(Figure.text(posterior, .chinese)) \(row.unit)，z \(z)，不确定度降低 \(reduced)：\
                    \(comparison.verdict.told.chinese)
                    """
                )
            )
        }
    }
}

extension Verdict {
    /// As a report names it.
    fileprivate var told: LocalizedName {
        let chinese =
            switch self {
            case .consistent: "一致"
            case .tension: "存在偏差"
            case .inconsistent: "显著不符"
            case .notConstrained: "约束不足"
            }
        return LocalizedName(english: rawValue.replacing("_", with: " "), chinese: chinese)
    }
}

/// The `--json` of `crosswind verify`.
private struct VerifySummary: Encodable {
    let software = "crosswind \(Version.current)"
    let comparisons: ComparisonTable
    /// Benjamini-Hochberg adjusted p-values, null where nothing is claimed.
    let adjustedPValues: [Double?]
    /// Absent without --open-cases.
    let cases: CaseChangesSummary?

    init(_ table: ComparisonTable, cases: CaseChangesSummary?) {
        self.cases = cases
        comparisons = table
        adjustedPValues = FalseDiscovery.adjusted(table.rows.map(\.comparison)).map { $0.isNaN ? nil : $0 }
    }
}

/// The `--json` of `crosswind verify CASE.json5`.
private struct CaseReportSummary: Encodable {
    let software = "crosswind \(Version.current)"
    let present: [String]
    /// Reason by table.
    let absent: [String: String]
    let outputs: [String]
    /// Absent where the case opens none.
    let cases: CaseChangesSummary?

    init(_ outcome: VerificationOutcome, _ outputs: [String]) {
        let report = outcome.report
        cases = outcome.cases?.summary
        present = report.tables.filter { $0.absence == nil }.map(\.code.label)
        let pairs = report.tables.compactMap { table in table.absence.map { (table.code.label, $0.english) } }
        absent = Dictionary(uniqueKeysWithValues: pairs)
        self.outputs = outputs
    }

    var lines: [String] {
        ["  tables \(present.joined(separator: ", "))"]
            + absent.keys.sorted { ($0.count, $0) < ($1.count, $1) }.map {
                "  \($0) absent: \(absent[$0] ?? "")"
            }
            + (cases.map { ["  \($0.line)"] } ?? [])
            + outputs.suffix(Language.allCases.count).map { "  \($0)" }
    }
}

extension ComparisonTable {
    /// What asks for a case; all rows were compared together.
    fileprivate func openings(gas: Gas, period: Period) -> [CaseOpening] {
        let items = rows.map {
            ComparisonReview.Item(
                $0.comparison,
                unit: $0.unit,
                circumstances: $0.circumstances,
                origin: $0.origin
            )
        }
        let source = rows.first?.origin?.file ?? ""
        return ComparisonReview(gas: gas, period: period, source: source).openings(items)
    }
}
