import CSV
import Foundation
import Inventory
import Quantities

/// The rows of a small table with a header, each field asked for by the name of its column.
struct TableRows {
    let file: String
    let rows: [TableRow]

    /// - Parameters:
    ///   - columns: names with their other spellings; a table may have any of them.
    ///   - required: those it must have.
    /// - Throws: ``AccountingError`` for files that cannot be read, unknown, doubled or missing columns and rows of
    ///   another length.
    init(
        csvFile file: String,
        columns: [String: [String]],
        required: [String]
    ) throws(AccountingError) {
        var lines = CSVLines(try TableBytes.read(file))
        self.file = file
        guard let header = try Self.fields(&lines, file) else {
            throw AccountingError(
                .unusable("the table is empty", remedy: "give a header and rows"),
                at: TablePlace(file: file)
            )
        }
        let places = try Self.places(header, columns, required, file)
        var rows: [TableRow] = []
        while let fields = try Self.fields(&lines, file) {
            if fields.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { continue }
            let place = TablePlace(file: file, line: lines.line)
            guard fields.count == header.count else {
                let problem = "\(fields.count) fields where the header has \(header.count)"
                throw AccountingError(
                    .unusable(problem, remedy: "put fields that contain commas in quotes"),
                    at: place
                )
            }
            rows.append(TableRow(place: place, values: places.mapValues { fields[$0] }))
        }
        self.rows = rows
    }

    private static func fields(_ lines: inout CSVLines, _ file: String) throws(AccountingError) -> [String]? {
        do { return try lines.next() } catch {
            throw AccountingError(
                .unusable(error.description, remedy: "check the quotes of this line"),
                at: TablePlace(file: file, line: lines.line)
            )
        }
    }

    private static func places(
        _ header: [String],
        _ columns: [String: [String]],
        _ required: [String],
        _ file: String
    ) throws(AccountingError) -> [String: Int] {
        var places: [String: Int] = [:]
        let top = TablePlace(file: file, line: 1)
        for (index, title) in header.enumerated() {
            let plain = title.lowercased().filter { !$0.isWhitespace }
            guard let name = columns.first(where: { $0.key == plain || $0.value.contains(plain) })?.key else {
                let known = columns.keys.sorted()
                throw AccountingError(
                    .unknownWord(title, nearest: nearest(to: plain, among: known), known: known),
                    at: top.at(title)
                )
            }
            guard places.updateValue(index, forKey: name) == nil else {
                throw AccountingError(
                    .unusable("column `\(name)` is there twice", remedy: "keep one"),
                    at: top.at(title)
                )
            }
        }
        if let missing = required.first(where: { places[$0] == nil }) {
            throw AccountingError(
                .missingColumn(missing, nearest: nearest(to: missing, among: header)),
                at: top
            )
        }
        return places
    }
}

/// One row; the place of every field is known.
struct TableRow {
    let place: TablePlace
    let values: [String: String]

    /// Empty where the table has no such column or leaves the field blank.
    func text(_ column: String) -> String {
        let text = values[column] ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func requiredText(_ column: String) throws(AccountingError) -> String {
        let text = text(column)
        guard !text.isEmpty else { throw AccountingError(.missingValue, at: place.at(column)) }
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
