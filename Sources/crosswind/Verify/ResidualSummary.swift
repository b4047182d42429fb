import Formats
import Foundation
import Pipeline
import Quantities
import Verification

/// The residuals of facilities for programs and for people.
struct ResidualSummary: Encodable {
    struct Chart: Encodable {
        let kind: Evidence.Kind
        /// That stand in the chart.
        let observations: Int
        let days: Int
        /// Days whose observations contradict each other.
        let tornDays: Int
        let cumulativeHigh: Double
        let cumulativeLow: Double
        let average: Double
        let averageLimit: Double
        /// Absent where no chart signalled.
        let firstSignal: Instant?
        /// What the charts say now.
        let cumulativeSignal: ChartSignal
        let averageSignal: ChartSignal
        /// Of the days at lag 1; null for fewer than three.
        let autocorrelation: Double?
        /// Mean share of the variance of a day that is the error of the declared figure.
        let declaredShare: Double
        let falseAlarms: Chance
    }

    /// How many alarms chance alone lets expect in these days.
    struct Chance: Encodable {
        let cumulativeSum: Double
        let movingAverage: Double
        /// By the first rule alone, for days whose errors are independent.
        let persistence: Double
        /// The same where the declared figure has one error on all days.
        let persistenceOfOneDeclaredError: Double
    }

    struct Run: Encodable {
        let rule: FacilityReview.Run.Rule
        let kind: Evidence.Kind
        let signal: ChartSignal
        let observations: Int
        let days: Int
        /// Days that a chart stayed beyond its limits after that of its alarm.
        let daysBeyond: Int?
        let start: Instant?
        let end: Instant?
    }

    struct Facility: Encodable {
        let facility: LocalizedName
        let unit: String
        /// Observations against a figure that is metered at the stack.
        let metered: Int
        let failed: Int
        let charts: [Chart]
        let runs: [Run]
        /// Absent where nothing lasted.
        let direction: ReviewDirection?
        let explanations: [ExplanationCode]?
        let ground: LocalizedName?
    }

    struct Rules: Encodable {
        let allowance: Double
        let limit: Double
        let weight: Double
        let width: Double
        let leastScore: Double
        /// Days that must exceed, and of how many.
        let overpasses: [Int]
        let stationDays: [Int]
        /// Days of observation that pass on average before a false alarm; absent above 1e12.
        let cumulativeSumRunLength: Double?
        let movingAverageRunLength: Double?
    }

    let software = "crosswind \(Version.current)"
    let file: String
    let sha256: String
    /// Rows in which nothing was found.
    let blank: Int
    /// Rows whose declared figure is given as exact.
    let exactDeclared: Int
    let rules: Rules
    let facilities: [Facility]
    /// Absent without --open-cases.
    let cases: CaseChangesSummary?

    init(
        _ table: FacilityTable,
        _ reviews: [FacilityReview],
        _ rules: FacilityRules,
        _ cases: CaseChangesSummary?
    ) {
        (file, sha256) = table.origin
        blank = table.blank
        exactDeclared = table.exactDeclared
        self.cases = cases
        let alarms = FalseAlarms(rules)
        self.rules = Rules(rules, alarms)
        facilities = reviews.map { Facility($0, rules, alarms) }
    }
}

extension ResidualSummary.Rules {
    init(_ rules: FacilityRules, _ alarms: FalseAlarms) {
        (allowance, limit) = (rules.sums.allowance, rules.sums.limit)
        (weight, width) = (rules.average.weight, rules.average.width)
        leastScore = rules.persistence.leastScore
        func days(_ kind: Evidence.Kind) -> [Int] {
            rules.persistence.days(of: kind).map { [$0.exceeding, $0.among] } ?? []
        }
        (overpasses, stationDays) = (days(.overpass), days(.stationDay))
        func length(_ value: Double) -> Double? { value.isFinite ? value : nil }
        cumulativeSumRunLength = length(alarms.cumulativeSumRunLength)
        movingAverageRunLength = length(alarms.movingAverageRunLength)
    }
}

extension ResidualSummary.Facility {
    init(_ review: FacilityReview, _ rules: FacilityRules, _ alarms: FalseAlarms) {
        facility = review.observations.facility
        unit = review.observations.unit
        metered = review.observations.evidence.count { $0.figures?.isMetered == true }
        failed = review.observations.failed
        charts = review.charts.map { .init($0.kind, $0.chart, rules, alarms) }
        runs = review.runs.map {
            .init(
                rule: $0.rule,
                kind: $0.kind,
                signal: $0.signal,
                observations: $0.evidence.count,
                days: $0.days.count,
                daysBeyond: $0.rule == .chart ? $0.daysBeyond : nil,
                start: $0.evidence.map(\.time).min(),
                end: $0.evidence.map(\.time).max()
            )
        }
        // The gas is of no account for what is proposed.
        let opening = review.opening(gas: .co2)
        (direction, explanations, ground) = (opening?.direction, opening?.explanations, opening?.ground)
    }
}

extension ResidualSummary.Chart {
    init(_ kind: Evidence.Kind, _ chart: ResidualChart, _ rules: FacilityRules, _ alarms: FalseAlarms) {
        self.kind = kind
        let last = chart.points.last
        observations = chart.observationCount
        days = chart.points.count
        tornDays = chart.tornDays.count
        declaredShare = chart.declaredShare
        (cumulativeHigh, cumulativeLow) = (last?.cumulativeHigh ?? 0, last?.cumulativeLow ?? 0)
        (average, averageLimit) = (last?.average ?? 0, last?.averageLimit ?? 0)
        firstSignal = chart.firstSignal
        cumulativeSignal = last?.cumulativeSignal ?? .none
        averageSignal = last?.averageSignal ?? .none
        autocorrelation = chart.autocorrelation.isFinite ? chart.autocorrelation : nil
        falseAlarms = .init(
            cumulativeSum: Double(days) / alarms.cumulativeSumRunLength,
            movingAverage: Double(days) / alarms.movingAverageRunLength,
            persistence: rules.persistence.expectedFalseRuns(days: days, of: kind),
            persistenceOfOneDeclaredError: rules.persistence.expectedFalseRuns(
                days: days,
                of: kind,
                commonShare: chart.declaredShare
            )
        )
    }
}
