import Formats
import Foundation
import Quantities

/// A table for people in two languages and for programs as CSV, made of one set of cells.
struct ReadableTable {
    enum Cell {
        case text(String)
        /// What CSV has, and what people read.
        case name(String, LocalizedName)
        /// t, with half of the 95 % interval where known.
        case mass(Double, halfWidth: Double?)
        /// Percent to two digits; nil for none.
        case percent(Double?)
        case number(Double?)
        /// As a table prints it, with up to nine digits; nil for none.
        case exact(Double?)
    }

    struct Column {
        let key: String
        let name: LocalizedName
        /// Its header tells the unit of the masses.
        var isMass = false

        init(_ key: String, _ english: String, _ chinese: String, isMass: Bool = false) {
            self.key = key
            name = LocalizedName(english: english, chinese: chinese)
            self.isMass = isMass
        }
    }

    /// The name of its CSV file without extension.
    let id: String
    let title: LocalizedName
    let columns: [Column]
    let rows: [[Cell]]
    var notes: [LocalizedName] = []
    /// In place of the cells, where programs get more than people read.
    var ownCSV: String?

    /// Title, header and aligned rows.
    func text(_ language: Language, _ scale: MassScale) -> String {
        let header = columns.map { $0.isMass ? "\($0.name[language]) (\(scale.unit))" : $0.name[language] }
        let body = rows.map { row in row.map { shown($0, language, scale) } }
        let table = AlignedTable.text(header: header, rows: body, left: Set(columns.indices.filter(isWords)))
        let lines = [title[language], table.replacing(#/ +(?=\n|$)/#, with: "")]
        return (lines + notes.map { $0[language] }).joined(separator: "\n")
    }

    /// Words stand to the left, figures to the right.
    private func isWords(_ column: Int) -> Bool {
        rows.contains { row in
            switch row[column] {
            case .text, .name: true
            case .mass, .percent, .number, .exact: false
            }
        }
    }

    private func shown(_ cell: Cell, _ language: Language, _ scale: MassScale) -> String {
        switch cell {
        case .text(let text): text
        case .name(_, let name): name[language]
        case .mass(let value, let halfWidth): scale.text(value, halfWidth: halfWidth)
        case .percent(let value): AmountFigure.percent(value)
        case .number(let value): value.map { AmountFigure.significant($0) } ?? "-"
        case .exact(let value): value.map(AmountFigure.exact) ?? "-"
        }
    }

    /// Stable keys, masses in t with a column `KEY_half95` beside each, numbers with all their digits.
    var csv: String {
        if let ownCSV { return ownCSV }
        let header = columns.flatMap { $0.isMass ? ["\($0.key)_t", "\($0.key)_half95_t"] : [$0.key] }
        let body = rows.map { row in row.flatMap(Self.fields) }
        return ([header] + body).map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
    }

    private static func fields(_ cell: Cell) -> [String] {
        func digits(_ value: Double?) -> String {
            guard let value, value.isFinite else { return "" }
            return "\(value)"
        }
        switch cell {
        case .text(let text): return [text]
        case .name(let key, _): return [key]
        case .mass(let value, let halfWidth): return [digits(value), digits(halfWidth)]
        case .percent(let value), .number(let value), .exact(let value): return [digits(value)]
        }
    }
}
