import Foundation
import Inventory
import Quantities

/// A small table with a header, read whole: lineage, case, receptors, decisions, profiles. Blank lines are passed over
/// and blanks around fields are none of them.
public struct CSVTable: Sendable {
    public let file: String
    /// Names as they are written.
    public let header: [String]
    public private(set) var rows: [TableRow] = []

    /// A table whose columns are asked for one by one, see ``column(_:)``.
    ///
    /// - Throws: ``TableError``.
    public init(_ file: String) throws(TableError) {
        try self.init(try TableBytes.read(file), file: file)
    }

    /// A table of an inventory, with remarks and, as in Europe, semicolons.
    init(inventory file: String) throws(TableError) {
        try self.init(try TableBytes.read(file), file: file, form: [.remarks, .semicolons])
    }

    /// - Parameters:
    ///   - columns: that rows are asked for by name; nil where no names are known before.
    ///   - spellings: other names of columns.
    ///   - required: columns that must be there.
    ///   - file: what errors name.
    /// - Throws: ``TableError`` for what is no table, unknown, doubled and missing columns and rows of another length.
    init(
        _ bytes: [UInt8],
        file: String,
        columns: [String]? = nil,
        spellings: [String: [String]] = [:],
        required: [String] = [],
        form: TableForm = []
    ) throws(TableError) {
        self.file = file
        var lines = try TableLines(bytes, file: file, form: form)
        guard let header = try Self.fields(&lines) else {
            guard form.contains(.mayBeEmpty) else {
                throw TableError(file: file, reason: "the table is empty", remedy: "give a header and rows")
            }
            header = []
            return
        }
        self.header = header
        let places = try columns.map { columns throws(TableError) in
            let titles = TableTitles(header, at: TablePlace(file: file, line: lines.line))
            return try titles.places(columns, spellings, required, form)
        }
        while let fields = try Self.fields(&lines) {
            let place = TablePlace(file: file, line: lines.line)
            guard fields.count == header.count || form.contains(.unevenRows) else {
                let problem = "\(fields.count) fields where the header has \(header.count)"
                throw TableError(
                    .unusable(problem, remedy: "put fields that contain commas in quotes"),
                    at: place
                )
            }
            rows.append(TableRow(place: place, fields: fields, places: places ?? [:]))
        }
    }

    /// Of the next line that is not blank.
    private static func fields(_ lines: inout TableLines) throws(TableError) -> [String]? {
        while let fields = try lines.next() {
            let trimmed = fields.map(trimmed)
            if !trimmed.allSatisfy(\.isEmpty) { return trimmed }
        }
        return nil
    }

    private static func trimmed(_ text: String) -> String {
        let isPlain = { (byte: UInt8?) in byte.map { (0x21...0x7E).contains($0) } ?? true }
        if isPlain(text.utf8.first), isPlain(text.utf8.last) { return text }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Place of the first of some names that the header has.
    public func column(_ names: String...) throws(TableError) -> Int {
        if let column = try optionalColumn(names) { return column }
        throw TableError(
            .missingColumns(
                Array(names.prefix(1)),
                nearest: nearest(to: names[0], among: header),
                known: Array(header.prefix(30))
            ),
            at: TablePlace(file: file, line: 1)
        )
    }

    /// - Throws: ``TableError`` for a name that stands twice.
    public func optionalColumn(_ names: [String]) throws(TableError) -> Int? {
        let titles = TableTitles(header, at: TablePlace(file: file, line: 1))
        for name in names { if let place = try titles.place(of: name) { return place } }
        return nil
    }

    /// A number that must be there.
    public func number(_ row: TableRow, _ column: Int) throws(TableError) -> Double {
        guard let value = decimal(row.fields[column]) else {
            throw error(row, column, "`\(row.fields[column])` is no number")
        }
        return value
    }

    public func error(_ row: TableRow, _ column: Int, _ reason: String) -> TableError {
        row.bad(header[column], reason)
    }
}

/// The names of a header.
private struct TableTitles {
    let titles: [String]
    let place: TablePlace

    init(_ titles: [String], at place: TablePlace) {
        self.titles = titles
        self.place = place
    }

    /// Names are the same whatever their case and blanks.
    private static func plain(_ title: String) -> String { title.lowercased().filter { !$0.isWhitespace } }

    /// Of the title that is written like this, else of the one that differs in case and blanks.
    func place(of name: String) throws(TableError) -> Int? {
        var found = titles.indices.filter { titles[$0] == name }
        if found.isEmpty {
            let wanted = Self.plain(name)
            found = titles.indices.filter { Self.plain(titles[$0]) == wanted }
        }
        guard found.count < 2 else { throw TableError(.repeatedColumn(name), at: place.at(name)) }
        return found.first
    }

    /// Where each column stands.
    func places(
        _ columns: [String],
        _ spellings: [String: [String]],
        _ required: [String],
        _ form: TableForm
    ) throws(TableError) -> [String: Int] {
        var places: [String: Int] = [:]
        for (index, title) in titles.enumerated() {
            let plain = Self.plain(title)
            let known = columns.first { $0 == plain || spellings[$0]?.contains(plain) == true }
            guard let name = known else {
                if form.contains(.otherColumns) { continue }
                let near = nearest(to: plain, among: columns)
                throw TableError(.unknownColumn(title, nearest: near, known: columns), at: place)
            }
            guard places.updateValue(index, forKey: name) == nil else {
                throw TableError(.repeatedColumn(name), at: place)
            }
        }
        let missing = required.filter { places[$0] == nil }
        guard let first = missing.first else { return places }
        let others = titles.filter { !columns.contains(Self.plain($0)) }
        let near = nearest(to: first, among: others)
        throw TableError(.missingColumns(missing, nearest: near, known: columns), at: place)
    }
}
