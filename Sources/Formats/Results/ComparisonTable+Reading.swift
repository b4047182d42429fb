import Inventory
import Quantities
import Verification

extension ComparisonTable {
    private static let wanted = [
        "region", "unit", "inventory", "inventory_sigma", "prior", "prior_sigma", "posterior",
        "posterior_sigma",
    ]

    /// Reads totals from a CSV file with a header and compares them anew. Columns other than those of
    /// ``columns`` up to `posterior_sigma` are ignored.
    ///
    /// - Parameter inventoryIsPrior: whether the inventory was the prior of the inversion.
    /// - Throws: ``TableError`` naming line and column.
    public init(csvFile file: String, inventoryIsPrior: Bool) throws(TableError) {
        self.init(language: .english)
        let table = try CSVTable(
            try TableBytes.read(file),
            file: file,
            columns: Self.wanted,
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
        }
        guard !rows.isEmpty else {
            throw TableError(file: file, reason: "the table has no rows", remedy: "give at least one region")
        }
    }

    /// A row names a region, and names it once in a unit: two figures of one region would both be judged.
    private static func requireNew(_ row: TableRow, in seen: inout [[String]: Int]) throws(TableError) {
        let region = row.text("region")
        guard !region.isEmpty else { throw row.bad("region", "the region is blank") }
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
            let finite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
            return Estimate(
                mean: try row.number(column, in: finite, "a usable number"),
                standardDeviation: try row.number(sigma, in: 0...finite.upperBound, "a usable number")
            )
        }
        return Comparison(
            region: LocalizedName(english: row.text("region")),
            inventory: try estimate("inventory"),
            prior: try estimate("prior"),
            posterior: try estimate("posterior"),
            inventoryIsPrior: inventoryIsPrior
        )
    }
}
