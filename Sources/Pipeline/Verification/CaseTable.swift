import CSV
import Formats
import Foundation
public import Quantities

/// A table of a case that cannot be used, with file, line and column.
public struct CaseTableError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        case noSuchFile
        case unreadable(String)
        /// A workbook, another encoding or another separator.
        case notText(String, remedy: String)
        case noColumn(String, nearest: String?)
        case noRows
        case badValue(String, column: String)
    }

    public let kind: Kind
    public let file: String
    /// From 1, the header being line 1; nil for the whole file.
    public let line: Int?

    public var exitStatus: ExitStatus { kind == .noSuchFile ? .missingInput : .badData }

    public var what: String {
        switch kind {
        case .noSuchFile: "no such file"
        case .unreadable(let problem), .notText(let problem, _): problem
        case .noColumn(let name, _): "no column `\(name)`"
        case .noRows: "the table has no rows"
        case .badValue(let problem, _): problem
        }
    }

    public var place: String {
        var place = file
        if let line { place += ", line \(line)" }
        if case .badValue(_, let column) = kind { place += ", column `\(column)`" }
        return place
    }

    public var remedy: String {
        switch kind {
        case .noSuchFile: "check the path in the case"
        case .notText(_, let remedy): remedy
        case .unreadable: "give comma-separated values with a header (RFC 4180)"
        case .noColumn(_, let nearest):
            nearest.map { "is it `\($0)`?" } ?? "check the column names of the case"
        case .noRows: "give at least one row"
        case .badValue: "correct the field, or leave the row out"
        }
    }
}

/// A small table with a header; fields are asked for by the names of their columns.
struct CaseTable {
    struct Row {
        let line: Int
        let fields: [String]
    }

    let file: String
    let header: [String]
    let rows: [Row]

    /// - Throws: ``CaseTableError``.
    init(_ file: String) throws(CaseTableError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            let exists = FileManager.default.fileExists(atPath: file)
            throw CaseTableError(
                kind: exists ? .unreadable("cannot read the file") : .noSuchFile,
                file: file,
                line: nil
            )
        }
        if let (problem, remedy) = TableBytes.objection([UInt8](data)) {
            throw CaseTableError(kind: .notText(problem, remedy: remedy), file: file, line: nil)
        }
        var scanner = CSVScanner()
        scanner.append([UInt8](data).span.bytes)
        scanner.finish()
        self.file = file
        header = try Self.next(&scanner, file) ?? []
        var rows: [Row] = []
        while let fields = try Self.next(&scanner, file) {
            if fields.allSatisfy({ $0.isEmpty }) { continue }
            guard fields.count == header.count else {
                let problem = "\(fields.count) fields where the header has \(header.count)"
                throw CaseTableError(kind: .unreadable(problem), file: file, line: scanner.line)
            }
            rows.append(Row(line: scanner.line, fields: fields))
        }
        guard !rows.isEmpty else { throw CaseTableError(kind: .noRows, file: file, line: nil) }
        self.rows = rows
    }

    private static func next(_ scanner: inout CSVScanner, _ file: String) throws(CaseTableError) -> [String]?
    {
        switch scanner.next() {
        case .record: return (0..<scanner.fieldCount).map { scanner.text($0) }
        case .malformed(let problem):
            throw CaseTableError(kind: .unreadable(problem.description), file: file, line: scanner.line)
        case .starved, .end: return nil
        }
    }

    func has(_ column: String) -> Bool { header.contains(column) }

    func place(of column: String) throws(CaseTableError) -> Int {
        guard let place = header.firstIndex(of: column) else {
            let kind = CaseTableError.Kind.noColumn(column, nearest: nearest(to: column, among: header))
            throw CaseTableError(kind: kind, file: file, line: 1)
        }
        return place
    }

    func text(_ row: Row, _ column: String) throws(CaseTableError) -> String {
        row.fields[try place(of: column)]
    }

    /// The text of a column with its Chinese one beside it, `column_zh`.
    func name(_ row: Row, _ column: String) throws(CaseTableError) -> LocalizedName {
        let english = try text(row, column)
        let chinese = has(column + "_zh") ? try text(row, column + "_zh") : ""
        return LocalizedName(english: english, chinese: chinese.isEmpty ? nil : chinese)
    }

    /// NaN where the field is empty.
    func number(_ row: Row, _ column: String) throws(CaseTableError) -> Double {
        let field = try text(row, column)
        guard !field.isEmpty else { return .nan }
        guard let value = decimalNumber(Array(field.utf8).span), value.isFinite else {
            throw bad(row, column, "`\(field)` is no number")
        }
        return value
    }

    /// The first four digits of a year or a date.
    func year(_ row: Row, _ column: String) throws(CaseTableError) -> Int {
        let field = try text(row, column)
        guard let year = Int(field.prefix(4)), (1000...9999).contains(year) else {
            throw bad(row, column, "`\(field)` does not begin with a year")
        }
        return year
    }

    func bad(_ row: Row, _ column: String, _ problem: String) -> CaseTableError {
        CaseTableError(kind: .badValue(problem, column: column), file: file, line: row.line)
    }
}
