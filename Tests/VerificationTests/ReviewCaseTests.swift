import Quantities
import TestSupport
import Testing

@testable import Verification

private func evidence(_ kind: Evidence.Kind, day: Int, z: Double, source: String = "a") -> Evidence {
    Evidence(
        kind: kind,
        time: Instant(microseconds: Int64(day) * 86_400_000_000 + 43_200_000_000),
        source: source,
        residual: Estimate(mean: z, standardDeviation: 1),
        unit: "Mt/yr",
        lineage: "row \(day)"
    )
}

private let finding = Finding(
    id: "plant-1",
    subject: "Plant 1",
    gas: .co2,
    opened: Instant(microseconds: 100),
    direction: .inventoryToReview,
    explanations: [.missingSources],
    ground: "three overpasses"
)

private func decision(_ outcome: Decision.Outcome, at time: Int64 = 200, person: String = "Reviewer")
    -> CaseEvent
{
    .decided(
        caseID: "plant-1",
        Decision(
            person: person,
            time: Instant(microseconds: time),
            outcome: outcome,
            note: "looked at the meters"
        )
    )
}

private func refusal(_ ledger: CaseLedger, _ event: CaseEvent) -> CaseError? {
    var ledger = ledger
    do throws(CaseError) {
        try ledger.append(event)
        return nil
    } catch { return error }
}

@Suite struct PersistenceRuleTests {
    private func signals(_ evidence: [Evidence], _ kind: Evidence.Kind = .overpass) -> [ChartSignal] {
        PersistenceRule().runs(evidence, of: kind).map(\.signal)
    }

    @Test func threeOverpassesOnThreeDays() {
        let all = [5, 9, 30].map { evidence(.overpass, day: $0, z: 2.5) }
        #expect(signals(all) == [.high])
        #expect(PersistenceRule().runs(all.shuffled(), of: .overpass).map(\.evidence) == [all])
        #expect(signals(Array(all.prefix(2))) == [])
        #expect(signals(Array(all.prefix(2)) + [evidence(.overpass, day: 9, z: 3, source: "b")]) == [])
        #expect(signals(all.map { evidence(.overpass, day: Int($0.day), z: -3) }) == [.low])
    }

    @Test func aRunIsBrokenByWhatDoesNotExceed() {
        let broken = [(1, 3.0), (2, 3), (3, 0.5), (4, 3)].map { evidence(.overpass, day: $0.0, z: $0.1) }
        #expect(signals(broken) == [])
        let turned = [(1, 3.0), (2, 3), (3, -3)].map { evidence(.overpass, day: $0.0, z: $0.1) }
        #expect(signals(turned) == [])
        let both = [(1, 3.0), (2, 3)].map { evidence(.overpass, day: $0.0, z: $0.1) }
        let torn = [evidence(.overpass, day: 3, z: 9), evidence(.overpass, day: 3, z: 3, source: "b")]
        #expect(signals(both + torn) == [])
        #expect(signals(both + torn.suffix(1)) == [.high])
    }

    @Test func fourteenStationDays() {
        let days = (-3..<11).map { evidence(.stationDay, day: $0, z: 2) }
        #expect(PersistenceRule().runs(days, of: .stationDay).map(\.evidence.count) == [14])
        #expect(signals(Array(days.dropFirst()), .stationDay) == [])
        let other = Array(days.dropFirst()) + [evidence(.overpass, day: 50, z: 0.1)]
        let second = [evidence(.stationDay, day: -3, z: 5, source: "b")]
        #expect(signals(other + second, .stationDay) == [.high])
        let unsure = Evidence(
            kind: .overpass,
            time: Instant(microseconds: 0),
            source: "a",
            residual: Estimate(mean: 9, standardDeviation: 0),
            unit: "t",
            lineage: ""
        )
        #expect(signals([unsure, unsure, unsure]) == [] && signals([]) == [])
    }

    /// Noise alone opens a case for about one facility of a thousand in fifty overpasses: 48 x 2 x 0.0228³.
    @Test func noiseSeldomPersists() {
        var opened = 0
        for seed in 0..<1000 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let all = (0..<50).map { evidence(.overpass, day: $0, z: random.normal()) }
            if !signals(all).isEmpty { opened += 1 }
        }
        #expect(opened <= 5, "\(opened)")
    }
}

@Suite struct ResidualChartTests {
    /// A plant that emits one standard deviation more than declared from day 40 on.
    @Test func aShiftIsSeenSoonInAnyOrderOfArrival() throws {
        var random = SeededGenerator(seed: 21)
        let all = (0..<80).map { evidence(.stationDay, day: $0, z: ($0 < 40 ? 0 : 1.5) + random.normal()) }
        let chart = ResidualChart(all)
        let first = try #require(chart.firstSignal)
        let days = first.secondsSince1970 / 86_400
        #expect(days > 40 && days < 55)
        #expect(ResidualChart(all.shuffled()).points == chart.points)
        #expect(chart.points.last?.cumulativeSignal == .high && chart.points.last?.averageSignal == .high)
        #expect(abs(ResidualChart(Array(all.prefix(40))).autocorrelation) < 0.35)
    }

    @Test func residualsWithoutUncertaintyAreCounted() {
        let chart = ResidualChart([evidence(.overpass, day: 1, z: .nan), evidence(.overpass, day: 2, z: 1)])
        #expect(chart.leftOut == 1 && chart.points.count == 1 && chart.autocorrelation.isNaN)
        #expect(chart.firstSignal == nil)
    }
}

@Suite struct ReviewCaseTests {
    private func opened() throws -> CaseLedger {
        var ledger = CaseLedger()
        try ledger.append(.opened(finding))
        return ledger
    }

    @Test func onlyAPersonChangesTheState() throws {
        var ledger = try opened()
        #expect(ledger["plant-1"]?.state == .open)
        try ledger.append(.evidence(caseID: "plant-1", evidence(.overpass, day: 1, z: 3)))
        #expect(ledger["plant-1"]?.state == .open)
        try ledger.append(decision(.checked))
        #expect(ledger["plant-1"]?.state == .checked)
        try ledger.append(decision(.closed, at: 300))
        #expect(ledger["plant-1"]?.state == .closed)
        try ledger.append(decision(.reopened, at: 400))
        #expect(ledger["plant-1"]?.state == .open)
        #expect(ledger["plant-1"]?.decisions.count == 3)
        #expect(ledger.events.count == 5 && ledger.cases.count == 1)
        #expect(ledger["plant-1"]?.direction == .inventoryToReview)
    }

    @Test func refusals() throws {
        var ledger = try opened()
        #expect(refusal(ledger, .opened(finding)) == .alreadyOpen("plant-1"))
        #expect(refusal(ledger, decision(.checked, person: " ")) == .nobody("plant-1"))
        #expect(refusal(ledger, decision(.checked, at: 99)) == .outOfOrder("plant-1"))
        #expect(refusal(ledger, decision(.reopened)) == .notClosed("plant-1"))
        let noNote = Decision(person: "A", time: Instant(microseconds: 200), outcome: .checked, note: "\n")
        #expect(refusal(ledger, .decided(caseID: "plant-1", noNote)) == .noNote("plant-1"))
        #expect(
            refusal(ledger, .evidence(caseID: "plant-2", evidence(.overpass, day: 1, z: 1)))
                == .unknown("plant-2", nearest: "plant-1")
        )
        try ledger.append(decision(.closed))
        #expect(refusal(ledger, decision(.checked, at: 300)) == .closed("plant-1"))
        #expect(
            refusal(ledger, .evidence(caseID: "plant-1", evidence(.overpass, day: 1, z: 1)))
                == .closed("plant-1")
        )
    }

    @Test(arguments: [
        (false, 1.0, 0.01, ReviewDirection.inventoryToReview), (true, 1, 0.01, .observationToReview),
        (false, 3, 0.01, .observationToReview), (false, 0.3, 0.01, .observationToReview),
        (false, 1, 0.2, .inventoryToReview),
    ])
    func directionGoesBothWays(isMetered: Bool, fit: Double, probability: Double, expected: ReviewDirection) {
        let seen = Comparison(
            region: "r",
            inventory: Estimate(mean: 100, standardDeviation: 3),
            prior: Estimate(mean: 100, standardDeviation: 50),
            posterior: Estimate(mean: 140, standardDeviation: 10),
            inventoryIsPrior: false
        )
        let circumstances = ReviewAdvice.Circumstances(
            isMetered: isMetered,
            fit: fit,
            openParts: [.biogenicFlux, .cementProcess],
            adjustedProbability: probability
        )
        let advice = ReviewAdvice(seen, circumstances)
        #expect(advice.direction == expected)
        // Chance among many regions comes first where it may be one; the verdict stands.
        let chance: [ExplanationCode] = probability > 0.1 ? [.chance] : []
        #expect(advice.explanations.starts(with: chance + [.biogenic, .boundary]))
    }

    @Test(arguments: [(103.0, Verdict.consistent), (113, .tension), (119, .tension), (140, .inconsistent)])
    func adviceFollowsTheVerdict(found: Double, verdict: Verdict) {
        let seen = Comparison(
            region: "r",
            inventory: Estimate(mean: 100, standardDeviation: 3),
            prior: Estimate(mean: 100, standardDeviation: 50),
            posterior: Estimate(mean: found, standardDeviation: 10),
            inventoryIsPrior: false
        )
        #expect(seen.verdict == verdict)
        for probability in [nil, seen.pValue, 0.5] {
            let advice = ReviewAdvice(seen, .init(adjustedProbability: probability))
            #expect((advice.direction == .none) == (verdict != .inconsistent))
            #expect(advice.explanations.isEmpty == (verdict == .consistent))
            if verdict == .tension { #expect(advice.explanations == [.withinTwoSigma]) }
        }
    }

    @Test func whatIsNotConstrainedAccusesNobody() {
        let wide = Estimate(mean: 100, standardDeviation: 50)
        let seen = Comparison(
            region: "r",
            inventory: wide,
            prior: wide,
            posterior: wide,
            inventoryIsPrior: true
        )
        #expect(ReviewAdvice(seen).direction == .none)
        #expect(ReviewAdvice(seen).explanations == [.unconstrained])
    }

    @Test func idsArePlain() {
        for id in ["", "a b", "a/b", "a$b", "厂（一）", "厂\u{200B}", String(repeating: "厂", count: 101)] {
            let bad = Finding(
                id: id,
                subject: "x",
                gas: .co2,
                opened: Instant(microseconds: 0),
                direction: .none,
                explanations: [],
                ground: ""
            )
            #expect(refusal(CaseLedger(), .opened(bad)) == .badID(id))
        }
    }
}
