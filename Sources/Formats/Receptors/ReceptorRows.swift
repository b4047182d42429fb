import CSV
import Quantities

/// One row of a small table, by the names of the header.
struct ReceptorRow {
    let line: Int
    let file: String
    fileprivate let fields: [String: String]

    func text(_ column: String) -> String? { fields[column] }

    func instant(_ column: String) throws(ReceptorListError) -> Instant {
        guard let instant = Instant(iso8601: text(column) ?? "") else {
            throw bad(column, "an ISO 8601 time with zone such as 2021-07-25T12:00:00Z")
        }
        return instant
    }

    func number(
        _ column: String,
        in range: ClosedRange<Double>,
        _ expected: String
    ) throws(ReceptorListError) -> Double {
        guard let value = Double(text(column) ?? ""), range.contains(value) else {
            throw bad(column, expected)
        }
        return value
    }

    func bad(_ column: String, _ expected: String) -> ReceptorListError {
        ReceptorListError(
            .badValue(column: column, text: text(column) ?? "", expected: expected),
            file: file,
            line: line
        )
    }
}

/// The rows of a small table with a header; blank lines and lines that begin with `#` are passed over.
struct ReceptorRows {
    private var lines: CSVLines
    private let file: String
    private var header: [String] = []

    init(_ bytes: [UInt8], file: String, columns: [String], required: [String]) throws(ReceptorListError) {
        lines = CSVLines(bytes)
        self.file = file
        header = (try record() ?? []).map { $0.lowercased() }
        for (index, name) in header.enumerated() {
            guard columns.contains(name) else {
                throw error(.unknownColumn(name, nearest: nearest(to: name, among: columns)))
            }
            guard !header[..<index].contains(name) else { throw error(.repeatedColumn(name)) }
        }
        let missing = required.filter { !header.contains($0) }
        guard missing.isEmpty else { throw error(.missingColumns(missing)) }
    }

    mutating func next() throws(ReceptorListError) -> ReceptorRow? {
        guard let fields = try record() else { return nil }
        guard fields.count == header.count else {
            throw error(.badRow("\(fields.count) values under \(header.count) columns"))
        }
        let named = Dictionary(uniqueKeysWithValues: zip(header, fields))
        return ReceptorRow(line: lines.line, file: file, fields: named)
    }

    private mutating func record() throws(ReceptorListError) -> [String]? {
        while true {
            let fields: [String]?
            do throws(CSVProblem) { fields = try lines.next() } catch {
                throw self.error(.badRow("no CSV: \(error)"))
            }
            guard let fields else { return nil }
            let trimmed = fields.map { field in
                String(field.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            }
            let isBlank = trimmed.allSatisfy(\.isEmpty) || trimmed[0].hasPrefix("#")
            if !isBlank { return trimmed }
        }
    }

    private func error(_ kind: ReceptorListError.Kind) -> ReceptorListError {
        ReceptorListError(kind, file: file, line: max(1, lines.line))
    }
}
