public import Quantities

/// What asks for a case: who it is about, why, and the evidence. The history decides whether a case is opened, an open
/// one gets the evidence or nothing happens; a person decides what becomes of the case.
public struct CaseOpening: Sendable {
    public var subject: LocalizedName
    public var gas: Gas
    public var direction: ReviewDirection
    public var explanations: [ExplanationCode]
    public var ground: LocalizedName
    public var evidence: [Evidence]
    /// Days that must be new for another case after a closed one: what a person has decided is not opened again by one
    /// more day of what was known.
    public var leastNewDays = 1
    /// At first what the evidence is about.
    public var subjectKind: SubjectKind
    /// All that was observed of the subject: what of it corrects the evidence of an open case is appended to it, be it
    /// part of a run or not.
    public var observed: [Evidence] = []
    /// The table names the subject in another unit too: these are two subjects, whose evidence is kept apart.
    public var keepsUnit = false

    public init(
        subject: LocalizedName,
        gas: Gas,
        direction: ReviewDirection,
        explanations: [ExplanationCode],
        ground: LocalizedName,
        evidence: [Evidence]
    ) {
        self.subject = subject
        self.gas = gas
        self.direction = direction
        self.explanations = explanations
        self.ground = ground
        self.evidence = evidence
        subjectKind = evidence.allSatisfy { $0.kind == .comparison } ? .region : .facility
    }

    /// What the history does not hold of it:
    /// - nothing where every piece of evidence is in a case of the subject and gas, be that open or closed;
    /// - the new evidence, and what corrects the old, for the latest case of them that is not closed;
    /// - else a new case, which names the closed one before it and needs ``leastNewDays`` beyond it.
    public func events(in ledger: CaseLedger, at time: Instant) -> [CaseEvent] {
        let known = cases(in: ledger)
        let held = known.flatMap(\.evidence)
        var news: [Evidence] = []
        for piece in evidence where !(held + news).contains(where: piece.restates) {
            news.append(piece.correcting(held))
        }
        if let pending = known.last(where: { $0.state != .closed }) {
            for piece in observed where pending.evidence.contains(where: piece.corrects) {
                guard !news.contains(where: piece.restates) else { continue }
                news.append(piece.correcting(pending.evidence))
            }
            return news.map { .evidence(caseID: pending.finding.id, $0) }
        }
        guard !news.isEmpty else { return [] }
        guard known.isEmpty || Set(news.map(\.day)).count >= leastNewDays else { return [] }
        var finding = Finding(
            id: freeID(in: ledger),
            subject: subject,
            gas: gas,
            opened: time,
            direction: direction,
            explanations: explanations,
            ground: ground.english
        )
        finding.chineseGround = ground.chinese
        finding.earlier = known.last?.finding.id
        finding.subjectKind = subjectKind
        return [.opened(finding)] + news.map { .evidence(caseID: finding.id, $0) }
    }

    /// Those of the subject: of its name, gas and kind, in its unit or, where none is, in one that converts into it.
    private func cases(in ledger: CaseLedger) -> [ReviewCase] {
        let named = ledger.cases(of: subject, gas).filter { ($0.subjectKind ?? subjectKind) == subjectKind }
        guard let unit = (evidence.first ?? observed.first)?.unit else { return named }
        let own = named.filter { $0.evidence.isEmpty || $0.evidence.contains { $0.unit == unit } }
        guard own.isEmpty, !keepsUnit else { return own }
        return named.filter { found in
            found.evidence.contains { RateUnit.conversion(from: unit, to: $0.unit) != nil }
        }
    }

    /// The last case of the subject and gas where all of them are closed.
    fileprivate func closedCase(in ledger: CaseLedger) -> String? {
        let known = cases(in: ledger)
        return known.allSatisfy { $0.state == .closed } ? known.last?.finding.id : nil
    }

    /// `power-plant-1-co2-1` or `甲电厂-co2-1`: the letters and digits of the subject, the gas and the first free number.
    private func freeID(in ledger: CaseLedger) -> String {
        let stem = "\(CaseID.stem(subject.english))-\(gas.rawValue)"
        var number = 1
        while ledger["\(stem)-\(number)"] != nil { number += 1 }
        return "\(stem)-\(number)"
    }
}

/// What openings did to a history.
public struct CaseChanges: Hashable, Sendable {
    public private(set) var events: [CaseEvent] = []
    /// Ids in their order.
    public private(set) var opened: [String] = []
    /// Cases that were open and got evidence.
    public private(set) var extended: [String] = []
    /// Openings that said nothing new, or too little after a closed case.
    public private(set) var unchanged = 0
    /// Of those, the ones that are about a closed case: its ids in their order.
    public private(set) var closed: [String] = []

    /// Takes the openings one after the other; those of one subject come into one case.
    ///
    /// - Parameter ledger: holds the events afterwards.
    /// - Throws: ``CaseError``.
    public init(
        _ openings: [CaseOpening],
        in ledger: inout CaseLedger,
        at time: Instant
    ) throws(CaseError) {
        for opening in openings {
            let news = opening.events(in: ledger, at: time)
            for event in news { try ledger.append(event) }
            events += news
            switch news.first {
            // Without evidence of its own it only looked for what it corrects.
            case nil where opening.evidence.isEmpty: break
            case nil:
                unchanged += 1
                if let id = opening.closedCase(in: ledger) { closed.append(id) }
            case .opened(let finding): opened.append(finding.id)
            case .evidence(let id, _), .decided(let id, _):
                if !(opened + extended).contains(id) { extended.append(id) }
            }
        }
    }
}

extension Evidence {
    /// With the lineage of the piece that it corrects, where it does one.
    fileprivate func correcting(_ held: [Evidence]) -> Evidence {
        guard let old = held.last(where: corrects) else { return self }
        var piece = self
        piece.corrected = old.lineage
        return piece
    }
}
