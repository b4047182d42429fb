public import Quantities

/// A table of shares brought to given sums of its rows and columns (iterative proportional fitting, or RAS; Deming and
/// Stephan 1940). Zeros stay zeros; what is not zero keeps its cross ratios.
public struct ProportionalFitting: Sendable {
    /// Row by row.
    public let values: [Double]
    public let rows: Int
    public let columns: Int
    public let iterations: Int
    /// Largest difference of a sum from its margin, over the total.
    public let largestResidual: Double

    /// Half of what the margins are to be met within, relative to the total.
    public static let tolerance = 1e-10
    public static let maximumIterations = 10_000

    /// - Parameters:
    ///   - seed: row by row, from 0 up; a 0 says that a pair cannot be.
    ///   - rowTotals, columnTotals: from 0 up, of one sum.
    ///   - names: of rows and columns, for errors.
    /// - Throws: ``FittingError``; where zeros make the margins impossible it names the rows and columns.
    public init(
        seed: [Double],
        rowTotals: [Double],
        columnTotals: [Double],
        names: (rows: [String], columns: [String])
    ) throws(FittingError) {
        (rows, columns) = (rowTotals.count, columnTotals.count)
        precondition(names.rows.count == rows && names.columns.count == columns, "a name for each margin")
        try Self.check(seed, rowTotals, columnTotals, names)
        let total = rowTotals.reduce(0, +)
        var table = seed
        var residual = Double.infinity
        var count = 0
        while residual > Self.tolerance * total, count < Self.maximumIterations {
            Self.scale(&table, rowTotals, columns, alongRows: true)
            Self.scale(&table, columnTotals, columns, alongRows: false)
            residual = Self.rowResiduals(table, rowTotals, columns).map { abs($0) }.max() ?? 0
            count += 1
        }
        guard residual <= Self.tolerance * total else {
            throw Self.infeasible(table, rowTotals, columns, names)
        }
        values = table
        iterations = count
        largestResidual = total > 0 ? residual / total : 0
    }

    private static func check(
        _ seed: [Double],
        _ rowTotals: [Double],
        _ columnTotals: [Double],
        _ names: (rows: [String], columns: [String])
    ) throws(FittingError) {
        guard seed.count == rowTotals.count * columnTotals.count else {
            throw .shape(seed: seed.count, rows: rowTotals.count, columns: columnTotals.count)
        }
        let isBad: (Double) -> Bool = { !($0 >= 0) || !$0.isFinite }
        guard !seed.contains(where: isBad) else { throw .notAnAmount("the seed") }
        if let row = rowTotals.firstIndex(where: isBad) { throw .notAnAmount(names.rows[row]) }
        if let column = columnTotals.firstIndex(where: isBad) { throw .notAnAmount(names.columns[column]) }
        let (sum, other) = (rowTotals.reduce(0, +), columnTotals.reduce(0, +))
        guard abs(sum - other) <= 1e-9 * max(sum, other) else {
            throw .marginsDiffer(rows: sum, columns: other)
        }
        let width = columnTotals.count
        let emptyRows = rowTotals.indices.filter { row in
            rowTotals[row] > 0 && seed[(row * width)..<((row + 1) * width)].allSatisfy { $0 == 0 }
        }
        let emptyColumns = columnTotals.indices.filter { column in
            columnTotals[column] > 0 && rowTotals.indices.allSatisfy { seed[$0 * width + column] == 0 }
        }
        guard emptyRows.isEmpty, emptyColumns.isEmpty else {
            throw .infeasible(
                rows: emptyRows.map { names.rows[$0] },
                columns: emptyColumns.map { names.columns[$0] }
            )
        }
    }

    private static func scale(_ table: inout [Double], _ totals: [Double], _ columns: Int, alongRows: Bool) {
        let rows = columns > 0 ? table.count / columns : 0
        var sums = [Double](repeating: 0, count: totals.count)
        for row in 0..<rows {
            for column in 0..<columns { sums[alongRows ? row : column] += table[row * columns + column] }
        }
        let factors = zip(totals, sums).map { $1 > 0 ? $0 / $1 : 0 }
        for row in 0..<rows {
            for column in 0..<columns { table[row * columns + column] *= factors[alongRows ? row : column] }
        }
    }

    private static func rowResiduals(_ table: [Double], _ totals: [Double], _ columns: Int) -> [Double] {
        totals.enumerated().map { row, total in
            table[(row * columns)..<((row + 1) * columns)].reduce(0, +) - total
        }
    }

    /// After many rounds the rows that cannot be filled stay short, and the columns that they share with others, which
    /// are full, are where the zeros stand in the way.
    private static func infeasible(
        _ table: [Double],
        _ totals: [Double],
        _ columns: Int,
        _ names: (rows: [String], columns: [String])
    ) -> FittingError {
        let residuals = rowResiduals(table, totals, columns)
        let scale = totals.reduce(0, +)
        let short = residuals.indices.filter { residuals[$0] < -1e-7 * scale }
        let blocked = (0..<columns).filter { column in
            short.contains { row in table[row * columns + column] > 1e-7 * scale }
        }
        return .infeasible(rows: short.map { names.rows[$0] }, columns: blocked.map { names.columns[$0] })
    }
}

/// Margins that a table cannot be brought to.
public enum FittingError: Fault, Equatable {
    case shape(seed: Int, rows: Int, columns: Int)
    case notAnAmount(String)
    case marginsDiffer(rows: Double, columns: Double)
    /// Zeros of the seed forbid the margins; the rows and columns that stay short or full.
    case infeasible(rows: [String], columns: [String])

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .shape(let seed, let rows, let columns): "\(seed) shares do not make \(rows) rows of \(columns)"
        case .notAnAmount: "an amount is below 0 or no number"
        case .marginsDiffer(let rows, let columns): "the rows sum to \(rows), the columns to \(columns)"
        case .infeasible: "zeros of the seed leave no way to these sums"
        }
    }

    public var place: String {
        switch self {
        case .shape, .marginsDiffer: "margins"
        case .notAnAmount(let name): name
        case .infeasible(let rows, let columns):
            "rows \(rows.joined(separator: ", ")); columns \(columns.joined(separator: ", "))"
        }
    }

    public var remedy: String {
        switch self {
        case .infeasible:
            "give a share above 0 where the rows and columns named may meet, or correct their sums"
        case .marginsDiffer: "scale one margin to the other first, and say so"
        case .shape, .notAnAmount: "correct the input"
        }
    }
}
