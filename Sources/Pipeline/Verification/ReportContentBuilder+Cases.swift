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
        caseHistory = try ReviewCasesFile(path: file, createsIfAbsent: plan.opensCases)
        reviewInputs = [URL(filePath: file).lastPathComponent]
    }

    /// The history among the inputs, as it stands once the report is written; nil where there is none then.
    func reviewInput(_ pending: PendingCases?) -> CaseInput? {
        guard let history = caseHistory else { return nil }
        let opensNone = pending?.changes.events.isEmpty ?? true
        guard !opensNone || FileManager.default.fileExists(atPath: history.path) else { return nil }
        var input = CaseInput(role: .reviewCases, path: history.path, credit: "")
        input.digest = pending?.sha256 ?? history.sha256
        return input
    }

    /// Facilities whose residuals lasted, and what corrects the evidence of cases; the table is of the gas of the case.
    ///
    /// - Throws: `TableError` naming line and column.
    mutating func addFacilities() throws {
        guard let file = plan.residuals, let gas else { return }
        let table = try FacilityTable(csvFile: file)
        let inputs = use(file, .table)
        let rules = plan.residualRules
        for facility in table.facilities { names.learn(facility.facility) }
        let reviews = table.facilities.map { FacilityReview($0, rules: rules) }
        facilities = reviews.map {
            FacilityFinding(opening: $0.followUp(gas: gas, within: period), inputs: inputs)
        }
        content.residuals = reviews.map { FacilityResiduals($0, rules, inputs: inputs) }
        if let period { caveats += ResidualCaveats.outside(period, reviews, gas: gas, file: inputs[0]) }
        caveats += ResidualCaveats.exact(table, file: inputs[0])
    }

    /// Review cases of the gas, in the order in which they were opened.
    var reviewCases: [ReviewCase] {
        (caseHistory?.ledger.cases ?? []).filter { gas == nil || $0.finding.gas == gas }
    }

    /// The facilities of T7 with the ids of their cases.
    func residuals(_ cases: [ReviewCase]) -> [FacilityResiduals] {
        content.residuals.map { residuals in
            var residuals = residuals
            let own = cases.filter {
                $0.finding.subject.english == residuals.facility.english && $0.subjectKind != .region
            }
            residuals.cases = own.map(\.finding.id)
            return residuals
        }
    }

    /// What the findings of a report do to its history; nil where the case does not ask for cases to be opened.
    func pendingCases(_ openings: [CaseOpening]) throws -> PendingCases? {
        guard plan.opensCases, let history = caseHistory else { return nil }
        return try PendingCases(history, openings: openings, gas: gas)
    }
}

extension FacilityResiduals {
    fileprivate init(_ review: FacilityReview, _ rules: FacilityRules, inputs: [String]) {
        self.init(
            facility: review.observations.facility,
            unit: LocalizedName(english: review.observations.unit),
            charts: review.charts.map { Chart($0, $1, review.runs) },
            rules: rules,
            inputs: inputs
        )
    }
}

extension FacilityResiduals.Chart {
    fileprivate init(_ kind: Evidence.Kind, _ chart: ResidualChart, _ runs: [FacilityReview.Run]) {
        let points = chart.points
        let cumulative = points.first { $0.cumulativeSignal != .none }
        let average = points.first { $0.averageSignal != .none }
        let lasting = runs.last { $0.kind == kind }
        self.init(
            kind: kind,
            observations: chart.observationCount,
            meanScore: points.reduce(0) { $0 + $1.zScore } / Double(points.count),
            alarms: (
                cumulative.map { Alarm(time: $0.time, signal: $0.cumulativeSignal) },
                average.map { Alarm(time: $0.time, signal: $0.averageSignal) }
            ),
            lastingDays: lasting?.days.count ?? 0,
            points: points.map { Point(time: $0.time, high: $0.cumulativeHigh, low: $0.cumulativeLow) }
        )
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
    /// The history with them.
    private let extended: ReviewCasesFile

    init(_ history: ReviewCasesFile, openings: [CaseOpening], gas: Gas?) throws {
        self.history = history
        var ledger = history.ledger
        changes = try CaseChanges(openings, in: &ledger, at: .now())
        extended = try history.appended(changes.events)
        cases = ledger.cases.filter { gas == nil || $0.finding.gas == gas }
    }

    /// SHA-256 of the whole history with them.
    var sha256: String { extended.sha256 }

    public var summary: CaseChangesSummary {
        CaseChangesSummary(changes, file: history.path, head: extended.head)
    }

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
    /// Cases that are closed and know what would have opened them, counted in `unchanged` too.
    public let closed: [String]

    public init(_ changes: CaseChanges, file: String, head: String) {
        self.file = file
        self.head = head
        opened = changes.opened
        extended = changes.extended
        unchanged = changes.unchanged
        closed = changes.closed
    }
}
