import Formats
import Quantities
import Report

/// Whether the parts of an uncertainty budget agree with each other.
enum BudgetCheck {
    /// For what rounding leaves of a sum of shares.
    private static let slack = 1e-6
    /// Shares are often given to two digits.
    private static let greatestContradiction = 0.02

    /// A share is a fraction of the variance, and the parts of a quantity are no more than the whole; a row of share 1
    /// is the whole.
    static func requireShares(_ rows: [BudgetRow], _ table: CSVTable) throws(TableError) {
        var sums: [[String]: Double] = [:]
        for (row, place) in zip(rows, table.rows) where !row.share.isNaN {
            guard (0...1).contains(row.share) else {
                throw place.bad(
                    "share",
                    "\(row.share) is no fraction of the variance",
                    remedy: "give a number from 0 to 1, 0.05 for 5 %"
                )
            }
            guard row.share < 1 else { continue }
            let sum = sums[key(row), default: 0] + row.share
            guard sum <= 1 + slack else {
                throw place.bad(
                    "share",
                    "the shares of `\(row.quantity.english)` add up to more than 1 here",
                    remedy: "give the shares of one variance"
                )
            }
            sums[key(row)] = sum
        }
    }

    /// Quantities whose shares are not those of the squares of their standard deviations.
    static func contradictions(_ rows: [BudgetRow], file: String) -> [LocalizedName] {
        var quantities: [LocalizedName] = []
        for row in rows where !quantities.contains(row.quantity) { quantities.append(row.quantity) }
        let contradicted = quantities.filter { quantity in
            let own = rows.filter { $0.quantity == quantity && $0.share.isFinite && $0.share < 1 }
            let parts = own.filter { $0.standardDeviation.isFinite }
            guard parts.count == own.count, Set(parts.map(key)).count == 1 else { return false }
            let shares = parts.reduce(0) { $0 + $1.share }
            let variance = parts.reduce(0) { $0 + $1.standardDeviation * $1.standardDeviation } / shares
            return parts.contains { part in
                let share = part.standardDeviation * part.standardDeviation / variance
                return abs(share - part.share) > greatestContradiction
            }
        }
        guard !contradicted.isEmpty else { return [] }
        let english = contradicted.map(\.english).joined(separator: ", ")
        let chinese = contradicted.map(\.chinese).joined(separator: "、")
        return [
            LocalizedName(
                english: "\(file): the shares of \(english) are not those of "
                    + "the squares of the standard uncertainties beside them; one of the two is wrong.",
                chinese: "\(file)：\(chinese)的方差占比与所列标准不确定度的平方不一致，"
                    + "二者必有一误。"
            )
        ]
    }

    private static func key(_ row: BudgetRow) -> [String] { [row.quantity.english, row.unit.english] }
}
