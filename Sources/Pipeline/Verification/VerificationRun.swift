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
        let files = ReportFiles(report: try report())
        let folder = try OutputFolder(creating: directory)
        do {
            try await files.write(into: folder)
            return try folder.publish(files.names)
        } catch {
            folder.discard()
            throw error
        }
    }

    public func report() throws -> VerificationReport {
        var builder = ReportContentBuilder(
            definition.plan,
            gas: definition.gas,
            period: definition.period
        )
        try builder.build()
        let groups = try groups(&builder)
        let map = try ReportMapPlan(
            plan: definition.plan,
            box: definition.box,
            credit: definition.boundaryCredit
        )
        .map(&builder)
        builder.content.findings +=
            ReportFindings(
                groups: groups,
                cases: builder.reviewCases,
                caseInputs: builder.reviewInputs,
                openParts: alignment?.openParts ?? [:]
            ).rows()
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
            provenance: try provenance(builder.inputs)
        )
        report.region = definition.plan.region
        report.content = builder.content
        return report
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

    private func groups(_ builder: inout ReportContentBuilder) throws -> [ComparisonGroup] {
        guard let plan = definition.plan.comparisons else {
            try definition.plan.requireFacilities(among: [], file: definition.file)
            try alignment?.requireQuantities(among: [])
            return []
        }
        let table = try ComparisonTable(csvFile: plan.file, inventoryIsPrior: plan.inventoryIsPrior)
        try definition.plan.requireFacilities(among: table.rows.map(\.region), file: definition.file)
        let inputs = builder.use(plan.file, .table, plan.credit)
        try alignment?.requireQuantities(among: table.rows.map(\.region))
        var units: [String] = []
        for row in table.rows where !units.contains(row.unit) { units.append(row.unit) }
        return try units.map { unit in
            let rows = table.rows.filter { $0.unit == unit }
            let comparisons = try rows.map { row in
                guard let alignment else { return row.comparison }
                let aligned = try alignment.aligned(
                    row.comparison,
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
