import Verification

/// One line of a ``ReviewCasesFile``.
struct ReviewCaseLine: Codable {
    enum Kind: String, Codable {
        case opened
        case evidence
        case decided
    }

    /// Digest of the line before.
    let previous: String
    let event: Kind
    let caseID: String
    let finding: Finding?
    let evidence: Evidence?
    let decision: Decision?

    enum CodingKeys: String, CodingKey {
        case previous, event, finding, evidence, decision
        case caseID = "case"
    }

    init(_ event: CaseEvent, previous: String) {
        self.previous = previous
        switch event {
        case .opened(let finding):
            (self.event, caseID) = (.opened, finding.id)
            (self.finding, evidence, decision) = (finding, nil, nil)
        case .evidence(let id, let evidence):
            (self.event, caseID) = (.evidence, id)
            (finding, self.evidence, decision) = (nil, evidence, nil)
        case .decided(let id, let decision):
            (self.event, caseID) = (.decided, id)
            (finding, evidence, self.decision) = (nil, nil, decision)
        }
    }

    /// Nil where what the kind of event needs is missing, or the finding names another case.
    var caseEvent: CaseEvent? {
        switch event {
        case .opened: finding.flatMap { $0.id == caseID ? .opened($0) : nil }
        case .evidence: evidence.map { .evidence(caseID: caseID, $0) }
        case .decided: decision.map { .decided(caseID: caseID, $0) }
        }
    }
}
