public import Quantities

/// The observations of one facility against what it declares.
public struct FacilityObservations: Sendable {
    public var facility: LocalizedName
    public var unit: String
    /// Those that passed their checks, in any order.
    public var evidence: [Evidence]
    /// That failed their checks.
    public var failed: Int

    public init(facility: LocalizedName, unit: String) {
        self.facility = facility
        self.unit = unit
        (evidence, failed) = ([], 0)
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
        public let kind: Evidence.Kind
        public let signal: ChartSignal
        /// Those that speak for it, in their order; never empty.
        public let days: [ResidualDay]
        /// Of a chart: days of observation since the shift.
        public let daysSinceShift: Int
        /// Of a chart: days of observation after that of the alarm on which it stayed beyond its limits.
        public let daysBeyond: Int

        /// All observations of its days.
        public var evidence: [Evidence] { days.flatMap(\.evidence) }
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
                greatestScore: rules.greatestScore,
                greatestAverageScore: rules.greatestAverageScore
            )
            return (kind: kind, chart: chart)
        }
        self.charts = charts
        let runs = charts.flatMap { kind, chart in
            rules.persistence.runs(observations.evidence, of: kind).map {
                Run(
                    rule: .persistence,
                    kind: kind,
                    signal: $0.signal,
                    days: $0.days,
                    daysSinceShift: 0,
                    daysBeyond: 0
                )
            } + ChartRuns(chart: chart, kind: kind, rules: rules).runs
        }
        self.runs = runs.sorted { ($0.last, $0.rule.rawValue) < ($1.last, $1.rule.rawValue) }
    }

    /// Which way the facility left what it declares; `none` where nothing lasted. The latest run decides.
    public var signal: ChartSignal { runs.last?.signal ?? .none }

    /// Days in the charts.
    public var count: Int { charts.reduce(0) { $0 + $1.chart.points.count } }

    /// Nil where nothing lasted.
    ///
    /// - Parameter period: runs that lie wholly outside it are left out; none are where nil.
    public func opening(gas: Gas, within period: Period? = nil) -> CaseOpening? {
        let lasting = runs.filter { run in period.map(run.touches) ?? true }
        guard let last = lasting.last else { return nil }
        let told = ToldRuns(lasting)
        let advice = FacilityAdvice(observations, told, rules: rules)
        var evidence: [Evidence] = []
        for piece in lasting.flatMap(\.evidence).sorted(by: Self.isEarlier) where evidence.last != piece {
            evidence.append(piece)
        }
        let ground = told.ground(rules.persistence)
        var opening = CaseOpening(
            subject: observations.facility,
            gas: gas,
            direction: advice.direction,
            explanations: advice.explanations,
            ground: LocalizedName(
                english: "\(ground.english); \(advice.rule.english)",
                chinese: "\(ground.chinese)；\(advice.rule.chinese)"
            ),
            evidence: evidence
        )
        opening.subjectKind = .facility
        opening.observed = observations.evidence
        opening.leastNewDays = rules.persistence.days(of: last.kind)?.exceeding ?? 1
        return opening
    }

    /// What a history is told of the facility: the opening where something lasted, else only what corrects the evidence
    /// of its open cases.
    public func followUp(gas: Gas, within period: Period? = nil) -> CaseOpening {
        if let opening = opening(gas: gas, within: period) { return opening }
        var correction = CaseOpening(
            subject: observations.facility,
            gas: gas,
            direction: .none,
            explanations: [],
            ground: "",
            evidence: []
        )
        correction.subjectKind = .facility
        correction.observed = observations.evidence
        return correction
    }

    private static func isEarlier(_ a: Evidence, _ b: Evidence) -> Bool {
        (a.time, a.kind.rawValue, a.source) < (b.time, b.kind.rawValue, b.source)
    }
}

extension FacilityReview.Run {
    var first: Instant { days[0].evidence[0].time }
    var last: Instant { days[days.count - 1].time }

    /// First and last day, UTC.
    var span: String { "\("\(first)".prefix(10)) – \("\(last)".prefix(10))" }

    func touches(_ period: Period) -> Bool { first < period.end && last >= period.start }

    func overlaps(_ other: FacilityReview.Run) -> Bool {
        days[0].day <= other.days[other.days.count - 1].day
            && other.days[0].day <= days[days.count - 1].day
    }

    /// Most of its observations are against a figure that is metered.
    var isMetered: Bool {
        let evidence = evidence
        return 2 * evidence.count { $0.figures?.isMetered == true } > evidence.count
    }
}

/// Which side of a lasting residual is to be looked at first.
struct FacilityAdvice {
    let direction: ReviewDirection
    let explanations: [ExplanationCode]
    let rule: LocalizedName

    init(_ observations: FacilityObservations, _ told: ToldRuns, rules: FacilityRules) {
        let all = observations.failed + observations.evidence.count
        let share = all > 0 ? Double(observations.failed) / Double(all) : 0
        if share > rules.greatestFailedShare {
            direction = .observationToReview
            explanations = Doubt.failedChecks.explanations
            rule = LocalizedName(
                english: "\(observations.failed) of \(all) observations failed their checks",
                chinese: "\(all)次观测中\(observations.failed)次未通过质量检查"
            )
        } else if told.contradiction != nil {
            direction = .observationToReview
            explanations = [.calibration, .transportError, .background, .neighbouringSource]
            rule = LocalizedName(
                english: "both kinds of observation cannot be right",
                chinese: "两类观测不可能同时正确"
            )
        } else if told.runs.last?.isMetered == true {
            direction = .observationToReview
            (explanations, rule) = (Doubt.metered.explanations, Doubt.metered.rule)
        } else {
            direction = .inventoryToReview
            explanations = Self.explanations(Set(told.runs.map(\.signal)))
            rule = Doubt.none
        }
    }

    private static func explanations(_ signals: Set<ChartSignal>) -> [ExplanationCode] {
        (signals.contains(.high) ? [.missingSources] : []) + [.activityData, .emissionFactor]
            + (signals.contains(.low) ? [.timing] : [])
    }
}
