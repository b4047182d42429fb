import Verification

extension ComparisonTable.Row: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// An object with the keys of ``ComparisonTable/columns``; null where a number is not finite.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let columns = ComparisonTable.columns.map(Key.init(stringValue:))
        try container.encode(region, forKey: columns[0])
        try container.encode(unit, forKey: columns[1])
        for (column, number) in zip(columns.dropFirst(2), numbers) {
            try container.encode(number.isFinite ? number : nil, forKey: column)
        }
        try container.encode(comparison.verdict, forKey: columns[columns.count - 1])
    }
}

extension ComparisonTable: Encodable {
    /// An array of the rows, so that the table can stand inside a larger summary object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for row in rows { try container.encode(row) }
    }
}
