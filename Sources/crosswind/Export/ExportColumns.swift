/// The columns of all tables, for the help.
enum ExportColumns {
    /// What is asked for, and the names that come, as they are.
    static let all: [(table: String, names: [String])] = [
        ("readings", ReadingTable.names),
        ("readings --interval, means", AggregateTable.names),
        ("enhancement", EnhancementTable.names),
        ("weather", WeatherTable.names),
        ("wind", WindTable.names),
        ("segments", SegmentTable.names),
        ("segments --passes", SegmentTable.passNames),
        ("calibrations", CalibrationTable.names),
        ("calibrations --runs", CalibrationRunTable.names),
        ("receipts", ReceiptTable.names),
        ("revisions", ReadingTable.revisionNames),
        ("dead-letters", DeadLetterTable.names),
        ("legend", LegendTable.names),
    ]

    /// One paragraph a table.
    static var help: String {
        all.map { table, names in
            "  \(table):\n" + lines(names).map { "    " + $0 }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func lines(_ names: [String]) -> [String] {
        var lines = [""]
        for name in names {
            let line = lines[lines.count - 1]
            if line.count + name.count > width {
                lines.append(name)
            } else {
                lines[lines.count - 1] += (line.isEmpty ? "" : " ") + name
            }
        }
        return lines
    }

    private static let width = 104
}
