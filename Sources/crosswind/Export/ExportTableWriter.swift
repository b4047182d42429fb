/// Writes the rows of a table one after the other, in the order of its columns.
final class ExportTableWriter<Row> {
    private let format: ExportFormat
    private let columns: [ExportColumn<Row>]
    private let keys: [String]
    private let sink: ExportSink
    private(set) var rows = 0

    /// - Parameter remarks: lines before the table, which CSV alone can have.
    init(
        _ columns: [ExportColumn<Row>],
        _ format: ExportFormat,
        remarks: [String] = [],
        to sink: ExportSink
    ) throws {
        self.format = format
        self.columns = columns
        self.sink = sink
        keys = columns.map { jsonString($0.name) + ":" }
        switch format {
        case .csv:
            for remark in remarks { try sink.write("# " + remark + "\n") }
            try sink.write(columns.map(\.name).joined(separator: ",") + "\n")
        case .json: try sink.write("[")
        }
    }

    func put(_ row: Row) throws {
        switch format {
        case .csv:
            try sink.write(columns.map { $0.cell(row).commaSeparated }.joined(separator: ",") + "\n")
        case .json:
            let members = zip(keys, columns).compactMap { key, column in
                column.cell(row).json.map { key + $0 }
            }
            try sink.write((rows == 0 ? "\n{" : ",\n{") + members.joined(separator: ",") + "}")
        }
        rows += 1
    }

    /// - Returns: the number of rows.
    func finish() throws -> Int {
        if format == .json { try sink.write("\n]\n") }
        return rows
    }
}
