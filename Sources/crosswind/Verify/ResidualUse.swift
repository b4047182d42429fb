import Formats
import Foundation
import Pipeline
import Quantities
import Verification

/// `crosswind verify --residuals`: facilities over time against what they declare.
struct ResidualUse {
    static let options: [OptionSpecification] = [
        .value(
            "residuals",
            "FILE",
            "instead of a table: observations of facilities over time (CSV with facility, time,\n"
                + "source, unit, found, found_sigma, declared, declared_sigma)"
        ),
        .value(
            "cusum",
            "K,H",
            "with --residuals: allowance, 0 to 10, and limit of the cumulative sum, to 100 (0.5,5)"
        ),
        .value(
            "ewma",
            "WEIGHT,WIDTH",
            "with --residuals: weight, 0.01 to 1, and width of the average, to 100 (0.2,2.962)"
        ),
        .value(
            "overpasses",
            "K[/N]",
            "days of overpasses that must exceed, of the last N observed; N to 10000 (3)"
        ),
        .value(
            "station-days",
            "K[/N]",
            "station days that must exceed, of the last N observed; N to 10000 (14)"
        ),
        .value("score", "Z", "with --residuals: residual of a day over its sigma that exceeds, to 100 (2)"),
    ]

    /// Nil where the command line does not ask for residuals; then none of its options may stand.
    static func run(_ options: Options) throws -> ExitStatus? {
        guard options.isSet("residuals") else {
            for option in Self.options where options.isSet(option.name) {
                throw UsageError.lacks(option.name, needs: "residuals", verb: options.verb)
            }
            return nil
        }
        try options.refuseRepeats(except: [])
        try options.refuse(["independent", "report", "period"], beside: "residuals")
        guard options.operands.isEmpty else {
            throw UsageError.operands(expected: "no table beside --residuals", verb: options.verb)
        }
        let language = try ReviewCaseUse.language(options)
        let cases = try CaseOpeningUse(options)
        let rules = try rules(options)
        let file = try options.required("residuals")
        let kept = [file] + (cases.map { [$0.path] } ?? [])
        let output = try options.text("output").map { try OutputPath($0, inputs: kept).path }
        let table = try FacilityTable(csvFile: file)
        let reviews = table.facilities.map { FacilityReview($0, rules: rules) }
        if let output { try writeText(ResidualPoints(reviews).csv, to: output) }
        let changes = try cases.map { use in try use.open(reviews.map { $0.followUp(gas: use.gas) }) }
        let summary = ResidualSummary(table, reviews, rules, changes)
        if options.isSet("json") {
            try JSONSummary.print(summary)
        } else {
            try Terminal.write(summary.lines(language).joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }

    private static func rules(_ options: Options) throws -> FacilityRules {
        var rules = FacilityRules()
        for name in FacilityRules.Name.allCases {
            let option = name.rawValue.replacing("_", with: "-")
            guard let text = options.text(option) else { continue }
            guard let next = rules.setting(name, to: text) else {
                throw UsageError.badValue(option, text, expected: name.expected, verb: options.verb)
            }
            rules = next
        }
        return rules
    }
}

/// The charts day by day, for other programs.
struct ResidualPoints {
    private static let header = [
        "facility", "unit", "kind", "time", "source", "residual", "residual_sigma", "z", "cusum_high",
        "cusum_low", "cusum_signal", "ewma", "ewma_limit", "ewma_signal", "observations", "agreement", "used",
    ]

    let csv: String

    init(_ reviews: [FacilityReview]) {
        let rows = reviews.flatMap { review in
            review.charts.flatMap { kind, chart in
                let points = chart.points.map { ($0.day, Self.cells($0)) }
                // No chart takes a day whose observations contradict each other.
                let torn = chart.tornDays.map { ($0, [String](repeating: "", count: 6)) }
                return (points + torn).sorted { $0.0.day < $1.0.day }.map { day, chart in
                    [review.observations.facility.english, review.observations.unit, kind.rawValue]
                        + Self.cells(day) + chart
                        + ["\(day.evidence.count)", "\(day.agreement)", day.isTorn ? "no" : "yes"]
                }
            }
        }
        csv = ([Self.header] + rows).map { $0.map(csvField).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func cells(_ day: ResidualDay) -> [String] {
        var sources: [String] = []
        for piece in day.evidence where !sources.contains(piece.source) { sources.append(piece.source) }
        return [
            "\(day.time)", sources.joined(separator: "; "), "\(day.residual.mean)",
            "\(day.residual.standardDeviation)", "\(day.zScore)",
        ]
    }

    private static func cells(_ point: ResidualChart.Point) -> [String] {
        [
            "\(point.cumulativeHigh)", "\(point.cumulativeLow)", point.cumulativeSignal.rawValue,
            "\(point.average)", "\(point.averageLimit)", point.averageSignal.rawValue,
        ]
    }
}
