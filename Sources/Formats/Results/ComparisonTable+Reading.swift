import Inventory
import Quantities
import Verification

extension ComparisonTable {
    /// No total of any gas in any unit is larger: what is, was misread.
    private static let greatestNumber = 1e20

    private static let wanted = [
        "region", "unit", "inventory", "inventory_sigma", "prior", "prior_sigma", "posterior",
        "posterior_sigma",
    ]

    /// Reads totals from a CSV file with a header and compares them anew. Columns other than those of
    /// ``columns`` up to `posterior_sigma` are ignored but for `region_zh`, the Chinese name of the region.
    ///
    /// - Parameters:
    ///   - inventoryIsPrior: whether the inventory was the prior of the inversion.
    ///   - readsCircumstances: whether the columns `metered`, `chi2_per_observation` and `quality` are read where the
    ///     table has them.
    /// - Throws: ``TableError`` naming line and column.
    public init(
        csvFile file: String,
        inventoryIsPrior: Bool,
        readsCircumstances: Bool = false
    ) throws(TableError) {
        self.init(language: .english)
        let bytes = try TableBytes.read(file)
        let source = EvidenceSource(file: file, bytes: bytes)
        let table = try CSVTable(
            bytes,
            file: file,
            columns: Self.wanted + ["region_zh"]
                + (readsCircumstances ? ReviewAdvice.Circumstances.columns : []),
            required: Self.wanted,
            form: .otherColumns
        )
        var seen: [[String]: Int] = [:]
        for row in table.rows {
            try Self.requireNew(row, in: &seen)
            append(
                [try Self.comparison(row, inventoryIsPrior)],
                unit: LocalizedName(english: row.text("unit"))
            )
            rows[rows.count - 1].origin = source.origin(of: row)
            if readsCircumstances {
                rows[rows.count - 1].circumstances = try ReviewAdvice.Circumstances(row)
            }
        }
        guard !rows.isEmpty else {
            throw TableError(file: file, reason: "the table has no rows", remedy: "give at least one region")
        }
    }

    /// A row names a region, and names it once in a unit: two figures of one region would both be judged.
    private static func requireNew(_ row: TableRow, in seen: inout [[String]: Int]) throws(TableError) {
        let region = row.text("region")
        guard !region.isEmpty else { throw row.bad("region", "the region is blank") }
        guard !row.text("unit").isEmpty else { throw row.bad("unit", "the unit is blank") }
        if let first = seen.updateValue(row.place.line ?? 0, forKey: [region, row.text("unit")]) {
            throw row.bad("region", "the region `\(region)` is given twice, first in line \(first)")
        }
    }

    private static func comparison(
        _ row: TableRow,
        _ inventoryIsPrior: Bool
    ) throws(TableError) -> Comparison {
        func estimate(_ column: String) throws(TableError) -> Estimate {
            let sigma = column + "_sigma"
            // A blank uncertainty is not known: the region is told as not constrained.
            return Estimate(
                mean: try row.number(column, in: -greatestNumber...greatestNumber, "a usable number"),
                standardDeviation: row.optionalText(sigma) == nil
                    ? .nan : try row.number(sigma, in: 0...greatestNumber, "a usable number")
            )
        }
        let chinese = row.text("region_zh")
        return Comparison(
            region: LocalizedName(english: row.text("region"), chinese: chinese.isEmpty ? nil : chinese),
            inventory: try estimate("inventory"),
            prior: try estimate("prior"),
            posterior: try estimate("posterior"),
            inventoryIsPrior: inventoryIsPrior
        )
    }
}
