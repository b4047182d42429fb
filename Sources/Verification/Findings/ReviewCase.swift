public import Quantities

/// What a case is about: a region and a plant may bear one name.
public enum SubjectKind: String, Codable, Sendable {
    /// Region or sector of a comparison.
    case region
    case facility
}

/// What made somebody look: a facility or region, the direction of the review and what may explain it.
public struct Finding: Codable, Hashable, Sendable {
    /// Stable id of the case; letters of any script, digits, `-`, `_` and `.`.
    public let id: String
    /// Facility, region or sector.
    public let subject: LocalizedName
    public let gas: Gas
    public let opened: Instant
    public let direction: ReviewDirection
    public let explanations: [ExplanationCode]
    /// Rule or verdict that opened it, in words.
    public let ground: String
    /// The same in Chinese, where it is known.
    public var chineseGround: String?
    /// The closed case of the same subject and gas that this one follows.
    public var earlier: String?
    /// Nil in histories that do not say; the evidence does then.
    public var subjectKind: SubjectKind?

    public init(
        id: String,
        subject: LocalizedName,
        gas: Gas,
        opened: Instant,
        direction: ReviewDirection,
        explanations: [ExplanationCode],
        ground: String
    ) {
        self.id = id
        self.subject = subject
        self.gas = gas
        self.opened = opened
        self.direction = direction
        self.explanations = explanations
        self.ground = ground
    }

    public var grounds: LocalizedName { LocalizedName(english: ground, chinese: chineseGround) }
}

/// What a person decided.
public struct Decision: Codable, Hashable, Sendable {
    public enum Outcome: String, CaseIterable, Codable, Sendable {
        /// Looked at; stays on the list.
        case checked
        case closed
        case reopened
    }

    public let person: String
    public let time: Instant
    public let outcome: Outcome
    /// Side that turned out to need a correction; nil where the decision does not say.
    public let direction: ReviewDirection?
    public let note: String

    public init(
        person: String,
        time: Instant,
        outcome: Outcome,
        direction: ReviewDirection? = nil,
        note: String
    ) {
        self.person = person
        self.time = time
        self.outcome = outcome
        self.direction = direction
        self.note = note
    }
}

/// How far a case has come.
public enum CaseState: String, CaseIterable, Codable, Sendable {
    case open
    case checked
    case closed

    public var name: LocalizedName {
        switch self {
        case .open: LocalizedName(english: "open", chinese: "待核查")
        case .checked: LocalizedName(english: "checked", chinese: "已核查")
        case .closed: LocalizedName(english: "closed", chinese: "已办结")
        }
    }
}

/// A finding with its evidence and what people decided; only a person changes its state.
public struct ReviewCase: Hashable, Sendable {
    public let finding: Finding
    /// What holds now, in the order in which it came.
    public internal(set) var evidence: [Evidence] = []
    /// Evidence whose numbers were corrected later.
    public private(set) var superseded: [Evidence] = []
    /// In the order in which they were made.
    public internal(set) var decisions: [Decision] = []

    public var state: CaseState {
        switch decisions.last?.outcome {
        case nil, .reopened: .open
        case .checked: .checked
        case .closed: .closed
        }
    }

    /// That of the finding; where it does not say, that of what all of the evidence is about.
    public var subjectKind: SubjectKind? {
        if let kind = finding.subjectKind { return kind }
        let kinds = Set(evidence.map { $0.kind == .comparison ? SubjectKind.region : .facility })
        return kinds.count == 1 ? kinds.first : nil
    }

    /// What corrections left of the evidence; nil where nothing was corrected. The ground is as it was when the case
    /// was opened, and a correction may have taken it away.
    public var correction: LocalizedName? {
        guard !superseded.isEmpty else { return nil }
        let scores = evidence.compactMap(\.figures?.zScore).map(abs)
        let largest = scores.max().map { significantText($0, digits: 2) }
        let count = superseded.count == 1 ? "1 piece was" : "\(superseded.count) pieces were"
        return LocalizedName(
            english: "\(count) corrected since" + (largest.map { ", |z| is now at most \($0)" } ?? ""),
            chinese: "其后更正 \(superseded.count) 条" + (largest.map { "，现 |z| 最大为 \($0)" } ?? "")
        )
    }

    /// Appends evidence, which takes the place of what it corrects.
    mutating func take(_ piece: Evidence) {
        superseded += evidence.filter(piece.corrects)
        evidence.removeAll(where: piece.corrects)
        evidence.append(piece)
    }

    /// What the last decision that says so names; that of the finding before.
    public var direction: ReviewDirection {
        decisions.last { $0.direction != nil }?.direction ?? finding.direction
    }
}
