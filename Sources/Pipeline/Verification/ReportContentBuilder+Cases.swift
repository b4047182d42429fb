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

    /// Facilities whose residuals lasted; the table is of the gas of the case.
    ///
    /// - Throws: `TableError` naming line and column.
    mutating func addFacilities() throws {
        guard let file = plan.residuals, let gas else { return }
        let table = try FacilityTable(csvFile: file)
        let inputs = use(file, .table)
        facilities = table.facilities.compactMap { observations in
            FacilityReview(observations).opening(gas: gas).map {
                FacilityFinding(opening: $0, inputs: inputs)
            }
        }
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

/// A facility whose residuals lasted, and the files that say so.
struct FacilityFinding: Sendable {
    let opening: CaseOpening
    let inputs: [String]
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
