import Quantities
import Verification

extension ReportTable {
    /// A cell of a file: what CSV, JSON and NetCDF hold.
    enum Field {
        case text(String)
        case number(Double)
    }

    /// One column of the table as one or several columns of a file.
    struct FieldColumn {
        let key: String
        let title: LocalizedName
        let isNumber: Bool
        let fields: [Field]
    }

    /// The columns of the files, in order; texts in English with a second column `_zh` where the Chinese differs.
    var fieldColumns: [FieldColumn] {
        columns.indices.flatMap { index -> [FieldColumn] in
            let column = columns[index]
            let cells = rows.map { $0.cells[index] }
            switch column.kind {
            case .text: return Self.texts(column, cells)
            case .count, .number, .share: return [Self.numbers(column, "", cells, Self.plain)]
            case .verdict:
                return [
                    Self.words(column, column.key) { Self.verdict($0).0 }(cells),
                    Self.words(column, column.key + "_reason") { Self.verdict($0).1 }(cells),
                ]
            case .interval:
                return [
                    Self.numbers(column, "", cells) { Self.interval($0)?.0 },
                    Self.numbers(column, "_lower95", cells) { Self.interval($0)?.1 },
                    Self.numbers(column, "_upper95", cells) { Self.interval($0)?.2 },
                ]
            case .estimate:
                return [
                    Self.numbers(column, "", cells) { Self.estimate($0)?.mean },
                    Self.numbers(column, "_sigma", cells) { Self.estimate($0)?.standardDeviation },
                    Self.numbers(column, "_lower95", cells) { Self.estimate($0)?.lower95 },
                    Self.numbers(column, "_upper95", cells) { Self.estimate($0)?.upper95 },
                ]
            }
        }
    }

    private static func texts(_ column: Column, _ cells: [Cell]) -> [FieldColumn] {
        let names = cells.map { cell -> LocalizedName in if case .text(let name) = cell { name } else { "" } }
        let english = FieldColumn(
            key: column.key,
            title: column.title,
            isNumber: false,
            fields: names.map { .text($0.english) }
        )
        guard names.contains(where: { $0.english != $0.chinese }) else { return [english] }
        let chinese = FieldColumn(
            key: column.key + "_zh",
            title: column.title,
            isNumber: false,
            fields: names.map { .text($0.chinese) }
        )
        return [english, chinese]
    }

    private static func words(
        _ column: Column,
        _ key: String,
        _ word: @escaping (Cell) -> String
    ) -> ([Cell]) -> FieldColumn {
        { cells in
            FieldColumn(
                key: key,
                title: column.title,
                isNumber: false,
                fields: cells.map { .text(word($0)) }
            )
        }
    }

    private static func numbers(
        _ column: Column,
        _ suffix: String,
        _ cells: [Cell],
        _ value: (Cell) -> Double?
    ) -> FieldColumn {
        FieldColumn(
            key: column.key + suffix,
            title: column.title,
            isNumber: true,
            fields: cells.map { .number(value($0) ?? .nan) }
        )
    }

    private static func plain(_ cell: Cell) -> Double? {
        switch cell {
        case .count(let count): Double(count)
        case .number(let value), .rounded(let value, _), .signed(let value, _), .share(let value): value
        default: nil
        }
    }

    private static func estimate(_ cell: Cell) -> Estimate? {
        if case .estimate(let estimate) = cell { estimate } else { nil }
    }

    private static func interval(_ cell: Cell) -> (Double, Double, Double)? {
        if case .interval(let value, let lower, let upper) = cell { (value, lower, upper) } else { nil }
    }

    private static func verdict(_ cell: Cell) -> (String, String) {
        guard case .verdict(let verdict, let reservation) = cell else { return ("", "") }
        return (verdict.rawValue, reservation?.rawValue ?? "")
    }
}
