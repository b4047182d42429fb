import Quantities
import Verification

extension ResidualSummary {
    /// For a terminal: a table of the charts, what they mean, and what lasted.
    var lines: [String] {
        [table] + chances + facilities.compactMap(finding) + leftOut + (cases.map { [$0.line] } ?? [])
    }

    private var table: String {
        let header = [
            "facility", "kind", "n", "failed", "CUSUM+", "CUSUM-", "EWMA", "limit", "first alarm", "lasting",
        ]
        let rows = facilities.flatMap { facility -> [[String]] in
            guard !facility.charts.isEmpty else {
                return [
                    [Terminal.plain(facility.facility.english), "", "0", "\(facility.failed)"]
                        + Array(repeating: "", count: 6)
                ]
            }
            return facility.charts.map { chart in
                [
                    Terminal.plain(facility.facility.english), chart.kind.rawValue.replacing("_", with: " "),
                    "\(chart.observations)", "\(facility.failed)",
                    AlignedTable.fixed(chart.cumulativeHigh, 2), AlignedTable.fixed(chart.cumulativeLow, 2),
                    AlignedTable.fixed(chart.average, 2), AlignedTable.fixed(chart.averageLimit, 2),
                    chart.firstSignal.map { String("\($0)".prefix(10)) } ?? "none",
                    facility.runs.last?.signal.rawValue ?? "no",
                ]
            }
        }
        return AlignedTable.text(header: header, rows: rows, left: [0, 1, 8, 9])
    }

    private var chances: [String] {
        let charts = facilities.flatMap(\.charts)
        let count = charts.reduce(0) { $0 + $1.observations }
        func sum(_ part: (Chance) -> Double) -> String {
            AlignedTable.fixed(charts.reduce(0) { $0 + part($1.falseAlarms) }, 2)
        }
        func length(_ value: Double?) -> String {
            value.map { AlignedTable.fixed($0, 0) } ?? "more than 1e12"
        }
        return [
            "CUSUM k \(rules.allowance), h \(rules.limit): a false alarm every \(length(rules.cumulativeSumRunLength)) "
                + "independent observations on average, \(sum(\.cumulativeSum)) expected in these \(count)",
            "EWMA weight \(rules.weight), width \(rules.width): every \(length(rules.movingAverageRunLength)), "
                + "\(sum(\.movingAverage)) expected",
            "a case needs \(text(rules.overpasses)) days of overpasses or \(text(rules.stationDays)) station days at "
                + "|z| >= \(rules.leastScore), or a chart beyond its limits for as many days after its alarm; "
                + "by the first rule alone, with one observation a day, "
                + "\(AlignedTable.scientific(charts.reduce(0) { $0 + $1.falseAlarms.persistence })) "
                + "runs are expected by chance",
        ]
    }

    private func text(_ days: [Int]) -> String {
        days.first == days.last ? "\(days.first ?? 0)" : days.map(String.init).joined(separator: " of ")
    }

    private func finding(_ facility: Facility) -> String? {
        guard let ground = facility.ground, let direction = facility.direction else { return nil }
        let why = (facility.explanations ?? []).map(\.name.english).joined(separator: ", ")
        let autocorrelation = facility.charts.compactMap(\.autocorrelation).max() ?? 0
        let warning =
            autocorrelation > 0.3
            ? "; residuals follow each other (lag 1: \(AlignedTable.fixed(autocorrelation, 2))): "
                + "false alarms are more frequent" : ""
        let name = Terminal.plain(facility.facility.english)
        return "\(name): \(ground.english); \(direction.name.english) (\(why))\(warning)"
    }

    private var leftOut: [String] {
        let failed = facilities.reduce(0) { $0 + $1.failed }
        guard failed + blank > 0 else { return [] }
        return ["left out: \(failed) that failed their checks, \(blank) without a figure"]
    }
}
