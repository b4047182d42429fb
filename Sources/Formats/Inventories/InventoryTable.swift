import CSV
import Foundation
public import Quantities

/// A table of an inventory that cannot be used: what, where, and what to do.
public struct InventoryTableError: Fault, Equatable {
    public let file: String
    /// From 1, the header with them; nil for the whole file.
    public let line: Int?
    public let column: String?
    public let reason: String
    public let exitStatus: ExitStatus

    public init(
        file: String,
        line: Int? = nil,
        column: String? = nil,
        reason: String,
        exitStatus: ExitStatus = .badData
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.reason = reason
        self.exitStatus = exitStatus
    }

    public var what: String { reason }

    public var place: String {
        [file, line.map { "line \($0)" }, column.map { "column \($0)" }].compactMap(\.self).joined(
            separator: ", "
        )
    }

    public var remedy: String {
        exitStatus == .missingInput ? "check the path" : "correct the table or fetch it again from its source"
    }
}

/// A small table with a header, read whole. Lines that begin with `#` are comments; the separator is a semicolon where
/// the header holds one, else a comma.
struct InventoryTable {
    struct Row {
        let line: Int
        let fields: [String]
    }

    let file: String
    let header: [String]
    let rows: [Row]

    static let maximumBytes = 1 << 28

    init(_ path: String) throws(InventoryTableError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw InventoryTableError(
                file: path,
                reason: exists ? "cannot read the file" : "no such file",
                exitStatus: exists ? .inputOutput : .missingInput
            )
        }
        try self.init(Array(data), file: path)
    }

    init(_ bytes: [UInt8], file: String) throws(InventoryTableError) {
        guard bytes.count <= Self.maximumBytes else {
            throw InventoryTableError(
                file: file,
                reason: "the table has more than \(Self.maximumBytes) bytes"
            )
        }
        self.file = file
        var scanner = CSVScanner(CSVDialect(separator: .byte(Self.separator(of: bytes))))
        scanner.append(Self.withoutComments(bytes).span.bytes)
        scanner.finish()
        var header: [String] = []
        var rows: [Row] = []
        scan: while true {
            switch scanner.next() {
            case .starved, .end: break scan
            case .malformed(let problem):
                throw InventoryTableError(file: file, line: scanner.line, reason: "\(problem)")
            case .record: break
            }
            let fields = (0..<scanner.fieldCount).map {
                scanner.text($0).trimmingCharacters(in: .whitespaces)
            }
            if fields.allSatisfy(\.isEmpty) { continue }
            if header.isEmpty {
                header = fields.map { $0.hasPrefix("\u{feff}") ? String($0.dropFirst()) : $0 }
                continue
            }
            guard fields.count == header.count else {
                throw InventoryTableError(
                    file: file,
                    line: scanner.line,
                    reason: "\(fields.count) fields, the header has \(header.count)"
                )
            }
            rows.append(Row(line: scanner.line, fields: fields))
        }
        guard !header.isEmpty else { throw InventoryTableError(file: file, reason: "the table is empty") }
        (self.header, self.rows) = (header, rows)
    }

    /// Comments may hold quotes that are none; their lines stay, empty, so that the others keep their numbers.
    private static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "#")) else { return bytes }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return Array(
            lines.map { $0.first == UInt8(ascii: "#") ? [] : $0 }.joined(separator: [UInt8(ascii: "\n")])
        )
    }

    /// Of the first line that is no comment.
    private static func separator(of bytes: [UInt8]) -> UInt8 {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 200)
        let first = lines.first { $0.first != UInt8(ascii: "#") } ?? []
        let semicolon = UInt8(ascii: ";")
        return first.contains(semicolon) ? semicolon : UInt8(ascii: ",")
    }

    /// Place of the first of some names, whatever their case.
    func column(_ names: String...) throws(InventoryTableError) -> Int {
        guard let column = optionalColumn(names) else {
            let hint = nearest(to: names[0], among: header).map { "; is it `\($0)`?" } ?? ""
            throw InventoryTableError(
                file: file,
                line: 1,
                column: names.joined(separator: " or "),
                reason: "no such column\(hint)"
            )
        }
        return column
    }

    func optionalColumn(_ names: [String]) -> Int? {
        let lower = header.map { $0.lowercased() }
        for name in names { if let place = lower.firstIndex(of: name.lowercased()) { return place } }
        return nil
    }

    func number(_ row: Row, _ column: Int) throws(InventoryTableError) -> Double {
        guard let value = Double(row.fields[column]), value.isFinite else {
            throw error(row, column, "`\(row.fields[column])` is no number")
        }
        return value
    }

    func error(_ row: Row, _ column: Int, _ reason: String) -> InventoryTableError {
        InventoryTableError(file: file, line: row.line, column: header[column], reason: reason)
    }
}
