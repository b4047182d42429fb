import Foundation
import Quantities
import TestSupport
import Testing

@testable import Verification

/// An observation with its figures, at so many hours of a day.
private func seen(
    _ day: Int,
    _ found: Double,
    sigma: Double = 1,
    declared: Double = 0,
    declaredSigma: Double = 0,
    hour: Int = 12,
    source: String = "a",
    kind: Evidence.Kind = .overpass,
    isMetered: Bool? = nil
) -> Evidence {
    let residual = Estimate(
        mean: found - declared,
        standardDeviation: (sigma * sigma + declaredSigma * declaredSigma).squareRoot()
    )
    var evidence = Evidence(
        kind: kind,
        time: Instant(microseconds: (Int64(day) * 24 + Int64(hour)) * 3_600_000_000),
        source: source,
        residual: residual,
        unit: "Mt/yr",
        lineage: "row \(day)"
    )
    var figures = EvidenceFigures(
        declared: Estimate(mean: declared, standardDeviation: declaredSigma),
        found: Estimate(mean: found, standardDeviation: sigma),
        zScore: residual.mean / residual.standardDeviation
    )
    figures.isMetered = isMetered
    evidence.figures = figures
    return evidence
}

private func review(_ evidence: [Evidence], _ rules: FacilityRules = FacilityRules()) -> FacilityReview {
    var observations = FacilityObservations(facility: "Plant", unit: "Mt/yr")
    observations.evidence = evidence
    return FacilityReview(observations, rules: rules)
}

@Suite struct ResidualDayTests {
    /// 14 with 3 and 12 with 4, declared 10 with 2: weights 1/9 and 1/16, mean residual (16 · 4 + 9 · 2) / 25 = 3.28,
    /// variance 144 / 25 + 4.
    @Test func theErrorOfTheDeclaredFigureIsAddedOnce() throws {
        let day = try #require(
            ResidualDay.days([
                seen(1, 14, sigma: 3, declared: 10, declaredSigma: 2, source: "b"),
                seen(1, 12, sigma: 4, declared: 10, declaredSigma: 2, hour: 3),
            ]).first
        )
        #expect(near(day.residual.mean, 3.28) && near(day.residual.standardDeviation, 9.76.squareRoot()))
        #expect(near(day.declaredShare, 4 / 9.76) && day.evidence.map(\.source) == ["a", "b"])
        // χ² = (14 - 12)² / 25 with one degree of freedom: P = erfc(0.4 / √2).
        #expect(near(day.agreement, erfc(0.4 / 2.0.squareRoot()), 1e-12) && !day.isTorn)
        #expect(day.time == seen(1, 0).time && day.day == 1)
    }

    @Test func declaredSigmasThatDifferCountByTheirWeights() throws {
        let day = try #require(
            ResidualDay.days([
                seen(1, 11, declared: 10, declaredSigma: 1),
                seen(1, 22, declared: 20, declaredSigma: 3, hour: 13),
            ]).first
        )
        #expect(near(day.residual.mean, 1.5) && near(day.residual.standardDeviation, (0.5 + 4).squareRoot()))
    }

    @Test func observationsThatContradictEachOtherAreNoEvidence() {
        // z of the difference 2.576 is P = 0.01.
        for (distance, isTorn) in [(2.57, false), (2.58, true)] {
            let days = ResidualDay.days([seen(1, 5), seen(1, 5 + distance * 2.0.squareRoot(), hour: 13)])
            #expect(days.map(\.isTorn) == [isTorn])
        }
        let chart = ResidualChart([seen(1, 3), seen(2, 9), seen(2, 1, hour: 13), seen(3, 3)])
        #expect(chart.points.map(\.day.day) == [1, 3] && chart.tornDays.map(\.day) == [2])
        #expect(chart.points.map(\.followsTornDay) == [false, true] && chart.observationCount == 2)
    }

    /// One strong observation among quiet ones, all within their errors, is no exceedance of the day; several weak ones
    /// of one sign are.
    @Test func theDayDecidesAndNotItsStrongest() {
        func days(_ values: [Double]) -> [Evidence] {
            (0..<3).flatMap { day in values.enumerated().map { seen(day, $0.element, hour: $0.offset) } }
        }
        #expect(review(days([2.2, 0.2, 0.4])).runs.isEmpty)
        #expect(review(days([1.3, 1.2, 1.4])).runs.map(\.rule) == [.persistence])
        #expect(review(days([1.3, 1.2, 1.4])).runs.map(\.evidence.count) == [9])
        // With a common error of the declared figure they say less: 2.25 / √(1 + 3).
        let vague = (0..<3).flatMap { day in
            (0..<3).map { seen(day, 1.3, declaredSigma: 1, hour: $0) }
        }
        #expect(review(vague).runs.isEmpty)
    }

    /// Three observations a day with an error of the declared figure that is common to them.
    @Test func chanceIsThatOfDaysWhateverTheirObservations() {
        var rule = PersistenceRule()
        rule.leastScore = 1
        var (found, torn) = (0, 0)
        let facilities = 3000
        for seed in 0..<UInt64(facilities) {
            var random = SeededGenerator(seed: seed)
            let evidence = (0..<30).flatMap { day in
                let common = 0.5 * random.normal()
                return (0..<3).map { seen(day, common + random.normal(), declaredSigma: 0.5, hour: $0) }
            }
            let days = ResidualDay.days(evidence)
            torn += days.count(where: \.isTorn)
            found += rule.runs(days, of: .overpass).count
        }
        let computed = rule.expectedFalseRuns(days: 30, of: .overpass) * Double(facilities)
        // One day of a hundred contradicts itself, which makes the runs of three 3 % fewer.
        #expect(abs(Double(torn) / Double(30 * facilities) - 0.01) < 0.0015, "\(torn)")
        #expect(abs(Double(found) - 0.97 * computed) < 4 * computed.squareRoot(), "\(found) \(computed)")
    }

    /// The same error of the declared figure on all days of a facility.
    @Test func anErrorOfAllDaysMakesFalseRunsMore() {
        let rule = PersistenceRule()
        var found = 0
        let facilities = 4000
        for seed in 0..<UInt64(facilities) {
            var random = SeededGenerator(seed: seed)
            let common = random.normal()
            let evidence = (0..<30).map { seen($0, common + random.normal(), declaredSigma: 1) }
            found += rule.runs(evidence, of: .overpass).count
        }
        let computed = rule.expectedFalseRuns(days: 30, of: .overpass, commonShare: 0.5) * Double(facilities)
        #expect(abs(Double(found) - computed) < 6 * computed.squareRoot(), "\(found) \(computed)")
        #expect(computed > 50 * rule.expectedFalseRuns(days: 30, of: .overpass) * Double(facilities))
        let independent = rule.expectedFalseRuns(days: 30, of: .overpass)
        #expect(near(rule.expectedFalseRuns(days: 30, of: .overpass, commonShare: 1e-12), independent, 1e-4))
    }
}

@Suite struct ToldRunTests {
    private func days(_ range: Range<Int>, _ z: Double, _ kind: Evidence.Kind = .overpass) -> [Evidence] {
        range.map { seen($0, z, source: kind.rawValue, kind: kind) }
    }

    @Test func kindsThatContradictEachOtherSpeakAgainstTheObservation() throws {
        let found = review(days(0..<20, -3, .stationDay) + days(5..<9, 3))
        let opening = try #require(found.opening(gas: .co2))
        #expect(opening.direction == .observationToReview)
        #expect(opening.ground.english.hasPrefix("overpasses and station days contradict each other: "))
        for words in [
            "below declared by 2.0 sigma", "20 station days", "above declared", "4 days of overpasses",
        ] {
            #expect(opening.ground.english.contains(words), "\(opening.ground.english)")
        }
        #expect(opening.ground.chinese.contains("相互矛盾"))
        // One after the other is no contradiction.
        let later = try #require(review(days(0..<20, -3, .stationDay) + days(40..<44, 3)).opening(gas: .co2))
        #expect(later.direction == .inventoryToReview && !later.ground.english.contains("contradict"))
        #expect(later.ground.english.contains("1970-01-01 – 1970-01-20"))
    }

    @Test func upAndThenDownAreBothNamed() throws {
        let found = review(days(0..<3, 4) + days(3..<30, 0) + days(30..<33, -4))
        let opening = try #require(found.opening(gas: .co2))
        #expect(opening.ground.english.contains("found above declared"))
        #expect(opening.ground.english.contains("; then found below declared"))
        for date in ["1970-01-01 – 1970-01-03", "1970-01-31 – 1970-02-02"] {
            #expect(opening.ground.english.contains(date) && opening.ground.chinese.contains(date))
        }
        #expect(opening.explanations.contains(.missingSources) && opening.explanations.contains(.timing))
    }

    @Test func manyRunsAreCounted() throws {
        let evidence = (0..<7).flatMap { place in
            days(place * 20..<place * 20 + 3, place.isMultiple(of: 2) ? 3 : -3)
                + days(place * 20 + 3..<place * 20 + 20, 0)
        }
        let ground = try #require(review(evidence).opening(gas: .co2)).ground
        #expect(ground.english.hasPrefix("3 earlier runs; then found below"))
        #expect(ground.chinese.hasPrefix("此前另有3段"))
    }

    /// The rule asks for 3; the chart stayed there longer.
    @Test func aChartTellsHowLongItStayed() throws {
        var rules = FacilityRules()
        rules.average = MovingAverageChart(weight: 0.2, width: 50)
        let opening = try #require(review(days(0..<12, 1.5), rules).opening(gas: .co2))
        #expect(opening.ground.english.contains("stayed beyond its limits for 6 more days"))
        #expect(opening.ground.english.contains("12 days of overpasses of the 12 since the shift"))
        #expect(opening.ground.chinese.contains("又连续6天超限"))
    }

    @Test func oneDayIsOneDay() throws {
        var rules = FacilityRules()
        rules.persistence.overpasses = 1
        let ground = try #require(review(days(0..<1, 3), rules).opening(gas: .co2)).ground
        #expect(ground.english.contains("on 1 day of overpasses"))
    }

    /// Quiet days since the shift are counted in words and are no evidence.
    @Test func evidenceIsOfTheDaysThatRaisedTheSum() throws {
        var rules = FacilityRules()
        rules.average = MovingAverageChart(weight: 0.2, width: 50)
        let scores = [0, 1.8, 1.8, -0.1, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8]
        let evidence = scores.enumerated().map { seen($0, $1) }
        let opening = try #require(review(evidence, rules).opening(gas: .co2))
        #expect(opening.evidence.map(\.day) == [1, 2, 4, 5, 6, 7, 8, 9, 10])
        #expect(opening.ground.english.contains("9 days of overpasses of the 10 since the shift"))
    }

    /// Another plant's meter, or one of another time, says nothing of a run.
    @Test func meteredIsWhatTheRunSays() throws {
        func evidence(quiet: Bool?, run: Bool?) -> [Evidence] {
            (0..<6).map { seen($0, $0 < 3 ? 0 : 3, isMetered: $0 < 3 ? quiet : run) }
        }
        for (quiet, run, expected) in [
            (true, nil, ReviewDirection.inventoryToReview), (nil, true, .observationToReview),
            (true, false, .inventoryToReview),
        ] as [(Bool?, Bool?, ReviewDirection)] {
            #expect(review(evidence(quiet: quiet, run: run)).opening(gas: .co2)?.direction == expected)
        }
    }

    /// One metered row of three is not most of them.
    @Test func meteredIsWhatMostRowsSay() {
        for (count, expected) in [(1, ReviewDirection.inventoryToReview), (2, .observationToReview)] {
            let evidence = (0..<3).map { seen($0, 3, isMetered: $0 < count) }
            #expect(review(evidence).opening(gas: .co2)?.direction == expected)
        }
    }

    @Test func runsOutsideAPeriodOpenNothing() throws {
        let found = review(days(0..<3, 4) + days(3..<30, 0) + days(30..<33, -4))
        func period(_ start: Int, _ end: Int) -> Period {
            Period(
                start: Instant(microseconds: Int64(start) * 86_400_000_000),
                end: Instant(microseconds: Int64(end) * 86_400_000_000)
            )
        }
        #expect(found.opening(gas: .co2, within: period(5, 25)) == nil)
        let first = try #require(found.opening(gas: .co2, within: period(2, 25)))
        #expect(!first.ground.english.contains("below") && first.evidence.count == 3)
        #expect(found.opening(gas: .co2, within: period(31, 32))?.ground.english.contains("above") == false)
        #expect(found.followUp(gas: .co2, within: period(5, 25)).evidence.isEmpty)
    }
}

@Suite struct FacilityRuleTextTests {
    @Test func namesSetTheirRules() throws {
        var rules = FacilityRules()
        for (name, text) in [
            (FacilityRules.Name.cusum, "0.25,8"), (.ewma, "0.1,2.814"), (.overpasses, "3/5"),
            (.stationDays, "7"),
            (.score, "2.5"),
        ] {
            rules = try #require(rules.setting(name, to: text))
        }
        #expect(rules.sums == CumulativeSumChart(allowance: 0.25, limit: 8))
        #expect(rules.average == MovingAverageChart(weight: 0.1, width: 2.814))
        #expect(rules.persistence.overpasses == 3 && rules.persistence.overpassWindow == 5)
        #expect(rules.persistence.stationDays == 7 && rules.persistence.leastScore == 2.5)
    }

    @Test(arguments: [
        (FacilityRules.Name.cusum, "1"), (.cusum, "11,5"), (.cusum, "1,101"), (.cusum, "x,1,2"),
        (.cusum, "nan,5"),
        (.ewma, "0.001,3"), (.ewma, "0.2,inf"), (.overpasses, ""), (.overpasses, "3/20000"),
        (.stationDays, "3/2"),
        (.score, "0"), (.score, "nan"), (.score, "1e3"),
    ])
    func othersAreRefused(name: FacilityRules.Name, text: String) {
        #expect(FacilityRules().setting(name, to: text) == nil)
    }

    /// The average takes its own greatest score: a low limit of the sum does not silence it.
    @Test func aLowLimitOfTheSumDoesNotSilenceTheAverage() {
        var rules = FacilityRules()
        rules.sums = CumulativeSumChart(allowance: 0.5, limit: 0.5)
        rules.average = MovingAverageChart(weight: 1, width: 3)
        let chart = review([seen(0, 0), seen(1, 4)], rules).charts[0].chart
        #expect(chart.points.map(\.averageSignal) == [.none, .high])
    }
}
