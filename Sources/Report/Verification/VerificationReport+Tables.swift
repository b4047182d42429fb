import Quantities
import Verification

extension VerificationReport {
    /// T1 to T14 in their order; a table without data says why.
    public var tables: [ReportTable] { TableCode.allCases.map(table) }

    func table(_ code: TableCode) -> ReportTable {
        let table: ReportTable? =
            switch code {
            case .scope: scopeTable
            case .observations: observationTable
            case .inventory: inventoryTable
            case .result: comparisonTable(.result)
            case .subRegions: comparisonTable(.subRegions) ?? databaseTable
            case .sectors: comparisonTable(.sectors)
            case .facilities: facilityTable
            case .trend: trendTable
            case .sensitivity: sensitivityTable
            case .fit: fitTable
            case .budget: budgetTable
            case .reasons: reasonTable
            case .targets: targetTable
            case .lineage: lineageTable
            }
        return table ?? ReportTable(code, absent: absence(code))
    }

    /// What the case says, or what is missing in general.
    func absence(_ code: TableCode) -> LocalizedName {
        content.absences[code.label] ?? TemplateText.absence(code)
    }

    func absence(_ code: FigureCode) -> LocalizedName {
        content.absences[code.label] ?? TemplateText.absence(code)
    }

    /// Nil instead of a table without rows.
    func table(
        _ code: TableCode,
        _ columns: [ReportTable.Column],
        _ rows: [ReportTable.Row],
        _ notes: [LocalizedName] = []
    ) -> ReportTable? {
        rows.isEmpty ? nil : ReportTable(code, columns: columns, rows: rows, notes: notes)
    }

    /// Where a compared quantity stands in the tables.
    func reference(group: Int, row: Int) -> String {
        let role = groups[group].role
        let before = groups[..<group].filter { $0.role == role }.reduce(0) { $0 + $1.comparisons.count }
        return "\(role.table.label)-\(before + row + 1)"
    }
}

// MARK: - T4 to T6

extension VerificationReport {
    private func comparisonTable(_ role: ComparisonGroup.Role) -> ReportTable? {
        let groups = groups.filter { $0.role == role && !$0.comparisons.isEmpty }
        let hasTruth = groups.contains { $0.comparisons.contains { $0.truth != nil } }
        let rows = groups.flatMap { group in
            group.comparisons.map { comparison in
                ReportTable.Row(
                    Self.cells(comparison, unit: group.unit, hasTruth: hasTruth),
                    group: groups.count > 1 ? group.title : nil,
                    inputs: group.inputs
                )
            }
        }
        var columns = Columns.comparison
        if hasTruth { columns.insert(Columns.truth, at: 5) }
        return table(role.table, columns, rows, [TemplateText.verdictRule])
    }

    private static func cells(
        _ comparison: Comparison,
        unit: LocalizedName,
        hasTruth: Bool
    ) -> [ReportTable.Cell] {
        let difference = Estimate(
            mean: comparison.difference,
            standardDeviation: comparison.differenceSigma
        )
        var cells: [ReportTable.Cell] = [
            .text(comparison.region), .text(unit), .estimate(comparison.inventory),
            .estimate(comparison.prior),
            .estimate(comparison.posterior), .estimate(difference),
            .share(comparison.difference / abs(comparison.inventory.mean)),
            .signed(comparison.zScore, decimals: 2), .share(comparison.uncertaintyReduction),
            .verdict(comparison.verdict, comparison.reservation),
        ]
        if hasTruth { cells.insert(comparison.truth.map { .number($0) } ?? .empty, at: 5) }
        return cells
    }
}
