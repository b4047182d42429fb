import Foundation
import Quantities

/// A recorded file of comma-separated values (RFC 4180) with one header line.
struct CSVRecord {
    private let path: String
    private let mapping: RecordMapping
    private var lines: CSVLines
    private let columns: [String: Int]
    private let columnCount: Int

    init(path: String, mapping: RecordMapping) throws(RecordError) {
        self.path = path
        self.mapping = mapping
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw exists ? .unreadable(path: path) : .noSuchFile(path: path)
        }
        lines = CSVLines(Array(data))
        guard let header = lines.next(), header.contains(where: { !$0.isEmpty }) else {
            throw .invalid(path: path, place: "", problem: "the file is empty")
        }
        columns = Dictionary(header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        columnCount = header.count
        try checkColumns(header)
    }

    private func checkColumns(_ header: [String]) throws(RecordError) {
        var wanted = [mapping.time] + mapping.state.map { $0.column }
        if case .column(let name) = mapping.station { wanted.append(name) }
        for value in mapping.values { wanted += [value.column] + [value.uncertainty].compactMap { $0 } }
        if let position = mapping.position {
            wanted += [position.longitude, position.latitude]
            wanted += [position.altitude, position.accuracy, position.satellites, position.speed]
                .compactMap { $0 }
        }
        for name in wanted where columns[name] == nil {
            throw .invalid(
                path: path,
                place: "line 1",
                problem: "no column `\(name)`",
                remedy: nearest(to: name, among: header).map { "is it `\($0)`?" } ?? ""
            )
        }
    }

    consuming func rows() throws(RecordError) -> [RecordedRow] {
        var rows: [RecordedRow] = []
        while let fields = lines.next() {
            if fields.count == 1, fields[0].isEmpty { continue }
            guard fields.count == columnCount else {
                throw invalid("\(fields.count) fields where the header has \(columnCount)")
            }
            rows.append(try row(fields))
        }
        return rows
    }

    private func row(_ fields: [String]) throws(RecordError) -> RecordedRow {
        let timeText = text(mapping.time, fields)
        guard let time = Instant(iso8601: timeText) else {
            throw invalid("`\(timeText)` in \(mapping.time) is not an ISO 8601 time with zone")
        }
        var values: [RecordedRow.Value] = []
        for source in mapping.values {
            values.append(
                .init(
                    gas: source.gas,
                    value: try number(source.column, fields),
                    standardUncertainty: try number(source.uncertainty, fields)
                )
            )
        }
        var state: [RecordedRow.State] = []
        for source in mapping.state {
            state.append(.init(name: source.name, value: try number(source.column, fields)))
        }
        return RecordedRow(
            station: try station(fields),
            time: time,
            values: values,
            fix: try fix(fields),
            state: state
        )
    }

    private func station(_ fields: [String]) throws(RecordError) -> String {
        switch mapping.station {
        case .constant(let name): return name
        case .column(let column): return text(column, fields)
        case .index: throw invalid("a CSV record names its station by `station` or `station_column`")
        }
    }

    private func fix(_ fields: [String]) throws(RecordError) -> RecordedRow.Fix? {
        guard let source = mapping.position else { return nil }
        return RecordedRow.Fix(
            longitude: try number(source.longitude, fields),
            latitude: try number(source.latitude, fields),
            altitudeMetres: try number(source.altitude, fields),
            accuracyMetres: try number(source.accuracy, fields),
            satellites: try number(source.satellites, fields),
            speedMetresPerSecond: try number(source.speed, fields)
        )
    }

    private func text(_ column: String, _ fields: [String]) -> String {
        columns[column].map { fields[$0] } ?? ""
    }

    /// Nil for an absent column, an empty field and the usual words for a missing value.
    private func number(_ column: String?, _ fields: [String]) throws(RecordError) -> Double? {
        guard let column else { return nil }
        let text = text(column, fields)
        if text.isEmpty || ["nan", "na", "null"].contains(text.lowercased()) { return nil }
        guard let value = Double(text), value.isFinite else {
            throw invalid("`\(text)` in \(column) is not a number")
        }
        return value
    }

    private func invalid(_ problem: String) -> RecordError {
        .invalid(path: path, place: "line \(lines.line)", problem: problem)
    }
}
