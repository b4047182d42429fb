import Formats
import Foundation
import Geo
import Quantities
public import Report
import Verification

/// Makes and writes the report of a ``VerificationCase``.
public struct VerificationRun: Sendable {
    public let definition: VerificationCase
    /// The command as it was given, for the lineage.
    public let command: String

    public init(definition: VerificationCase, command: String) {
        self.definition = definition
        self.command = command
    }

    /// - Returns: the paths of the files, pages last.
    /// - Throws: a `Fault` that names file, line and column. Nothing is written unless everything was read.
    public func write(to directory: String) async throws -> [String] {
        try await write(try outcome(), to: directory)
    }

    /// Writes a report and then, in their places, its files; what it opens is in the history before.
    public func write(_ outcome: VerificationOutcome, to directory: String) async throws -> [String] {
        let files = ReportFiles(report: outcome.report)
        let folder = try OutputFolder(creating: directory)
        do {
            try await files.write(into: folder)
            try outcome.cases?.append()
            return try folder.publish(files.names)
        } catch {
            folder.discard()
            throw error
        }
    }

    public func report() throws -> VerificationReport { try outcome().report }

    /// The report, and the cases it opens once it is written.
    public func outcome() throws -> VerificationOutcome {
        var builder = ReportContentBuilder(
            definition.plan,
            gas: definition.gas,
            period: definition.period
        )
        try builder.build()
        let (groups, rows) = try groups(&builder)
        let map = try ReportMapPlan(
            plan: definition.plan,
            box: definition.box,
            credit: definition.boundaryCredit
        )
        .map(&builder)
        builder.nameRegions()
        var findings = ReportFindings(
            groups: groups,
            caseInputs: builder.reviewInputs,
            openParts: alignment?.openParts ?? [:]
        )
        findings.said = rows.map { $0.map(\.circumstances) }
        findings.facilities = builder.facilities
        findings.names = builder.names
        let pending = try builder.pendingCases(openings(findings, rows))
        findings.cases = pending?.cases ?? builder.reviewCases
        builder.content.findings += findings.rows()
        builder.content.residuals = builder.residuals(findings.cases)
        var report = VerificationReport(
            title: definition.title,
            summary: definition.summary,
            gas: definition.gas,
            period: definition.period,
            groups: groups,
            map: map,
            fit: [],
            fitUnit: "",
            states: [],
            diagnostics: [],
            observations: [],
            caveats: definition.caveats + builder.caveats,
            provenance: try provenance(builder.inputs + [builder.reviewInput(pending)].compactMap(\.self))
        )
        report.region = definition.plan.region
        report.content = builder.content
        return VerificationOutcome(report: report, cases: pending)
    }

    /// Nothing without a gas and a period: a finding must say what it is about.
    private func openings(_ findings: ReportFindings, _ rows: [[ComparisonTable.Row]]) -> [CaseOpening] {
        guard let gas = definition.gas, let period = definition.period else { return [] }
        return findings.openings(gas: gas, period: period, source: definition.name) { rows[$0][$1].origin }
    }

    /// Nil for a table without a case: it has neither steps nor what they are about.
    private var alignment: ScopeAlignment? {
        guard let gas = definition.gas, let period = definition.period else { return nil }
        return ScopeAlignment(
            plans: definition.plan.alignments,
            gas: gas,
            period: period,
            file: definition.file
        )
    }

    /// Groups by unit, and the rows they were read from.
    private func groups(
        _ builder: inout ReportContentBuilder
    ) throws -> (groups: [ComparisonGroup], rows: [[ComparisonTable.Row]]) {
        guard let plan = definition.plan.comparisons else {
            try definition.plan.requireFacilities(among: [], file: definition.file)
            try alignment?.requireQuantities(among: [])
            return ([], [])
        }
        let table = try ComparisonTable(
            csvFile: plan.file,
            inventoryIsPrior: plan.inventoryIsPrior,
            readsCircumstances: true
        )
        try definition.plan.requireFacilities(among: table.rows.map(\.region), file: definition.file)
        let inputs = builder.use(plan.file, .table, plan.credit)
        try alignment?.requireQuantities(among: table.rows.map(\.region))
        for row in table.rows { builder.names.learn(row.comparison.region) }
        var units: [String] = []
        for row in table.rows where !units.contains(row.unit) { units.append(row.unit) }
        let groups = try units.map { unit in
            let rows = table.rows.filter { $0.unit == unit }
            let comparisons = try rows.map { row in
                var comparison = row.comparison
                comparison.region = builder.names.named(comparison.region)
                guard let alignment else { return comparison }
                let aligned = try alignment.aligned(
                    comparison,
                    unit: LocalizedName(english: unit),
                    inventoryIsPrior: plan.inventoryIsPrior
                )
                builder.content.scope += aligned.facts
                return aligned.comparison
            }
            var group = ComparisonGroup(
                title: LocalizedName(english: "Totals, \(unit)", chinese: "总量，\(unit)"),
                unit: LocalizedName(english: unit),
                comparisons: comparisons,
                correlations: []
            )
            group.facilities = rows.indices.filter { definition.plan.facilities.contains(rows[$0].region) }
            group.inputs = inputs
            return group
        }
        return (groups, units.map { unit in table.rows.filter { $0.unit == unit } })
    }

    private func provenance(_ inputs: [CaseInput]) throws -> Provenance {
        let own =
            definition.text.isEmpty ? [] : [CaseInput(role: .definition, path: definition.file, credit: "")]
        return Provenance(
            software: "crosswind \(Version.current)",
            command: command,
            configuration: definition.text,
            inputs: try (inputs + own).map { try $0.provenance() },
            environment: []
        )
    }
}

/// A report from tables and what it opens.
public struct VerificationOutcome: Sendable {
    public let report: VerificationReport
    /// Nil where the case asks for none.
    public let cases: PendingCases?
}

extension CaseInput {
    /// With the digest of the file where none was computed before.
    func provenance() throws -> Provenance.Input {
        Provenance.Input(
            role: role.name,
            name: URL(filePath: path).lastPathComponent,
            sha256: try digest ?? SHA256.hexDigest(ofFile: path),
            credit: credit
        )
    }
}
