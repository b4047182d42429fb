public import Quantities

/// The observations of one facility against what it declares.
public struct FacilityObservations: Sendable {
    public var facility: LocalizedName
    public var unit: String
    /// Those that passed their checks, in any order.
    public var evidence: [Evidence]
    /// That failed their checks.
    public var failed: Int
    /// The declared figure comes from continuous measurement at the stack.
    public var isMetered: Bool

    public init(facility: LocalizedName, unit: String) {
        self.facility = facility
        self.unit = unit
        (evidence, failed, isMetered) = ([], 0, false)
    }
}

/// The charts of one facility and what lasts in them.
public struct FacilityReview: Sendable {
    /// Why a case is asked for.
    public struct Run: Sendable {
        public enum Rule: String, Codable, Sendable {
            /// Exceedances on enough days.
            case persistence
            /// A chart stayed beyond its limits for as many days after its alarm.
            case chart
        }

        public let rule: Rule
        public let signal: ChartSignal
        public let evidence: [Evidence]
    }

    public let observations: FacilityObservations
    /// Of each kind that there are observations of.
    public let charts: [(kind: Evidence.Kind, chart: ResidualChart)]
    /// By time of their last observation.
    public let runs: [Run]
    private let rules: FacilityRules

    public init(_ observations: FacilityObservations, rules: FacilityRules = FacilityRules()) {
        self.observations = observations
        self.rules = rules
        let kinds = [Evidence.Kind.overpass, .stationDay].filter { kind in
            observations.evidence.contains { $0.kind == kind }
        }
        let charts = kinds.map { kind in
            let chart = ResidualChart(
                observations.evidence.filter { $0.kind == kind },
                sums: rules.sums,
                average: rules.average,
                greatestScore: rules.greatestScore
            )
            return (kind: kind, chart: chart)
        }
        self.charts = charts
        let runs = charts.flatMap { kind, chart in
            rules.persistence.runs(observations.evidence, of: kind).map {
                Run(rule: .persistence, signal: $0.signal, evidence: $0.evidence)
            } + ChartRuns(chart: chart, kind: kind, rules: rules).runs
        }
        self.runs = runs.sorted { ($0.last, $0.rule.rawValue) < ($1.last, $1.rule.rawValue) }
    }

    /// Which way the facility left what it declares; `none` where nothing lasted. The latest run decides.
    public var signal: ChartSignal { runs.last?.signal ?? .none }

    /// Observations in the charts.
    public var count: Int { charts.reduce(0) { $0 + $1.chart.points.count } }

    /// Nil where nothing lasted.
    public func opening(gas: Gas) -> CaseOpening? {
        guard let last = runs.last else { return nil }
        let advice = FacilityAdvice(observations, signal: last.signal, rules: rules)
        var evidence: [Evidence] = []
        for piece in runs.flatMap(\.evidence).sorted(by: { ($0.time, $0.source) < ($1.time, $1.source) })
        where evidence.last != piece { evidence.append(piece) }
        var opening = CaseOpening(
            subject: observations.facility,
            gas: gas,
            direction: advice.direction,
            explanations: advice.explanations,
            ground: LocalizedName(
                english: "\(ground(last).english); \(advice.rule.english)",
                chinese: "\(ground(last).chinese)；\(advice.rule.chinese)"
            ),
            evidence: evidence
        )
        let need = last.evidence.first.flatMap { rules.persistence.days(of: $0.kind) }
        opening.leastNewDays = need?.exceeding ?? 1
        return opening
    }

    private func ground(_ run: Run) -> LocalizedName {
        let days = Set(run.evidence.map(\.day)).count
        let kind = run.evidence.first?.kind ?? .overpass
        let need = rules.persistence.days(of: kind) ?? (0, 0)
        let isHigh = run.signal == .high
        let span = run.span
        let way = LocalizedName(
            english: isHigh ? "above" : "below",
            chinese: isHigh ? "高于" : "低于"
        )
        let among = need.among > need.exceeding ? " of \(need.among)" : ""
        let score = rules.persistence.leastScore
        switch run.rule {
        case .persistence:
            return LocalizedName(
                english: "found \(way.english) declared by \(score) sigma or more on \(days) days, \(span); "
                    + "the rule asks for \(need.exceeding)\(among)",
                chinese: "\(days)天实测\(way.chinese)申报值\(score)σ以上（\(span)），规则为"
                    + (among.isEmpty ? "\(need.exceeding)天" : "\(need.among)天中\(need.exceeding)天")
            )
        case .chart:
            return LocalizedName(
                english:
                    "found \(way.english) declared: a control chart alarmed and stayed beyond its limits "
                    + "for \(need.exceeding) days, \(days) days since the shift, \(span)",
                chinese: "实测\(way.chinese)申报值：控制图报警后连续\(need.exceeding)天超限，自偏移起\(days)天（\(span)）"
            )
        }
    }
}

extension FacilityReview.Run {
    var last: Instant { evidence.map(\.time).max() ?? Instant(microseconds: 0) }

    /// First and last day.
    var span: String {
        let times = evidence.map(\.time)
        guard let first = times.min(), let last = times.max() else { return "" }
        return "\("\(first)".prefix(10)) – \("\(last)".prefix(10))"
    }
}

/// Alarms of a chart that last: for as many days of observation after that of the alarm as the persistence rule asks
/// for, the chart signals the same way, and mean and median of the scores since then are beyond the least one.
private struct ChartRuns {
    let chart: ResidualChart
    let kind: Evidence.Kind
    let rules: FacilityRules

    var runs: [FacilityReview.Run] {
        guard let need = rules.persistence.days(of: kind)?.exceeding else { return [] }
        let days = Dictionary(grouping: chart.points.indices) { chart.points[$0].evidence.day }
        let ends = days.keys.sorted().compactMap { days[$0]?.last }
        var runs: [FacilityReview.Run] = []
        var place = 0
        while place < ends.count {
            let signal = chart.points[ends[place]].signal
            var last = place
            while signal != .none, last + 1 < ends.count, chart.points[ends[last + 1]].signal == signal {
                last += 1
            }
            if signal != .none, let end = confirmed(ends, place, last, need, signal) {
                runs.append(run(from: ends[place], to: ends[end], signal))
            }
            place = last + 1
        }
        return runs
    }

    /// The last day of those of an alarm that a stretch of days confirms.
    private func confirmed(_ ends: [Int], _ first: Int, _ last: Int, _ need: Int, _ signal: ChartSignal)
        -> Int?
    {
        guard last - first >= need else { return nil }
        return (first + need...last).last { day in
            let side = signal == .high ? 1.0 : -1.0
            let scores = ((ends[day - need] + 1)...ends[day]).map { side * clipped(chart.points[$0].zScore) }
            let mean = scores.reduce(0, +) / Double(scores.count)
            return min(mean, OrderStatistics(scores).median) >= rules.leastLastingScore
        }
    }

    private func clipped(_ score: Double) -> Double {
        max(-rules.greatestScore, min(rules.greatestScore, score))
    }

    /// With the residuals since the sum of that side last was zero, which is when the shift began.
    private func run(from alarm: Int, to end: Int, _ signal: ChartSignal) -> FacilityReview.Run {
        func sum(_ place: Int) -> Double {
            signal == .high ? chart.points[place].cumulativeHigh : chart.points[place].cumulativeLow
        }
        var start = alarm
        while start > 0, sum(start) > 0, sum(start - 1) > 0 { start -= 1 }
        let evidence = chart.points[start...end].map(\.evidence)
        return FacilityReview.Run(rule: .chart, signal: signal, evidence: evidence)
    }
}

/// Which side of a lasting residual is to be looked at first.
struct FacilityAdvice {
    let direction: ReviewDirection
    let explanations: [ExplanationCode]
    let rule: LocalizedName

    init(_ observations: FacilityObservations, signal: ChartSignal, rules: FacilityRules) {
        let all = observations.failed + observations.evidence.count
        let share = all > 0 ? Double(observations.failed) / Double(all) : 0
        if share > rules.greatestFailedShare {
            direction = .observationToReview
            explanations = Doubt.failedChecks.explanations
            rule = LocalizedName(
                english: "\(observations.failed) of \(all) observations failed their checks",
                chinese: "\(all)次观测中\(observations.failed)次未通过质量检查"
            )
        } else if observations.isMetered {
            direction = .observationToReview
            (explanations, rule) = (Doubt.metered.explanations, Doubt.metered.rule)
        } else {
            direction = .inventoryToReview
            explanations =
                signal == .high
                ? [.missingSources, .activityData, .emissionFactor]
                : [.activityData, .emissionFactor, .timing]
            rule = Doubt.none
        }
    }
}
