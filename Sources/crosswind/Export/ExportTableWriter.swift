import Foundation

/// One row of an export, in the order of its header as CSV or with its keys as JSON.
protocol ExportRow: Encodable {
    static var header: [String] { get }
    var fields: [String] { get }
}

/// Writes rows one after the other. A failure is kept until the end, as rows come out of a walk that cannot fail.
final class ExportRowWriter {
    private let format: ExportFormat
    private let sink: ExportSink
    private let encoder = JSONEncoder()
    private(set) var rows = 0
    private var failure: (any Error)?

    init(_ format: ExportFormat, header: [String], to sink: ExportSink) throws {
        self.format = format
        self.sink = sink
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try sink.write(format == .csv ? header.joined(separator: ",") + "\n" : "[")
    }

    /// Does nothing after a failure.
    func put(_ row: some ExportRow) {
        attempt { try write(row) }
    }

    /// Runs what may fail and keeps the failure.
    func attempt(_ body: () throws -> Void) {
        guard failure == nil else { return }
        do { try body() } catch { failure = error }
    }

    /// - Returns: the number of rows.
    /// - Throws: the first failure.
    func finish() throws -> Int {
        if let failure { throw failure }
        if format == .json { try sink.write("\n]\n") }
        return rows
    }

    private func write(_ row: some ExportRow) throws {
        switch format {
        case .csv: try sink.write(row.fields.map(quoted).joined(separator: ",") + "\n")
        case .json:
            let object = String(decoding: try encoder.encode(row), as: UTF8.self)
            try sink.write((rows == 0 ? "\n" : ",\n") + object)
        }
        rows += 1
    }
}

/// RFC 4180: quoted only where needed.
private func quoted(_ field: String) -> String {
    guard field.contains(where: { "\",\r\n".contains($0) || $0.isNewline }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
}

/// A field that is empty where there is no number.
func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
