import Formats
import Quantities
import Report
import Verification

// T13.
extension ReportContentBuilder {
    /// Columns as those of T13; `base` and `progress` where known, and progress computed where a base is given.
    mutating func addTargets() throws {
        guard let file = plan.targets else { return }
        let table = try CSVTable.ofCase(file)
        let inputs = use(file, .table)
        content.targets = try table.rows.map { row in
            func year(_ column: String) throws -> Int? {
                try table.text(row, column).isEmpty ? nil : try table.year(row, column)
            }
            var target = TargetRow(
                indicator: try table.name(row, "indicator"),
                region: try table.name(row, "region"),
                kind: try table.name(row, "kind"),
                unit: try table.name(row, "unit"),
                years: (try year("base_year"), try table.year(row, "target_year"), try year("actual_year")),
                values: (
                    try table.number(row, "target"), try table.number(row, "actual"),
                    try Self.progress(table, row)
                ),
                source: try table.name(row, "source"),
                inputs: inputs
            )
            if try table.has("base") { target.base = try table.number(row, "base") }
            try Self.requireOrder(target, table, row)
            return target
        }
    }

    private static func progress(_ table: CSVTable, _ row: TableRow) throws -> Double {
        let base = try table.has("base") ? table.number(row, "base") : .nan
        let printed = try table.has("progress") ? table.number(row, "progress") : .nan
        let (target, actual) = (try table.number(row, "target"), try table.number(row, "actual"))
        guard target.isFinite else { throw row.bad("target", "a target without a value") }
        do throws(TargetProgress.Problem) {
            return try TargetProgress(base: base, target: target, actual: actual, printed: printed).share
        } catch {
            switch error {
            case .targetIsBase: throw row.bad("base", "the target is the base: there is no way to go")
            case .disagrees(let printed, let computed):
                let problem = "\(printed), where base, target and actual give \(computed)"
                throw row.bad("progress", problem)
            }
        }
    }

    private static func requireOrder(_ target: TargetRow, _ table: CSVTable, _ row: TableRow) throws {
        guard let base = target.baseYear else { return }
        if target.targetYear <= base {
            throw row.bad("target_year", "the target year is not after the base year")
        }
        if let actual = target.actualYear, actual < base {
            throw row.bad("actual_year", "the year reached is before the base year")
        }
    }
}
