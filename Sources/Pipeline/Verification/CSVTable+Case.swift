import Formats
import Quantities

/// Tables of a case, whose rows are asked for by the names of columns that the case gives.
extension CSVTable {
    /// - Throws: ``TableError`` also for a table without rows.
    static func ofCase(_ file: String) throws(TableError) -> CSVTable {
        let table = try CSVTable(file)
        guard !table.rows.isEmpty else {
            throw TableError(file: file, reason: "the table has no rows", remedy: "give at least one row")
        }
        return table
    }

    func has(_ column: String) throws(TableError) -> Bool { try optionalColumn([column]) != nil }

    func text(_ row: TableRow, _ column: String) throws(TableError) -> String {
        row.fields[try self.column(column)]
    }

    /// The text of a column with its Chinese one beside it, `column_zh`.
    func name(_ row: TableRow, _ column: String) throws(TableError) -> LocalizedName {
        let chinese = try optionalColumn([column + "_zh"]).map { row.fields[$0] } ?? ""
        return LocalizedName(english: try text(row, column), chinese: chinese.isEmpty ? nil : chinese)
    }

    /// NaN where the field is empty.
    func number(_ row: TableRow, _ column: String) throws(TableError) -> Double {
        let place = try self.column(column)
        return row.fields[place].isEmpty ? .nan : try number(row, place)
    }

    /// The first four digits of a year or a date.
    func year(_ row: TableRow, _ column: String) throws(TableError) -> Int {
        let field = try text(row, column)
        guard let year = Int(field.prefix(4)), (1000...9999).contains(year) else {
            throw row.bad(column, "`\(field)` does not begin with a year")
        }
        return year
    }
}
