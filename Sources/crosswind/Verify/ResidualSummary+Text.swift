import Quantities
import Verification

extension ResidualSummary {
    /// For a terminal: a table of the charts, what they mean, and what lasted.
    var lines: [String] {
        [table] + chances + facilities.compactMap(finding) + leftOut + exact + (cases.map { [$0.line] } ?? [])
    }

    private var table: String {
        let header = [
            "facility", "kind", "n", "days", "failed", "CUSUM+", "CUSUM-", "EWMA", "limit", "first alarm",
            "lasting",
        ]
        let rows = facilities.flatMap { facility -> [[String]] in
            guard !facility.charts.isEmpty else {
                return [
                    [Terminal.plain(facility.facility.english), "", "0", "0", "\(facility.failed)"]
                        + Array(repeating: "", count: 6)
                ]
            }
            return facility.charts.map { chart in
                [
                    Terminal.plain(facility.facility.english), chart.kind.rawValue.replacing("_", with: " "),
                    "\(chart.observations)", "\(chart.days)", "\(facility.failed)",
                    AlignedTable.fixed(chart.cumulativeHigh, 2), AlignedTable.fixed(chart.cumulativeLow, 2),
                    AlignedTable.fixed(chart.average, 2), AlignedTable.fixed(chart.averageLimit, 2),
                    chart.firstSignal.map { String("\($0)".prefix(10)) } ?? "none",
                    lasting(facility, chart.kind),
                ]
            }
        }
        return AlignedTable.text(header: header, rows: rows, left: [0, 1, 9, 10])
    }

    /// The ways of the runs of a kind, in their order.
    private func lasting(_ facility: Facility, _ kind: Evidence.Kind) -> String {
        var ways: [String] = []
        for run in facility.runs where run.kind == kind && ways.last != run.signal.rawValue {
            ways.append(run.signal.rawValue)
        }
        return ways.isEmpty ? "no" : ways.suffix(3).joined(separator: ", ")
    }

    private var chances: [String] {
        let charts = facilities.flatMap(\.charts)
        let count = charts.reduce(0) { $0 + $1.days }
        func sum(_ part: (Chance) -> Double) -> String {
            AlignedTable.fixed(charts.reduce(0) { $0 + part($1.falseAlarms) }, 2)
        }
        func length(_ value: Double?) -> String {
            value.map { AlignedTable.fixed($0, 0) } ?? "more than 1e12"
        }
        let independent = charts.reduce(0) { $0 + $1.falseAlarms.persistence }
        let common = charts.reduce(0) { $0 + $1.falseAlarms.persistenceOfOneDeclaredError }
        return [
            "CUSUM k \(rules.allowance), h \(rules.limit): a false alarm every \(length(rules.cumulativeSumRunLength)) "
                + "independent days of observation on average, "
                + "\(sum(\.cumulativeSum)) expected in \(count == 1 ? "this 1" : "these \(count)")",
            "EWMA weight \(rules.weight), width \(rules.width): every \(length(rules.movingAverageRunLength)), "
                + "\(sum(\.movingAverage)) expected",
            "a case needs \(text(rules.overpasses, "of overpasses")) or \(text(rules.stationDays, "of stations")) at "
                + "|z| >= \(rules.leastScore), or a chart beyond its limits for as many days after its alarm; by the "
                + "first rule alone chance lets expect "
                + "\(AlignedTable.scientific(independent)) runs where the errors of days are independent, "
                + "\(AlignedTable.scientific(common)) where a declared figure is wrong by the same on all days",
        ]
    }

    private func text(_ days: [Int], _ kind: String) -> String {
        let count =
            days.first == days.last ? "\(days.first ?? 0)" : days.map(String.init).joined(separator: " of ")
        return "\(count) \(days.last == 1 ? "day" : "days") \(kind)"
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
        let torn = facilities.flatMap(\.charts).reduce(0) { $0 + $1.tornDays }
        guard failed + blank + torn > 0 else { return [] }
        let days = torn == 1 ? "1 day" : "\(torn) days"
        let contradicted = torn > 0 ? ", \(days) whose observations contradict each other" : ""
        return ["left out: \(failed) that failed their checks, \(blank) without a figure\(contradicted)"]
    }

    private var exact: [String] {
        guard exactDeclared > 0 else { return [] }
        let rows = exactDeclared == 1 ? "1 row" : "\(exactDeclared) rows"
        return [
            "warning: \(rows) with declared_sigma 0: the declared figure counts as exact there, and z is too large by "
                + "what it is not"
        ]
    }
}
