import Inventory
import Quantities

/// The rows of a table of an account.
struct TableRows {
    let rows: [TableRow]

    /// - Parameters:
    ///   - columns: those the table may have.
    ///   - spellings: their other names.
    /// - Throws: ``AccountingError`` for what ``CSVTable`` refuses.
    init(
        csvFile file: String,
        columns: [String],
        spellings: [String: [String]] = [:],
        required: [String]
    ) throws(AccountingError) {
        do throws(TableError) {
            rows = try CSVTable(
                try TableBytes.read(file),
                file: file,
                columns: columns,
                spellings: spellings,
                required: required
            ).rows
        } catch { throw AccountingError(error) }
    }

    /// The same with columns and their other names in one.
    init(
        csvFile file: String,
        columns: [String: [String]],
        required: [String]
    ) throws(AccountingError) {
        let names = required + columns.keys.filter { !required.contains($0) }.sorted()
        try self.init(csvFile: file, columns: names, spellings: columns, required: required)
    }
}

extension AccountingError {
    init(_ error: TableError) {
        let kind: Kind =
            switch error.kind {
            case .noSuchFile: .noSuchFile
            case .unreadable: .unreadable(error.what)
            default: .unusable(error.what, remedy: error.remedy)
            }
        self.init(kind, at: error.at)
    }
}

extension TableRow {
    func requiredText(_ column: String) throws(AccountingError) -> String {
        guard let text = optionalText(column) else {
            throw AccountingError(.missingValue, at: place.at(column))
        }
        return text
    }

    /// Nil where blank.
    func signedNumber(_ column: String) throws(AccountingError) -> Double? {
        let text = text(column)
        do { return try AmountText.number(text) } catch {
            throw AccountingError(.badNumber(text, reason: error.reason), at: place.at(column))
        }
    }

    /// Nil where blank; numbers below zero are refused, for few columns of these tables have any.
    func number(_ column: String) throws(AccountingError) -> Double? {
        let number = try signedNumber(column)
        if let number, number < 0 {
            throw AccountingError(.badNumber(text(column), reason: "below zero"), at: place.at(column))
        }
        return number
    }

    func requiredNumber(_ column: String) throws(AccountingError) -> Double {
        guard let number = try number(column) else {
            throw AccountingError(.missingValue, at: place.at(column))
        }
        return number
    }

    func whole(_ column: String) throws(AccountingError) -> Int {
        guard let whole = Int(exactly: try requiredNumber(column)) else {
            throw AccountingError(.badNumber(text(column), reason: "a whole number"), at: place.at(column))
        }
        return whole
    }

    func term<Term: TableTerm>(_ column: String, _ type: Term.Type) throws(AccountingError) -> Term {
        let text = try requiredText(column)
        guard let term = Term(spelling: text) else {
            throw AccountingError(
                .unknownWord(text, nearest: nearest(to: text, among: Term.words), known: Term.words),
                at: place.at(column)
            )
        }
        return term
    }
}
