public import Quantities
public import Verification

/// One table of a report without any layout: HTML, CSV, JSON and NetCDF are written from the same rows.
public struct ReportTable: Sendable {
    /// What stands in a column.
    public enum Kind: String, Sendable {
        case text
        case count
        /// A number on its own, printed to significant digits.
        case number
        /// A share, printed as a percentage.
        case share
        /// Mean and standard deviation with the 95 % interval.
        case estimate
        /// A number with an interval of 95 % that need not be symmetric.
        case interval
        case verdict
    }

    public struct Column: Sendable {
        /// The name in CSV, JSON and NetCDF; stable.
        public var key: String
        public var title: LocalizedName
        public var kind: Kind

        public init(_ key: String, _ title: LocalizedName, _ kind: Kind) {
            self.key = key
            self.title = title
            self.kind = kind
        }
    }

    /// A value that fits the kind of its column.
    public enum Cell: Sendable {
        case text(LocalizedName)
        case count(Int)
        /// NaN and infinity are printed as missing.
        case number(Double)
        /// To a number of decimals, which the uncertainty that it comes with decides.
        case rounded(Double, decimals: Int)
        /// With the sign always shown, to a number of decimals.
        case signed(Double, decimals: Int)
        case share(Double)
        case estimate(Estimate)
        /// Bounds of NaN are printed as missing.
        case interval(Double, lower: Double, upper: Double)
        case verdict(Verdict, Reservation?)
        /// No number, and why; files have a missing number.
        case unknown(LocalizedName)
        /// Nothing belongs here.
        case empty
    }

    public struct Row: Sendable {
        public var cells: [Cell]
        /// Heading over the rows that share it; nil without.
        public var group: LocalizedName?
        /// Names of the inputs that the row was computed from, as in ``Provenance/Input/name``.
        public var inputs: [String]

        public init(_ cells: [Cell], group: LocalizedName? = nil, inputs: [String] = []) {
            self.cells = cells
            self.group = group
            self.inputs = inputs
        }
    }

    public let code: TableCode
    public var columns: [Column]
    public var rows: [Row]
    /// What a reader must know of the numbers.
    public var notes: [LocalizedName]
    /// From which column on a page draws a second table beneath, with the first column again: all in one would be too
    /// wide. Each holds the rows that have something in it; files have one table.
    public var continuation: (column: Int, title: LocalizedName)?
    /// Why there are no rows; set when, and only when, there are none.
    public let absence: LocalizedName?

    /// - Precondition: every row has a cell for each column.
    public init(_ code: TableCode, columns: [Column], rows: [Row], notes: [LocalizedName] = []) {
        precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a row of the wrong length")
        precondition(!rows.isEmpty, "a table without rows says why")
        self.code = code
        self.columns = columns
        self.rows = rows
        self.notes = notes
        absence = nil
    }

    /// A table that the case has no data for.
    public init(_ code: TableCode, absent reason: LocalizedName) {
        self.code = code
        columns = []
        rows = []
        notes = []
        absence = reason
    }

    /// `T4-3`: the row in the page, the CSV and the JSON.
    public func rowID(_ row: Int) -> String { "\(code.label)-\(row + 1)" }

    /// The file of the table beside the page.
    public var fileName: String { "table-\(code.label).csv" }
}
