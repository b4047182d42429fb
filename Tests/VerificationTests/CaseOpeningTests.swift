import Quantities
import TestSupport
import Testing

@testable import Verification

private func piece(
    _ day: Int,
    _ mean: Double = 3,
    sigma: Double = 1,
    source: String = "a",
    unit: String = "t"
)
    -> Evidence
{
    Evidence(
        kind: .overpass,
        time: Instant(microseconds: Int64(day) * 86_400_000_000),
        source: source,
        residual: Estimate(mean: mean, standardDeviation: sigma),
        unit: unit,
        lineage: "line \(day)"
    )
}

private func opening(_ evidence: [Evidence], of subject: LocalizedName = "Plant 1", gas: Gas = .co2)
    -> CaseOpening
{
    CaseOpening(
        subject: subject,
        gas: gas,
        direction: .inventoryToReview,
        explanations: [.missingSources],
        ground: LocalizedName(english: "three overpasses", chinese: "三次过境"),
        evidence: evidence
    )
}

@Suite struct CaseOpeningTests {
    private var ledger = CaseLedger()
    private let now = Instant(microseconds: 1_000)

    private mutating func take(_ openings: CaseOpening...) throws -> CaseChanges {
        try CaseChanges(openings, in: &ledger, at: now)
    }

    private mutating func decide(_ id: String, _ outcome: Decision.Outcome) throws {
        let decision = Decision(
            person: "A",
            time: Instant(microseconds: 2_000),
            outcome: outcome,
            note: "seen"
        )
        try ledger.append(.decided(caseID: id, decision))
    }

    @Test mutating func theSameEvidenceTwiceAddsNothing() throws {
        let first = try take(opening([piece(1), piece(2)]))
        #expect(first.opened == ["plant-1-co2-1"] && first.events.count == 3)
        let again = try take(opening([piece(1), piece(2)]))
        #expect(again.events.isEmpty && again.unchanged == 1 && again.opened.isEmpty)
        #expect(ledger["plant-1-co2-1"]?.finding.chineseGround == "三次过境")
        #expect(ledger["plant-1-co2-1"]?.state == .open)
    }

    @Test(arguments: [CaseState.open, .checked])
    mutating func newEvidenceComesToTheCaseThatIsNotClosed(state: CaseState) throws {
        _ = try take(opening([piece(1)]))
        if state == .checked { try decide("plant-1-co2-1", .checked) }
        let more = try take(opening([piece(1), piece(2), piece(2)]))
        #expect(more.opened.isEmpty && more.extended == ["plant-1-co2-1"] && more.events.count == 1)
        #expect(ledger["plant-1-co2-1"]?.evidence == [piece(1), piece(2)])
        #expect(ledger["plant-1-co2-1"]?.state == state)
    }

    @Test mutating func aClosedCaseIsFollowedByAnotherOnlyForNewEvidence() throws {
        _ = try take(opening([piece(1)]))
        try decide("plant-1-co2-1", .closed)
        #expect(try take(opening([piece(1)])).events.isEmpty)
        let later = try take(opening([piece(1), piece(9)]))
        #expect(later.opened == ["plant-1-co2-2"])
        #expect(ledger["plant-1-co2-2"]?.finding.earlier == "plant-1-co2-1")
        #expect(ledger["plant-1-co2-2"]?.evidence == [piece(9)])
        #expect(ledger["plant-1-co2-1"]?.state == .closed && ledger["plant-1-co2-1"]?.evidence.count == 1)
        #expect(try take(opening([piece(1), piece(9)])).events.isEmpty)
    }

    @Test mutating func oneMoreDayDoesNotOpenWhatWasClosedWhereMoreAreAskedFor() throws {
        var asked = opening([piece(1), piece(2)])
        asked.leastNewDays = 2
        _ = try take(asked)
        try decide("plant-1-co2-1", .closed)
        asked.evidence.append(piece(3))
        #expect(try take(asked).events.isEmpty)
        asked.evidence.append(piece(3, 4, source: "b"))
        #expect(try take(asked).events.isEmpty)
        asked.evidence.append(piece(4))
        #expect(try take(asked).opened == ["plant-1-co2-2"])
    }

    @Test mutating func casesAreOfOneSubjectAndGas() throws {
        let changes = try take(
            opening([piece(1)]),
            opening([piece(1)], gas: .ch4),
            opening([piece(1)], of: "Plant-1"),
            opening([piece(1)], of: LocalizedName(english: "电厂")),
            opening([piece(1)], of: LocalizedName(english: String(repeating: "x y", count: 100))),
            opening([piece(2)])
        )
        #expect(
            changes.opened.prefix(4) == ["plant-1-co2-1", "plant-1-ch4-1", "plant-1-co2-2", "电厂-co2-1"]
        )
        #expect(changes.opened.count == 5 && changes.extended.isEmpty && changes.unchanged == 0)
        #expect(ledger["plant-1-co2-1"]?.evidence.count == 2)
        #expect(ledger["plant-1-co2-2"]?.finding.earlier == nil)
    }

    @Test(arguments: [
        ("甲电厂", "甲电厂"), ("甲电厂（1号）", "甲电厂-1号"), ("Zürich Nord", "zürich-nord"), ("☀️ & ⚡️", "case"),
        ("मुंबई", "मुंबई"), ("½ ②", "case"),
        (String(repeating: "厂", count: 90), String(repeating: "厂", count: 70)),
    ])
    func idsAreOfTheLettersOfTheSubject(name: String, stem: String) throws {
        var ledger = CaseLedger()
        let asked = [opening([piece(1)], of: LocalizedName(english: name))]
        let changes = try CaseChanges(asked, in: &ledger, at: Instant(microseconds: 0))
        #expect(changes.opened == ["\(stem)-co2-1"])
    }

    @Test mutating func whatAClosedCaseKnowsIsToldApart() throws {
        _ = try take(opening([piece(1)]))
        #expect(try take(opening([piece(1)])).closed == [])
        try decide("plant-1-co2-1", .closed)
        let changes = try take(opening([piece(1)]))
        #expect(changes.closed == ["plant-1-co2-1"] && changes.unchanged == 1)
    }

    @Test(arguments: [
        (piece(1), true), (piece(1, 3.0005), true), (piece(1, 3.002), false), (piece(1, sigma: 1.002), false),
        (piece(2), false), (piece(1, source: "b"), false), (piece(1, unit: "kt"), false),
        (piece(1, .nan), false), (piece(1, 3000, sigma: 1000, unit: "kg"), true),
        (piece(1, 0.003, sigma: 0.001, unit: "kt"), true), (piece(1, 3, unit: "t/h"), false),
        (piece(1, unit: "mt"), false),
    ])
    func whatIsTheSame(other: Evidence, isSame: Bool) {
        #expect(other.restates(piece(1)) == isSame)
        #expect(piece(1).restates(other) == isSame)
    }

    /// A file given again with a mended row: the old numbers stay in the history and the new ones hold.
    @Test mutating func aCorrectionTakesThePlaceOfWhatItCorrects() throws {
        _ = try take(opening([piece(1), piece(2)]))
        let mended = try take(opening([piece(1), piece(2, 5)]))
        #expect(mended.extended == ["plant-1-co2-1"] && mended.events.count == 1)
        let found = try #require(ledger["plant-1-co2-1"])
        #expect(found.evidence.map(\.residual.mean) == [3, 5] && found.superseded == [piece(2)])
        let told = try #require(found.correction)
        #expect(told.english.hasPrefix("1 piece was corrected since") && told.chinese.hasPrefix("其后更正 1 条"))
        #expect(found.evidence.map(\.corrected) == [nil, "line 2"] && ledger.events.count == 4)
        #expect(try take(opening([piece(1), piece(2, 5)])).events.isEmpty)
    }

    /// A day that was part of a run and no longer exceeds asks for no case, and the open one hears of it.
    @Test mutating func whatNoLongerExceedsCorrectsTheOpenCase() throws {
        _ = try take(opening([piece(1), piece(2)]))
        var quiet = opening([])
        quiet.subjectKind = .facility
        quiet.observed = [piece(1), piece(2, 0.1), piece(3, 0.2)]
        #expect(try take(quiet).extended == ["plant-1-co2-1"])
        #expect(ledger["plant-1-co2-1"]?.evidence.map(\.residual.mean) == [3, 0.1])
        let again = try take(quiet)
        #expect(again.events.isEmpty && again.unchanged == 0)
        try decide("plant-1-co2-1", .closed)
        quiet.observed = [piece(1, 0.1)]
        #expect(try take(quiet).events.isEmpty)
    }

    /// A table of kilograms an hour is the one of tonnes an hour.
    @Test mutating func anotherUnitIsNoNews() throws {
        _ = try take(opening([piece(1, 3, unit: "t/h"), piece(2, 4, unit: "t/h")]))
        let other = [piece(1, 3000, sigma: 1000, unit: "kg/h"), piece(2, 4000, sigma: 1000, unit: "kg h-1")]
        #expect(try take(opening(other)).unchanged == 1 && ledger.events.count == 3)
        let mended = [piece(1, 3000, sigma: 1000, unit: "kg/h"), piece(2, 9000, sigma: 1000, unit: "kg/h")]
        #expect(try take(opening(mended)).extended == ["plant-1-co2-1"])
        #expect(ledger["plant-1-co2-1"]?.evidence.map(\.residual.mean) == [3, 9000])
        // What does not convert is of another subject.
        #expect(try take(opening([piece(1, unit: "kWh")])).opened == ["plant-1-co2-2"])
    }

    /// How the errors of both figures were taken together is no observation.
    @Test func theSameFiguresWithAnotherSigmaOfTheResidualAreNoNews() {
        func comparison(sigma: Double, found: Double = 8) -> Evidence {
            var evidence = piece(1, found - 5, sigma: sigma)
            evidence.figures = EvidenceFigures(
                declared: Estimate(mean: 5, standardDeviation: 1),
                found: Estimate(mean: found, standardDeviation: 1),
                zScore: (found - 5) / sigma
            )
            return evidence
        }
        #expect(comparison(sigma: 1).restates(comparison(sigma: 1.4)))
        #expect(!comparison(sigma: 1).restates(comparison(sigma: 1, found: 8.1)))
        #expect(comparison(sigma: 1).corrects(comparison(sigma: 1, found: 8.1)))
    }

    @Test mutating func aRegionAndAPlantOfOneNameHaveTheirOwnCases() throws {
        var plant = opening([piece(1)])
        plant.subjectKind = .facility
        var region = opening([piece(1)])
        region.subjectKind = .region
        #expect(try take(plant, region).opened == ["plant-1-co2-1", "plant-1-co2-2"])
        #expect(try take(plant, region).unchanged == 2)
        // Histories that do not say: the evidence tells.
        var old = CaseLedger()
        for event in ledger.events.prefix(2) {
            guard case .opened(var finding) = event else {
                try old.append(event)
                continue
            }
            finding.subjectKind = nil
            try old.append(.opened(finding))
        }
        ledger = old
        #expect(ledger["plant-1-co2-1"]?.subjectKind == .facility)
        #expect(try take(plant).unchanged == 1)
        #expect(try take(region).opened == ["plant-1-co2-2"])
    }

    @Test mutating func twoOfOneNameInATableAreParted() throws {
        func asked(_ evidence: Evidence) -> CaseOpening {
            var opening = opening([evidence])
            opening.keepsUnit = true
            return opening
        }
        let both = [asked(piece(1, 3, unit: "kt")), asked(piece(1, 7, unit: "Mt"))]
        #expect(try take(both[0], both[1]).opened == ["plant-1-co2-1", "plant-1-co2-2"])
        #expect(try take(both[0], both[1]).unchanged == 2)
    }

    @Test mutating func aCaseFollowsOnlyAClosedOne() throws {
        _ = try take(opening([piece(1)]))
        var finding = try #require(ledger["plant-1-co2-1"]).finding
        finding = Finding(
            id: "next",
            subject: finding.subject,
            gas: .co2,
            opened: now,
            direction: .none,
            explanations: [],
            ground: ""
        )
        finding.earlier = "plant-1-co2-1"
        var copy = ledger
        #expect(throws: CaseError.notClosed("plant-1-co2-1")) { try copy.append(.opened(finding)) }
        finding.earlier = "plant-2-co2-1"
        #expect(throws: CaseError.self) { try copy.append(.opened(finding)) }
        #expect(copy.cases.count == 1)
    }
}

// MARK: - Comparisons

private func comparison(_ region: String, found: Double, priorSigma: Double = 50) -> Comparison {
    Comparison(
        region: LocalizedName(english: region),
        inventory: Estimate(mean: 100, standardDeviation: 6),
        prior: Estimate(mean: 100, standardDeviation: priorSigma),
        posterior: Estimate(mean: found, standardDeviation: 8),
        inventoryIsPrior: false
    )
}

@Suite struct ComparisonReviewTests {
    private let review = ComparisonReview(
        gas: .ch4,
        period: Period(start: Instant(microseconds: 0), end: Instant(microseconds: 1_000_000)),
        source: "run"
    )
    private let origin = EvidenceOrigin(file: "t.csv", sha256: "ab", line: 2)

    private func items(_ comparisons: [Comparison]) -> [ComparisonReview.Item] {
        comparisons.map { ComparisonReview.Item($0, unit: "kt", origin: origin) }
    }

    /// z = (found - 100) / 10: 2.1 alone is p 0.036; as the best of five, 0.18 after Benjamini and Hochberg.
    @Test func chanceAmongManyOpensNothing() throws {
        let alone = review.openings(items([comparison("A", found: 121)]))
        #expect(alone.count == 1)
        let others = ["B", "C", "D", "E"].map { comparison($0, found: 101) }
        #expect(review.openings(items([comparison("A", found: 121)] + others)).isEmpty)
        let strong = review.openings(items([comparison("A", found: 130)] + others))
        let evidence = try #require(strong.first?.evidence.first)
        #expect(strong.map(\.subject.english) == ["A"])
        #expect(near(try #require(evidence.figures?.adjustedProbability), 5 * 0.002699796063260207))
        #expect(near(evidence.residual.mean, 30) && near(evidence.residual.standardDeviation, 10))
        #expect(evidence.origin == origin && evidence.lineage == "t.csv, line 2, SHA-256 ab")
        #expect(evidence.period == EvidencePeriod(review.period) && evidence.time == review.period.start)
        #expect(evidence.figures?.zScore == 3 && near(evidence.figures?.uncertaintyReduction ?? 0, 0.84))
        #expect(strong[0].ground.english.hasPrefix("inconsistent, z 3.0, p 0.013 adjusted among 5"))
        #expect(strong[0].ground.chinese.contains("5 项比较"))
    }

    /// The end of a year is not in it.
    @Test func evidenceIsDatedWithinItsPeriod() throws {
        func instant(_ year: Int) -> Instant { Instant(CivilTime(year: year, month: 1, day: 1)) }
        let year = ComparisonReview(
            gas: .ch4,
            period: Period(start: instant(2019), end: instant(2020)),
            source: "run"
        )
        let evidence = try #require(year.openings(items([comparison("A", found: 130)])).first?.evidence.first)
        for time in [evidence.time, evidence.start, evidence.last] { #expect("\(time)".hasPrefix("2019-")) }
        #expect("\(evidence.last)".hasPrefix("2019-12-31T23:59:59"))
        // Histories date it at the end of its period; it is the same.
        let old = Evidence(
            kind: .comparison,
            time: instant(2020),
            source: "run",
            residual: evidence.residual,
            unit: evidence.unit,
            lineage: ""
        )
        var dated = old
        (dated.period, dated.figures) = (evidence.period, evidence.figures)
        #expect(evidence.restates(dated) && !evidence.restates(old))
    }

    @Test func theUnitParts() {
        var both = items([comparison("A", found: 130), comparison("A", found: 101)])
        both[1].unit = "Mt"
        #expect(review.openings(both).map(\.keepsUnit) == [true])
        #expect(review.openings(Array(both.prefix(1))).map(\.keepsUnit) == [false])
    }

    @Test func onlyWhatIsInconsistentOpens() {
        let quiet = [comparison("A", found: 119), comparison("B", found: 105), comparison("C", found: .nan)]
        #expect(review.openings(items(quiet)).isEmpty)
        #expect(review.openings(items([comparison("D", found: 200, priorSigma: 9)])).isEmpty)
        #expect(review.openings([]).isEmpty)
    }

    @Test func whatSpeaksAgainstTheObservationTurnsTheDirection() {
        func direction(_ circumstances: ReviewAdvice.Circumstances, priorSigma: Double = 50) -> CaseOpening? {
            let seen = comparison("A", found: 140, priorSigma: priorSigma)
            let item = ComparisonReview.Item(seen, unit: "kt", circumstances: circumstances, origin: origin)
            return review.openings([item]).first
        }
        #expect(direction(.init())?.direction == .inventoryToReview)
        #expect(direction(.init(fit: 1.2))?.direction == .inventoryToReview)
        for doubt in [
            ReviewAdvice.Circumstances(isMetered: true), .init(fit: 3), .init(hasFailedChecks: true),
        ] {
            #expect(direction(doubt)?.direction == .observationToReview)
        }
        // Reductions of 0.29 and 0.31.
        #expect(direction(.init(), priorSigma: 8 / 0.71)?.direction == .observationToReview)
        #expect(direction(.init(), priorSigma: 8 / 0.69)?.direction == .inventoryToReview)
        #expect(
            direction(.init(hasFailedChecks: true))?.ground.english.hasSuffix(
                "checks of the observation failed"
            ) == true
        )
    }

    /// A table written anew with the same figures is no news; the same period with other figures is.
    @Test func aTableIsNoNewsTwice() throws {
        var ledger = CaseLedger()
        let now = Instant(microseconds: 5)
        let first = try CaseChanges(
            review.openings(items([comparison("A", found: 130)])),
            in: &ledger,
            at: now
        )
        #expect(first.opened == ["a-ch4-1"])
        var moved = review.openings(items([comparison("A", found: 130)]))
        moved[0].evidence[0].origin = EvidenceOrigin(file: "u.csv", sha256: "cd", line: 9)
        #expect(try CaseChanges(moved, in: &ledger, at: now).unchanged == 1)
        let other = try CaseChanges(
            review.openings(items([comparison("A", found: 131)])),
            in: &ledger,
            at: now
        )
        #expect(other.extended == ["a-ch4-1"])
    }
}
