import CSV
public import Inventory
import Quantities

/// One row of a table; the place of every field is known.
public struct TableRow: Sendable {
    public let place: TablePlace
    /// As many as the header has names, where the table is not uneven.
    public let fields: [String]
    let places: [String: Int]

    /// Empty where the table has no such column or leaves the field blank.
    func text(_ column: String) -> String {
        guard let place = places[column], place < fields.count else { return "" }
        return fields[place]
    }

    /// Nil where ``text(_:)`` is empty.
    func optionalText(_ column: String) -> String? {
        let text = text(column)
        return text.isEmpty ? nil : text
    }

    func instant(_ column: String) throws(TableError) -> Instant {
        guard let instant = Instant(iso8601: text(column)) else {
            throw bad(column, not: "an ISO 8601 time with zone such as 2021-07-25T12:00:00Z")
        }
        return instant
    }

    /// - Parameter expected: what the range is, in words.
    func number(
        _ column: String,
        in range: ClosedRange<Double>,
        _ expected: String
    ) throws(TableError) -> Double {
        guard let value = decimal(text(column)), range.contains(value) else {
            throw bad(column, not: expected)
        }
        return value
    }

    /// What is wrong with the field of a column.
    public func bad(_ column: String, _ problem: String, remedy: String? = nil) -> TableError {
        let remedy = remedy ?? "correct the field, or leave the row out"
        return TableError(.unusable(problem, remedy: remedy), at: place.at(column))
    }

    func bad(_ column: String, not expected: String) -> TableError {
        bad(column, "\(column) `\(text(column))` is not \(expected)")
    }
}

/// A number with a decimal point; nil for blanks, words, thousands separators and decimal commas.
func decimal(_ text: String) -> Double? {
    decimalNumber(text.utf8.span)
}
