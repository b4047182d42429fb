import CSV
import Foundation
public import Quantities
import Verification

/// A table of totals that cannot be compared, with the line it happened at.
public enum ComparisonTableError: Fault, Equatable {
    case unreadable(file: String, exists: Bool)
    case missingColumn(String, file: String, nearest: String?)
    case empty(file: String)
    /// A workbook, another encoding or another separator.
    case notText(file: String, problem: String, remedy: String)
    case badLine(file: String, line: Int, problem: String)

    public var exitStatus: ExitStatus {
        switch self {
        case .unreadable(_, let exists): exists ? .inputOutput : .missingInput
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .unreadable(_, let exists): exists ? "cannot read the file" : "no such file"
        case .missingColumn(let name, _, _): "no column `\(name)`"
        case .empty: "the table has no rows"
        case .badLine(_, _, let problem), .notText(_, let problem, _): problem
        }
    }

    public var place: String {
        switch self {
        case .unreadable(let file, _), .missingColumn(_, let file, _), .empty(let file),
            .notText(let file, _, _):
            file
        case .badLine(let file, let line, _): "\(file), line \(line)"
        }
    }

    public var remedy: String {
        switch self {
        case .unreadable(_, let exists): exists ? "check the permissions" : "check the path"
        case .missingColumn(_, _, let nearest):
            nearest.map { "is it `\($0)`?" } ?? "see `crosswind verify --help` for the columns"
        case .empty: "give at least one region"
        case .notText(_, _, let remedy): remedy
        case .badLine: "correct the row or leave it out"
        }
    }
}

extension ComparisonTable {
    /// No total of any gas in any unit is larger: what is, was misread.
    private static let greatestNumber = 1e20

    private static let wanted = [
        "region", "unit", "inventory", "inventory_sigma", "prior", "prior_sigma", "posterior",
        "posterior_sigma",
    ]

    /// Reads totals from a CSV file with a header and compares them anew. Columns other than those of
    /// ``columns`` up to `posterior_sigma` are ignored.
    ///
    /// - Parameter inventoryIsPrior: whether the inventory was the prior of the inversion.
    /// - Throws: ``ComparisonTableError`` naming the line.
    public init(csvFile file: String, inventoryIsPrior: Bool) throws(ComparisonTableError) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
        guard !isFolder.boolValue else {
            throw .notText(file: file, problem: "it is a folder", remedy: "give the table in it")
        }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .unreadable(file: file, exists: exists)
        }
        self.init(language: .english)
        if let (problem, remedy) = TableBytes.objection(Array(data)) {
            throw .notText(file: file, problem: problem, remedy: remedy)
        }
        var lines = CSVLines(Array(data))
        let header = (try Self.fields(&lines, file) ?? []).map { $0.lowercased() }
        let places = try Self.places(header, file)
        var seen: [[String]: Int] = [:]
        while let fields = try Self.fields(&lines, file) {
            if fields == [""] { continue }
            guard fields.count == header.count else {
                let problem = "\(fields.count) fields where the header has \(header.count)"
                throw .badLine(file: file, line: lines.line, problem: problem)
            }
            let values = places.map { fields[$0] }
            try Self.requireNew(values, in: &seen, file, lines.line)
            append(
                [try Self.comparison(values, file, lines.line, inventoryIsPrior)],
                unit: LocalizedName(english: values[1])
            )
        }
        guard !rows.isEmpty else { throw .empty(file: file) }
    }

    private static func places(_ header: [String], _ file: String) throws(ComparisonTableError) -> [Int] {
        var places: [Int] = []
        for name in wanted {
            guard let place = header.firstIndex(of: name) else {
                throw .missingColumn(name, file: file, nearest: nearest(to: name, among: header))
            }
            guard header.lastIndex(of: name) == place else {
                throw .badLine(file: file, line: 1, problem: "the column `\(name)` is there twice")
            }
            places.append(place)
        }
        return places
    }

    /// A row names a region, and names it once in a unit: two figures of one region would both be judged.
    private static func requireNew(
        _ values: [String],
        in seen: inout [[String]: Int],
        _ file: String,
        _ line: Int
    ) throws(ComparisonTableError) {
        let key = Array(values.prefix(2))
        guard !key[0].isEmpty else { throw .badLine(file: file, line: line, problem: "the region is blank") }
        guard !key[1].isEmpty else { throw .badLine(file: file, line: line, problem: "the unit is blank") }
        if let first = seen[key] {
            let problem = "the region `\(key[0])` is given twice, first in line \(first)"
            throw .badLine(file: file, line: line, problem: problem)
        }
        seen[key] = line
    }

    private static func fields(
        _ lines: inout CSVLines,
        _ file: String
    ) throws(ComparisonTableError) -> [String]? {
        do { return try lines.next()?.map { $0.trimmingCharacters(in: .whitespaces) } } catch {
            throw .badLine(file: file, line: lines.line, problem: error.description)
        }
    }

    private static func comparison(
        _ values: [String],
        _ file: String,
        _ line: Int,
        _ inventoryIsPrior: Bool
    ) throws(ComparisonTableError) -> Comparison {
        var numbers: [Double] = []
        for (name, text) in zip(wanted, values).dropFirst(2) {
            guard !text.isEmpty else { throw .badLine(file: file, line: line, problem: "\(name) is blank") }
            guard let number = decimalNumber(Array(text.utf8).span), abs(number) <= greatestNumber,
                !name.hasSuffix("sigma") || number >= 0
            else {
                throw .badLine(file: file, line: line, problem: "`\(text)` in \(name) is not a usable number")
            }
            numbers.append(number)
        }
        return Comparison(
            region: LocalizedName(english: values[0]),
            inventory: Estimate(mean: numbers[0], standardDeviation: numbers[1]),
            prior: Estimate(mean: numbers[2], standardDeviation: numbers[3]),
            posterior: Estimate(mean: numbers[4], standardDeviation: numbers[5]),
            inventoryIsPrior: inventoryIsPrior
        )
    }
}
