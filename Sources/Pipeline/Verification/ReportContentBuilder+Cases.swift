public import Formats
import Foundation
import Quantities
import Report
public import Verification

// The review cases of T12.
extension ReportContentBuilder {
    /// - Throws: ``ReviewCasesError`` naming the line.
    mutating func addReviewCases() throws {
        guard let file = plan.cases else { return }
        let isThere = FileManager.default.fileExists(atPath: file)
        let history = try ReviewCasesFile(path: file, createsIfAbsent: plan.opensCases)
        caseHistory = history
        if isThere {
            reviewInputs = use(file, .reviewCases)
        } else {
            reviewInputs = [URL(filePath: file).lastPathComponent]
        }
    }

    /// Facilities whose residuals lasted, and what corrects the evidence of cases; the table is of the gas of the case.
    ///
    /// - Throws: `TableError` naming line and column.
    mutating func addFacilities() throws {
        guard let file = plan.residuals, let gas else { return }
        let table = try FacilityTable(csvFile: file)
        let inputs = use(file, .table)
        let reviews = table.facilities.map { FacilityReview($0, rules: plan.residualRules) }
        facilities = reviews.map {
            FacilityFinding(opening: $0.followUp(gas: gas, within: period), inputs: inputs)
        }
        if let period { caveats += ResidualCaveats.outside(period, reviews, gas: gas, file: inputs[0]) }
        caveats += ResidualCaveats.exact(table, file: inputs[0])
    }

    /// Review cases of the gas, in the order in which they were opened.
    var reviewCases: [ReviewCase] {
        (caseHistory?.ledger.cases ?? []).filter { gas == nil || $0.finding.gas == gas }
    }

    /// What the findings of a report do to its history; nil where the case does not ask for cases to be opened.
    func pendingCases(_ openings: [CaseOpening]) throws -> PendingCases? {
        guard plan.opensCases, let history = caseHistory else { return nil }
        return try PendingCases(history, openings: openings, gas: gas)
    }
}

/// What a history is told of a facility, and the files that say so.
struct FacilityFinding: Sendable {
    let opening: CaseOpening
    let inputs: [String]

    /// Whether its residuals lasted; else only what corrects earlier evidence is told.
    var lasts: Bool { !opening.evidence.isEmpty }
}

/// Cases that a report opens: they stand in it, and are appended to the history when the report is written.
public struct PendingCases: Sendable {
    /// The history as it was read.
    public let history: ReviewCasesFile
    public let changes: CaseChanges
    /// Those of the gas, with what the report opens.
    let cases: [ReviewCase]
    /// SHA-256 of the last line of the history with them.
    let head: String

    init(_ history: ReviewCasesFile, openings: [CaseOpening], gas: Gas?) throws {
        self.history = history
        var ledger = history.ledger
        changes = try CaseChanges(openings, in: &ledger, at: .now())
        head = try history.head(after: changes.events)
        cases = ledger.cases.filter { gas == nil || $0.finding.gas == gas }
    }

    public var summary: CaseChangesSummary { CaseChangesSummary(changes, file: history.path, head: head) }

    /// - Throws: ``ReviewCasesError``, also where somebody else has appended meanwhile; the history is then as before.
    func append() throws(ReviewCasesError) {
        var history = history
        try history.append(changes.events)
    }
}

/// What was done to a history of cases, for machines.
public struct CaseChangesSummary: Encodable, Sendable {
    public let file: String
    /// SHA-256 of the last line.
    public let head: String
    public let opened: [String]
    public let extended: [String]
    public let unchanged: Int

    public init(_ changes: CaseChanges, file: String, head: String) {
        self.file = file
        self.head = head
        opened = changes.opened
        extended = changes.extended
        unchanged = changes.unchanged
    }
}
