import NetCDF

/// Rows of variables, read from any thread.
///
/// A row is an index of the first dimension together with all of the others. Calls may block.
protocol VariableSource: Sendable {
    /// A number of rows, of so many soundings each, that is cheap to read at once.
    func preferredRows(width: Int) -> Int
    /// Whether a first dimension of length one does not count: a row is then an index of the second.
    var dropsLeadingOne: Bool { get }
    /// Numbers with what the file declares as missing replaced by NaN, and scale and offset applied.
    func doubles(_ variable: String, rows: Range<Int>) throws -> [Double]
    /// The same of some of the rows alone.
    func doubles(_ variable: String, rows: Range<Int>, at selection: RowSelection) throws -> [Double]
    /// Whole numbers as stored.
    func integers(_ variable: String, rows: Range<Int>) throws -> [Int64]
    func unsignedIntegers(_ variable: String, rows: Range<Int>) throws -> [UInt64]
    /// The same of some of the rows alone.
    func unsignedIntegers(_ variable: String, rows: Range<Int>, at selection: RowSelection) throws -> [UInt64]
}

extension VariableSource {
    func doubles(_ variable: String, rows: Range<Int>, at selection: RowSelection) throws -> [Double] {
        let values = try doubles(variable, rows: rows)
        return rows.isEmpty ? [] : selection.picked(values, width: values.count / rows.count)
    }

    func unsignedIntegers(_ variable: String, rows: Range<Int>, at selection: RowSelection) throws -> [UInt64]
    {
        let values = try unsignedIntegers(variable, rows: rows)
        return rows.isEmpty ? [] : selection.picked(values, width: values.count / rows.count)
    }
}

/// How the values of a variable are kept.
enum VariableKind: Sendable {
    case double
    case integer
    case identifier
}

/// Variables of a netCDF file, held whole in memory and handed out in rows.
struct WholeVariables: VariableSource {
    private let path: String
    private var columns: [String: [Double]] = [:]
    private var numbers: [String: [Int64]] = [:]
    private var identifiers: [String: [UInt64]] = [:]
    private var lengths: [String: Int] = [:]

    let dropsLeadingOne = false

    init(path: String) { self.path = path }

    func preferredRows(width: Int) -> Int { max(1, (1 << 16) / max(1, width)) }

    @NetCDFThread
    init(_ file: borrowing NetCDFFile, variables: [String: VariableKind]) throws {
        path = file.path
        for (name, kind) in variables.sorted(by: { $0.key < $1.key }) {
            lengths[name] = try file.shape(of: name).first ?? 1
            switch kind {
            case .double: columns[name] = try file.doubles(name)
            case .integer: numbers[name] = try file.integers(name)
            case .identifier: identifiers[name] = try file.unsignedIntegers(name)
            }
        }
    }

    /// Adds a variable with that many rows; by default every value is one.
    mutating func add(_ values: [Double], as name: String, rows: Int? = nil) {
        columns[name] = values
        lengths[name] = rows ?? values.count
    }

    mutating func add(_ values: [Int64], as name: String, rows: Int? = nil) {
        numbers[name] = values
        lengths[name] = rows ?? values.count
    }

    mutating func add(_ values: [UInt64], as name: String, rows: Int? = nil) {
        identifiers[name] = values
        lengths[name] = rows ?? values.count
    }

    func doubles(_ variable: String, rows: Range<Int>) throws -> [Double] {
        try slice(columns[variable], variable, rows)
    }

    func integers(_ variable: String, rows: Range<Int>) throws -> [Int64] {
        try slice(numbers[variable], variable, rows)
    }

    func unsignedIntegers(_ variable: String, rows: Range<Int>) throws -> [UInt64] {
        try slice(identifiers[variable], variable, rows)
    }

    private func slice<Value>(_ values: [Value]?, _ name: String, _ rows: Range<Int>) throws -> [Value] {
        guard let values, let length = lengths[name], rows.upperBound <= length else {
            throw NetCDFError(
                .absent("not read in the kind or the rows asked for"),
                path: path,
                variable: name
            )
        }
        guard rows != 0..<length else { return values }
        let width = length == 0 ? 0 : values.count / length
        return Array(values[(rows.lowerBound * width)..<(rows.upperBound * width)])
    }
}
