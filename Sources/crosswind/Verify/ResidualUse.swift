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
        .value("cusum", "K,H", "with --residuals: allowance and limit of the cumulative sum (0.5,5)"),
        .value("ewma", "WEIGHT,WIDTH", "with --residuals: of the moving average (0.2,2.962)"),
        .value("overpasses", "K[/N]", "days of overpasses that must exceed, of the last N observed (3)"),
        .value("station-days", "K[/N]", "station days that must exceed, of the last N observed (14)"),
        .value("score", "Z", "with --residuals: residual over its sigma that exceeds (2)"),
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
        let changes = try cases.map { use in try use.open(reviews.compactMap { $0.opening(gas: use.gas) }) }
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
        if let sums = try pair("cusum", options, expected: "K,H with K not negative and H above 0") {
            guard sums.0 >= 0, sums.1 > 0, sums.0 <= 10, sums.1 <= 100 else { throw bad("cusum", options) }
            rules.sums = CumulativeSumChart(allowance: sums.0, limit: sums.1)
        }
        if let average = try pair("ewma", options, expected: "WEIGHT,WIDTH") {
            guard average.0 > 0, average.0 <= 1, average.1 > 0, average.1 <= 100 else {
                throw bad("ewma", options)
            }
            rules.average = MovingAverageChart(weight: average.0, width: average.1)
        }
        if let score = try options.number("score") {
            guard score > 0, score <= 100 else {
                throw UsageError.badValue("score", "\(score)", expected: "above 0", verb: options.verb)
            }
            rules.persistence.leastScore = score
        }
        if let days = try days("overpasses", options) {
            (rules.persistence.overpasses, rules.persistence.overpassWindow) = days
        }
        if let days = try days("station-days", options) {
            (rules.persistence.stationDays, rules.persistence.stationWindow) = days
        }
        return rules
    }

    private static func pair(
        _ name: String,
        _ options: Options,
        expected: String
    ) throws -> (Double, Double)? {
        guard let text = options.text(name) else { return nil }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        guard numbers.count == 2, numbers.allSatisfy(\.isFinite) else {
            throw UsageError.badValue(name, text, expected: expected, verb: options.verb)
        }
        return (numbers[0], numbers[1])
    }

    private static func bad(_ name: String, _ options: Options) -> UsageError {
        .badValue(
            name,
            options.text(name) ?? "",
            expected: name == "cusum"
                ? "an allowance from 0 to 10 and a limit above 0, at most 100"
                : "a weight above 0, at most 1, and a width above 0",
            verb: options.verb
        )
    }

    /// `3` or `3/5`.
    private static func days(_ name: String, _ options: Options) throws -> (Int, Int)? {
        guard let text = options.text(name) else { return nil }
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let (least, among) = (numbers[0], numbers.last ?? 0)
        guard numbers.count <= 2, least >= 1, among >= least, among <= 10_000 else {
            throw UsageError.badValue(
                name,
                text,
                expected: "K or K/N, days from 1 and N not less than K",
                verb: options.verb
            )
        }
        return (least, among)
    }
}

/// The charts point by point, for other programs.
struct ResidualPoints {
    let csv: String

    init(_ reviews: [FacilityReview]) {
        let header = [
            "facility", "unit", "kind", "time", "source", "residual", "residual_sigma", "z", "cusum_high",
            "cusum_low", "cusum_signal", "ewma", "ewma_limit", "ewma_signal",
        ]
        let rows = reviews.flatMap { review in
            review.charts.flatMap { kind, chart in
                chart.points.map { point in
                    [
                        review.observations.facility.english, review.observations.unit, kind.rawValue,
                        "\(point.time)", point.evidence.source, "\(point.evidence.residual.mean)",
                        "\(point.evidence.residual.standardDeviation)", "\(point.zScore)",
                        "\(point.cumulativeHigh)", "\(point.cumulativeLow)", point.cumulativeSignal.rawValue,
                        "\(point.average)", "\(point.averageLimit)", point.averageSignal.rawValue,
                    ]
                }
            }
        }
        csv = ([header] + rows).map { $0.map(csvField).joined(separator: ",") + "\r\n" }.joined()
    }
}
