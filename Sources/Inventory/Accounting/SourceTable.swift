public import Quantities

/// A table taken from a source document, as texts under its header.
public struct SourceTable: Sendable {
    public let name: String
    public let header: [String]
    public let rows: [[String]]

    public init(name: String, header: [String], rows: [[String]]) {
        self.name = name
        self.header = header
        self.rows = rows
    }

    /// The texts of a column; empty when there is none.
    func column(_ name: String) -> [String] {
        guard let index = header.firstIndex(of: name) else { return [] }
        return rows.map { $0.indices.contains(index) ? $0[index] : "" }
    }

    /// Nil where a field is blank or no number.
    func numbers(_ name: String) -> [Double?] {
        column(name).map { text in (try? AmountText.number(text)) ?? nil }
    }

    /// Places of the rows with a text in a column.
    func places(where column: String, is text: String) -> [Int] {
        self.column(column).enumerated().filter { $0.element == text }.map(\.offset)
    }

    /// One number by the text of another column.
    func number(_ name: String, where column: String, is text: String) -> Double? {
        guard let place = places(where: column, is: text).first else { return nil }
        let numbers = numbers(name)
        return numbers.indices.contains(place) ? numbers[place] : nil
    }
}

/// One check of a source document: what it prints beside what its own numbers give. Nothing is repaired.
public struct SourceFinding: Hashable, Codable, Sendable {
    public enum Verdict: String, Codable, Hashable, Sendable {
        /// The numbers agree within the rounding of the print.
        case reproduced
        /// They agree within the rounding of sums, yet not digit by digit.
        case rounding
        /// The document contradicts itself or what is known.
        case defect
        /// Two different quantities go by one name.
        case definition
        /// Not enough is printed to tell.
        case notReproducible = "not_reproducible"
        /// The table is not there.
        case missingTable = "missing_table"
    }

    /// Of the list of checks: A1 to A8 are expected to agree, B1 to B12 are known defects and their guards.
    public let id: String
    public let verdict: Verdict
    /// Name of the table and the row or column it is about.
    public let table: String
    public let row: String
    /// As printed; nil where words are in question.
    public let printed: Double?
    public let computed: Double?
    public let unit: String
    /// How far both may differ by rounding.
    public let tolerance: Double
    public let text: LocalizedName

    init(
        _ id: String,
        _ verdict: Verdict,
        table: String,
        row: String,
        printed: Double? = nil,
        computed: Double? = nil,
        unit: String = "",
        tolerance: Double = 0,
        _ english: String,
        _ chinese: String
    ) {
        self.id = id
        self.verdict = verdict
        self.table = table
        self.row = row
        self.printed = printed
        self.computed = computed
        self.unit = unit
        self.tolerance = tolerance
        text = LocalizedName(english: english, chinese: chinese)
    }
}
