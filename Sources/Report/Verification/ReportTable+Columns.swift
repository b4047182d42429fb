public import Quantities

extension ReportTable {
    /// A column of numbers for NetCDF; texts are left to ``texts``.
    public struct NumberColumn: Sendable {
        public let key: String
        public let title: LocalizedName
        public let values: [Double]
    }

    /// A column of texts for NetCDF.
    public struct TextColumn: Sendable {
        public let key: String
        public let title: LocalizedName
        public let values: [String]
    }

    /// NaN where a number is missing.
    public var numberColumns: [NumberColumn] {
        fieldColumns.filter(\.isNumber).map { column in
            NumberColumn(
                key: column.key,
                title: column.title,
                values: column.fields.map { if case .number(let value) = $0 { value } else { .nan } }
            )
        }
    }

    public var textColumns: [TextColumn] {
        fieldColumns.filter { !$0.isNumber }.map { column in
            TextColumn(
                key: column.key,
                title: column.title,
                values: column.fields.map { if case .text(let text) = $0 { text } else { "" } }
            )
        }
    }
}
