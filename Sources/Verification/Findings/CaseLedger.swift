public import Quantities

/// One line of the history of all cases.
public enum CaseEvent: Hashable, Sendable {
    case opened(Finding)
    case evidence(caseID: String, Evidence)
    case decided(caseID: String, Decision)
}

/// An event that the history does not allow.
public enum CaseError: Fault, Equatable {
    case badID(String)
    case alreadyOpen(String)
    case unknown(String, nearest: String?)
    case closed(String)
    case notClosed(String)
    case nobody(String)
    case noNote(String)
    case outOfOrder(String)

    public var exitStatus: ExitStatus { .badData }
    public var what: String {
        switch self {
        case .badID(let id): "`\(id)` is no id of a case"
        case .alreadyOpen: "the case exists"
        case .unknown: "no such case"
        case .closed: "the case is closed"
        case .notClosed: "the case is not closed"
        case .nobody: "a decision without a person"
        case .noNote: "a decision without a note"
        case .outOfOrder: "a decision earlier than the one before it"
        }
    }
    public var place: String {
        switch self {
        case .badID: ""
        case .alreadyOpen(let id), .unknown(let id, _), .closed(let id), .notClosed(let id), .nobody(let id),
            .noNote(let id), .outOfOrder(let id):
            "case \(id)"
        }
    }
    public var remedy: String {
        switch self {
        case .badID: "use letters of any script, digits, `-`, `_` and `.`, at most 100 in all"
        case .unknown(_, let nearest): nearest.map { "is it `\($0)`?" } ?? ""
        case .closed: "reopen it first"
        case .nobody: "name who decides"
        case .noNote: "say why"
        default: ""
        }
    }
}

/// All cases as their history makes them; events are appended, never changed.
public struct CaseLedger: Sendable {
    public private(set) var events: [CaseEvent] = []
    private var byID: [String: ReviewCase] = [:]
    private var order: [String] = []

    public init() {}

    /// In the order in which they were opened.
    public var cases: [ReviewCase] { order.compactMap { byID[$0] } }

    public subscript(id: String) -> ReviewCase? { byID[id] }

    /// Those of a subject and gas, in the order in which they were opened.
    public func cases(of subject: LocalizedName, _ gas: Gas) -> [ReviewCase] {
        cases.filter { $0.finding.gas == gas && $0.finding.subject.english == subject.english }
    }

    /// - Throws: ``CaseError``; the ledger is then as before.
    public mutating func append(_ event: CaseEvent) throws(CaseError) {
        switch event {
        case .opened(let finding):
            try Self.requireID(finding.id)
            guard byID[finding.id] == nil else { throw .alreadyOpen(finding.id) }
            if let earlier = finding.earlier, try known(earlier).state != .closed {
                throw .notClosed(earlier)
            }
            byID[finding.id] = ReviewCase(finding: finding)
            order.append(finding.id)
        case .evidence(let id, let evidence):
            var found = try known(id)
            guard found.state != .closed else { throw .closed(id) }
            found.take(evidence)
            byID[id] = found
        case .decided(let id, let decision):
            var found = try known(id)
            try Self.requireAllowed(decision, on: found)
            found.decisions.append(decision)
            byID[id] = found
        }
        events.append(event)
    }

    private func known(_ id: String) throws(CaseError) -> ReviewCase {
        guard let found = byID[id] else { throw .unknown(id, nearest: nearest(to: id, among: order)) }
        return found
    }

    private static func requireAllowed(_ decision: Decision, on found: ReviewCase) throws(CaseError) {
        let id = found.finding.id
        guard !decision.person.allSatisfy(\.isWhitespace) else { throw .nobody(id) }
        guard !decision.note.allSatisfy(\.isWhitespace) else { throw .noNote(id) }
        let previous = found.decisions.last?.time ?? found.finding.opened
        guard decision.time >= previous else { throw .outOfOrder(id) }
        switch (found.state, decision.outcome) {
        case (.closed, .reopened): break
        case (.closed, _): throw .closed(id)
        case (.open, .reopened), (.checked, .reopened): throw .notClosed(id)
        default: break
        }
    }

    private static func requireID(_ id: String) throws(CaseError) {
        guard CaseID.isPlain(id) else { throw .badID(id) }
    }
}

/// How cases are called: letters of any script, digits, `-`, `_` and `.`. None of them means anything to a shell.
enum CaseID {
    static let greatestLength = 100
    private static let greatestName = 70

    static func isPlain(_ id: String) -> Bool {
        let scalars = id.unicodeScalars
        return !scalars.isEmpty && scalars.count <= greatestLength
            && scalars.allSatisfy { isLetterOrDigit($0) || isMark($0) || "-_.".unicodeScalars.contains($0) }
    }

    /// `power-plant-1` or `甲电厂`: the letters and digits of a name, `case` for one that has none.
    static func stem(_ name: String) -> String {
        let words = name.lowercased().unicodeScalars.split { !isLetterOrDigit($0) && !isMark($0) }
            // Vowel signs belong to a letter: those of an emoji stand alone.
            .map { String($0.drop(while: isMark)) }
            .filter { !$0.isEmpty }
        guard !words.isEmpty else { return "case" }
        let joined = words.joined(separator: "-").unicodeScalars
        return String(String.UnicodeScalarView(joined.prefix(greatestName)))
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        case .decimalNumber: true
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }
}
