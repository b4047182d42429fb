import Quantities
import Verification

extension ResidualSummary {
    func lines(_ language: Language) -> [String] { language == .chinese ? chineseLines : lines }

    /// A line for each chart instead of the table: Chinese characters are two columns wide on some terminals only.
    private var chineseLines: [String] {
        facilities.flatMap(charts) + rulesInChinese + facilities.compactMap(finding) + omitted
            + (cases.map { [$0.line(.chinese)] } ?? [])
    }

    private func charts(_ facility: Facility) -> [String] {
        let name = Terminal.plain(facility.facility.chinese)
        guard !facility.charts.isEmpty else { return ["\(name)：无可用观测，未通过检查 \(facility.failed) 次"] }
        return facility.charts.map { chart in
            let (high, low) = (number(chart.cumulativeHigh), number(chart.cumulativeLow))
            let alarm = chart.firstSignal.map { String("\($0)".prefix(10)) } ?? "无"
            let kind = chart.kind == .overpass ? "过境" : "站点日"
            let ways = lasting(facility, chart.kind)
            return "\(name)，\(kind)：观测 \(chart.observations) 次（\(chart.days) 天），未通过检查 \(facility.failed) 次；"
                + "CUSUM 上侧 \(high)、下侧 \(low)，EWMA \(number(chart.average))（限值 ±\(number(chart.averageLimit))）；"
                + "首次报警：\(alarm)；持续：\(ways)"
        }
    }

    private var rulesInChinese: [String] {
        func length(_ value: Double?) -> String { value.map { AlignedTable.fixed($0, 0) } ?? "逾 1e12" }
        func days(_ days: [Int]) -> String {
            days.first == days.last ? "\(days.first ?? 0) 天" : "\(days.last ?? 0) 天中 \(days.first ?? 0) 天"
        }
        let charts = facilities.flatMap(\.charts)
        func sum(_ part: (Chance) -> Double) -> String {
            AlignedTable.fixed(charts.reduce(0) { $0 + part($1.falseAlarms) }, 2)
        }
        let independent = charts.reduce(0) { $0 + $1.falseAlarms.persistence }
        let common = charts.reduce(0) { $0 + $1.falseAlarms.persistenceOfOneDeclaredError }
        return [
            "CUSUM k \(rules.allowance)，h \(rules.limit)：平均每 \(length(rules.cumulativeSumRunLength)) 个独立观测日误报一次；"
                + "EWMA 权重 \(rules.weight)，界宽 \(rules.width)：每 \(length(rules.movingAverageRunLength)) 日",
            "立项条件：|z| ≥ \(rules.leastScore) 的过境日达 \(days(rules.overpasses))，或站点日达 \(days(rules.stationDays))；"
                + "或控制图报警后超限持续同样天数",
            "偶然性：\(charts.reduce(0) { $0 + $1.days }) 个观测日中，CUSUM 误报期望 \(sum(\.cumulativeSum)) 次，"
                + "EWMA \(sum(\.movingAverage)) 次；仅按第一条规则，各日误差独立时期望 "
                + "\(AlignedTable.scientific(independent)) 段，申报值各日误差相同时 \(AlignedTable.scientific(common)) 段",
        ]
    }

    /// The ways of the runs of a kind, in their order.
    private func lasting(_ facility: Facility, _ kind: Evidence.Kind) -> String {
        var ways: [String] = []
        for run in facility.runs where run.kind == kind {
            let way = run.signal == .high ? "偏高" : "偏低"
            if ways.last != way { ways.append(way) }
        }
        return ways.isEmpty ? "无" : ways.suffix(3).joined(separator: "、")
    }

    private func finding(_ facility: Facility) -> String? {
        guard let ground = facility.ground, let direction = facility.direction else { return nil }
        let why = (facility.explanations ?? []).map(\.name.chinese).joined(separator: "、")
        let autocorrelation = facility.charts.compactMap(\.autocorrelation).max() ?? 0
        let warning =
            autocorrelation > 0.3 ? "；残差前后相关（一阶自相关 \(number(autocorrelation))），误报会更频繁" : ""
        let name = Terminal.plain(facility.facility.chinese)
        return "\(name)：\(ground.chinese)；\(direction.name.chinese)（\(why)）\(warning)"
    }

    private var omitted: [String] {
        let failed = facilities.reduce(0) { $0 + $1.failed }
        let torn = facilities.flatMap(\.charts).reduce(0) { $0 + $1.tornDays }
        var lines: [String] = []
        if failed + blank + torn > 0 {
            let contradicted = torn > 0 ? "，同日观测相互矛盾 \(torn) 天" : ""
            lines.append("未采用：未通过检查 \(failed) 次，无数值 \(blank) 次\(contradicted)")
        }
        if exactDeclared > 0 {
            lines.append("警告：\(exactDeclared) 行的 declared_sigma 为 0：其申报值视为精确值，若并非如此，则 z 偏大")
        }
        return lines
    }

    private func number(_ value: Double) -> String { AlignedTable.fixed(value, 2) }
}
