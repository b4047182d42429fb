import Quantities
import TestSupport
import Testing

@testable import Verification

private func piece(_ kind: Evidence.Kind, _ day: Int, _ z: Double, source: String = "a") -> Evidence {
    Evidence(
        kind: kind,
        time: Instant(microseconds: Int64(day) * 86_400_000_000 + 43_200_000_000),
        source: source,
        residual: Estimate(mean: z, standardDeviation: 1),
        unit: "Mt/yr",
        lineage: "row \(day)"
    )
}

private func facility(_ scores: [Double], kind: Evidence.Kind = .overpass) -> FacilityObservations {
    var observations = FacilityObservations(facility: "Plant", unit: "Mt/yr")
    observations.evidence = scores.enumerated().map { piece(kind, $0, $1) }
    return observations
}

@Suite struct PersistenceRunTests {
    private func days(_ scores: [Double], _ rule: PersistenceRule = PersistenceRule()) -> [[Int64]] {
        rule.runs(facility(scores).evidence, of: .overpass).map { $0.evidence.map(\.day) }
    }

    @Test func everyRunThatWasLongEnoughIsFound() {
        #expect(days([2, 2, 2]) == [[0, 1, 2]])
        #expect(days([0, 2, 3, 2, 4, 0, 0]) == [[1, 2, 3, 4]])
        #expect(days([2, 2, 2, 0, -3, -3, -3]) == [[0, 1, 2], [4, 5, 6]])
        #expect(days([2, 2, 0, 2, 2]) == [])
        #expect(days([2, 2, -2, 2]) == [])
        #expect(days([]) == [])
    }

    @Test func aWindowForgivesQuietDaysAndNoContradiction() {
        var rule = PersistenceRule()
        rule.overpassWindow = 5
        #expect(days([2, 0, 2, 0, 2], rule) == [[0, 2, 4]])
        #expect(days([2, 0, 0, 2, 0, 2], rule) == [])
        #expect(days([2, 0, -2, 2, 2], rule) == [])
        #expect(days([2, 0, 2, 2, 0, 0, 0, 0, 2], rule) == [[0, 2, 3]])
        #expect(rule.days(of: .overpass)?.among == 5 && rule.days(of: .stationDay)?.among == 14)
        #expect(rule.days(of: .comparison) == nil)
        rule.overpasses = 0
        #expect(days([3, 3, 3, 3], rule) == [])
    }

    /// Of a torn day, on which two sources contradict each other, nothing is taken; nor is a run joined over it.
    @Test func aDayThatContradictsItselfEndsARun() {
        let evidence = facility([2, 2, 2, 2, 2]).evidence + [piece(.overpass, 2, -3, source: "b")]
        #expect(PersistenceRule().runs(evidence, of: .overpass).isEmpty)
        var rule = PersistenceRule()
        rule.overpassWindow = 5
        let scores = [2.0, 2, 2, 2, 2, 0, 2, 0, 2]
        let long = facility(scores).evidence + [piece(.overpass, 3, -3, source: "b")]
        #expect(rule.runs(long, of: .overpass).map { $0.days.map(\.day) } == [[0, 1, 2], [4, 6, 8]])
        #expect(days([2, 2, 2, -2, 2, 0, 2, 0, 2], rule) == [[0, 1, 2], [4, 6, 8]])
    }

    /// 2 q³ (1 + 47 (1 - q)) for 50 days and q = P(Z >= 2) = 0.02275.
    @Test func chanceOfARunIsTheClosedForm() {
        let share = 0.022750131948179195
        let expected = 2 * share * share * share * (1 + 47 * (1 - share))
        #expect(
            near(PersistenceRule().expectedFalseRuns(days: 50, of: .overpass), expected, 1e-12)
        )
        #expect(PersistenceRule().expectedFalseRuns(days: 2, of: .overpass) == 0)
        #expect(PersistenceRule().expectedFalseRuns(days: 50, of: .comparison) == 0)
        var window = PersistenceRule()
        window.overpassWindow = 5
        // q³ (1 + 3 p + 6 p² + 45 · 6 p² (1 - q)), p = 1 - 2 q, two ways.
        let quiet = 1 - 2 * share
        let places = 1 + 3 * quiet + 6 * quiet * quiet * (1 + 45 * (1 - share))
        let found = window.expectedFalseRuns(days: 50, of: .overpass)
        #expect(near(found, 2 * share * share * share * places, 1e-12))
        // Windows that are longer than the series, and than what a factorial holds.
        window.overpassWindow = 10_000
        let wide = window.expectedFalseRuns(days: 4, of: .overpass)
        #expect(near(wide, 2 * share * share * share * (1 + 3 * quiet), 1e-12))
        #expect(window.expectedFalseRuns(days: 3000, of: .overpass, commonShare: 0.5).isFinite)
    }

    /// With a score that is exceeded often, the mean number of runs is the one computed, and that of windows below.
    @Test(arguments: [0, 5])
    func noiseHasAsManyRunsAsComputed(window: Int) {
        var rule = PersistenceRule(overpasses: 3, stationDays: 14, leastScore: 1)
        rule.overpassWindow = window
        var found = 0
        for seed in 0..<2000 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let evidence = facility((0..<30).map { _ in random.normal() }).evidence
            found += rule.runs(evidence, of: .overpass).count
        }
        let computed = rule.expectedFalseRuns(days: 30, of: .overpass) * 2000
        // Runs of windows come in flocks where they are frequent, and one ends where a day exceeds the other way.
        let tolerance = window == 0 ? 4 * computed.squareRoot() : 0.15 * computed
        #expect(abs(Double(found) - computed) < tolerance, "\(found), computed \(computed)")
    }
}

@Suite struct FacilityReviewTests {
    @Test func aRunOfExceedancesAsksForACase() throws {
        let review = FacilityReview(facility([0, 0, 2.5, 3, 2.5, 0]))
        let opening = try #require(review.opening(gas: .co2))
        #expect(review.signal == .high && opening.direction == .inventoryToReview)
        #expect(opening.evidence.map(\.day) == [2, 3, 4] && opening.leastNewDays == 3)
        #expect(
            opening.ground.english.hasPrefix(
                "found above declared by 2.0 sigma or more on 3 days of overpasses, 1970-01-03"
            )
        )
        #expect(opening.ground.chinese.contains("3天"))
        #expect(FacilityReview(facility([0, 0, 2.5, 3, 0])).opening(gas: .co2) == nil)
        #expect(
            FacilityReview(facility([])).opening(gas: .co2) == nil && FacilityReview(facility([])).count == 0
        )
    }

    /// Sixteen days above leave a sum that takes weeks to come back; twenty days below are found meanwhile.
    @Test func aShiftThatTurnsIsFoundOnBothSides() throws {
        let days = [Double](repeating: 5.5, count: 16) + [Double](repeating: -1.9, count: 20)
        let review = FacilityReview(facility(days))
        let last = try #require(review.charts[0].chart.points.last)
        #expect(last.cumulativeHigh > 5 && last.cumulativeLow > 5 && last.isHigh && last.isLow)
        #expect(Set(review.runs.filter { $0.rule == .chart }.map(\.signal)) == [.high, .low])
        let opening = try #require(review.opening(gas: .co2))
        #expect(opening.ground.english.contains("below declared") && opening.ground.chinese.contains("低于"))
    }

    /// A shift of 1.5 never exceeds 2, but the sum rises by 1 a day: it is beyond 5 on the sixth day, and three days
    /// later the case is asked for, with all residuals since the sum was zero.
    @Test func aSmallShiftThatLastsAsksForACase() throws {
        let quiet = [Double](repeating: -0.5, count: 5)
        let early = FacilityReview(facility(quiet + [Double](repeating: 1.5, count: 7)))
        #expect(early.charts[0].chart.firstSignal != nil)
        var rules = FacilityRules()
        rules.average = MovingAverageChart(weight: 0.2, width: 50)
        let patient = FacilityReview(facility(quiet + [Double](repeating: 1.5, count: 8)), rules: rules)
        #expect(patient.opening(gas: .co2) == nil)
        let review = FacilityReview(facility(quiet + [Double](repeating: 1.5, count: 9)), rules: rules)
        let opening = try #require(review.opening(gas: .co2))
        #expect(review.runs.map(\.rule) == [.chart])
        #expect(opening.evidence.map(\.day) == Array(5...13))
        #expect(opening.ground.english.contains("control chart"))
    }

    /// One image that is far off is no shift, however far; nor is what the chart only remembers.
    @Test func anOutlierAsksForNothing() {
        for outlier in [20.0, -1e6] {
            let review = FacilityReview(facility([0, 0.3, outlier, 0.4, -0.2, 0.4, 0.1, 0.4, 0]))
            #expect(review.runs.isEmpty)
            #expect(review.charts[0].chart.points.allSatisfy { $0.cumulativeSignal == .none })
        }
        let twice = FacilityReview(facility([0, 8, 8, 0.4, 0.6, 0.3, 0.5, 0.4, 0.6]))
        #expect(twice.charts[0].chart.firstSignal != nil && twice.runs.isEmpty)
    }

    /// The numbers that *Review cases* tells.
    @Test func noiseSeldomAsksForACase() {
        var (opened, byRuns) = (0, 0)
        for seed in 0..<1000 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let runs = FacilityReview(facility((0..<50).map { _ in random.normal() })).runs
            if !runs.isEmpty { opened += 1 }
            if runs.contains(where: { $0.rule == .persistence }) { byRuns += 1 }
        }
        #expect(opened == 6 && byRuns == 2, "\(opened) \(byRuns)")
    }

    @Test func theOrderOfArrivalIsOfNoAccount() {
        var random = SeededGenerator(seed: 4)
        var observations = facility((0..<40).map { _ in random.normal() + 1.2 })
        let runs = FacilityReview(observations).runs.map(\.evidence)
        observations.evidence.shuffle()
        #expect(!runs.isEmpty && FacilityReview(observations).runs.map(\.evidence) == runs)
    }

    @Test func directionFollowsWhatSpeaksAgainstTheObservation() throws {
        var observations = facility([3, 3, 3], kind: .overpass)
        observations.failed = 1
        #expect(FacilityReview(observations).opening(gas: .co2)?.direction == .inventoryToReview)
        observations.failed = 2
        let failed = try #require(FacilityReview(observations).opening(gas: .co2))
        #expect(failed.direction == .observationToReview && failed.explanations.contains(.calibration))
        #expect(failed.ground.english.hasSuffix("2 of 5 observations failed their checks"))
        observations.failed = 0
        #expect(FacilityReview(observations).opening(gas: .co2)?.direction == .inventoryToReview)
        let low = try #require(FacilityReview(facility([-3, -3, -3])).opening(gas: .co2))
        #expect(low.direction == .inventoryToReview && !low.explanations.contains(.missingSources))
    }

    @Test func stationDaysAndOverpassesHaveTheirOwnCharts() {
        var observations = facility([0, 1, 0])
        observations.evidence += (0..<14).map { piece(.stationDay, $0, -2.5, source: "s") }
        let review = FacilityReview(observations)
        #expect(review.charts.map(\.kind) == [.overpass, .stationDay] && review.count == 17)
        #expect(review.signal == .low)
        #expect(review.opening(gas: .co2)?.leastNewDays == 14)
    }

    @Test func runLengthsAreThoseOfTheRules() {
        var rules = FacilityRules()
        #expect(abs(FalseAlarms(rules).cumulativeSumRunLength / 465 - 1) < 0.006)
        #expect(abs(FalseAlarms(rules).movingAverageRunLength / 500 - 1) < 0.02)
        rules.sums = CumulativeSumChart(allowance: 0.5, limit: 4)
        #expect(abs(FalseAlarms(rules).cumulativeSumRunLength / 168 - 1) < 0.006)
    }

    /// What is opened day by day is what is opened at once.
    @Test func historyIsTheSameDayByDay() throws {
        let scores = [0, 2.5, 3, 2.5, 2, 0, 0, -1, 0.2, 0.1, 2.2, 2.8, 3.1]
        let now = Instant(microseconds: 0)
        var daily = CaseLedger()
        for count in 1...scores.count {
            let review = FacilityReview(facility(Array(scores.prefix(count))))
            _ = try CaseChanges([review.opening(gas: .co2)].compactMap(\.self), in: &daily, at: now)
        }
        var whole = CaseLedger()
        let opening = try #require(FacilityReview(facility(scores)).opening(gas: .co2))
        _ = try CaseChanges([opening], in: &whole, at: now)
        #expect(daily.cases.count == 1 && whole.cases.count == 1)
        #expect(Set(daily.cases[0].evidence) == Set(whole.cases[0].evidence))
    }
}
