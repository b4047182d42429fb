import Formats
import Pipeline
import Quantities
import Verification

/// `crosswind verify`: verdicts on a table of totals, whoever made the inversion.
struct VerifyVerb: Verb {
    let name = "verify"
    let summary = "compare totals from the air with declared ones and give verdicts"
    let operands = "TABLE.csv"
    let discussion = """
        TABLE.csv has a header row with the columns region, unit, inventory, inventory_sigma, prior, prior_sigma,
        posterior, posterior_sigma (one standard deviation each); other columns are ignored, so the comparisons.csv
        of `crosswind run` can be given again. A verdict is never given without uncertainty: below 20 % uncertainty
        reduction a total is called not constrained. `crosswind run` writes the full report of a case.

        example: crosswind verify out/uk-methane/comparisons.csv --independent
        """
    let options: [OptionSpecification] =
        [
            .flag("independent", "the inventory was not used as the prior: no correlation is assumed"),
            .value("output", "FILE", "write the table with difference, z and verdict as CSV"),
            .json,
        ] + ReviewCaseUse.options

    func run(_ options: Options) async throws -> ExitStatus {
        if let status = try ReviewCaseUse.run(options) { return status }
        guard let file = options.operands.first, options.operands.count == 1 else {
            throw UsageError.operands(expected: "one CSV table", verb: name)
        }
        let table = try ComparisonTable(
            csvFile: file,
            inventoryIsPrior: !options.isSet("independent")
        )
        if let output = options.text("output") {
            try writeText(table.csv, to: try OutputPath(output, inputs: [file]).path)
        }
        if options.isSet("json") {
            try JSONSummary.print(VerifySummary(table))
        } else {
            try Terminal.write(lines(table).joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }

    private func lines(_ table: ComparisonTable) -> [String] {
        table.rows.map { row in
            let comparison = row.comparison
            let verdict = comparison.verdict.rawValue.replacing("_", with: " ")
            let z = Figure.text(comparison.zScore, 2)
            return """
                \(row.region): declared \(Figure.text(comparison.inventory)), found \
                \(Figure.text(comparison.posterior)) \(row.unit), z \(z), uncertainty reduced \
                \(Figure.percent(comparison.uncertaintyReduction)): \(verdict)
                """
        }
    }
}

/// The `--json` of `crosswind verify`.
private struct VerifySummary: Encodable {
    let software = "crosswind \(Version.current)"
    let comparisons: ComparisonTable
    /// Benjamini-Hochberg adjusted p-values, null where nothing is claimed.
    let adjustedPValues: [Double?]

    init(_ table: ComparisonTable) {
        comparisons = table
        adjustedPValues = FalseDiscovery.adjusted(table.rows.map(\.comparison)).map { $0.isNaN ? nil : $0 }
    }
}
