public import LinearAlgebra

/// The rows of a Jacobian that need not fit in memory: of a file, or made as they are asked for.
public protocol JacobianRows: Sendable {
    /// Observations.
    var rows: Int { get }
    /// State elements.
    var columns: Int { get }
    /// Rows that are best read together, such as those of one chunk of a file; blocks are multiples of it as far as
    /// they stay small.
    var rowsReadTogether: Int { get }
    /// Some rows of H. They are asked for twice, in ascending blocks, from one thread at a time.
    func jacobian(rows: Range<Int>) throws -> Matrix
}

extension JacobianRows {
    public var rowsReadTogether: Int { 1 }
}

extension Matrix: JacobianRows {
    public func jacobian(rows: Range<Int>) -> Matrix { self.rows(rows) }
}

/// A linear Gaussian inverse problem with independent observation errors whose Jacobian comes in blocks of rows.
public struct StreamedProblem<Rows: JacobianRows>: Sendable {
    /// H, observations x states.
    public var jacobian: Rows
    /// y, in the unit of the observations.
    public var observations: [Double]
    /// Standard deviations of y, all positive.
    public var sigma: [Double]
    public var priorMean: [Double]
    /// B.
    public var priorError: ErrorModel
    public var stateNames: [String]

    public init(
        jacobian: Rows,
        observations: [Double],
        sigma: [Double],
        priorMean: [Double],
        priorError: ErrorModel,
        stateNames: [String]
    ) {
        self.jacobian = jacobian
        self.observations = observations
        self.sigma = sigma
        self.priorMean = priorMean
        self.priorError = priorError
        self.stateNames = stateNames
    }

    /// Checks all but the Jacobian, whose elements are checked as they come.
    ///
    /// - Throws: ``InversionError`` that names the first bad element.
    public func validate() throws(InversionError) {
        let (n, m) = (observations.count, priorMean.count)
        guard n > 0 else { throw .empty("observations") }
        guard m > 0 else { throw .empty("state") }
        try checkLength("rows of the jacobian", jacobian.rows, n)
        try checkLength("columns of the jacobian", jacobian.columns, m)
        try checkLength("state_name", stateNames.count, m)
        guard Int32(exactly: m) != nil else { throw .algebra("jacobian", .tooLarge(rows: n, columns: m)) }
        try DenseLimit.check(m)
        try checkFinite("observation_value", observations)
        try checkFinite("prior_mean", priorMean)
        try ErrorModel.independent(sigma).validate("observation", count: n)
        try priorError.validate("prior", count: m)
    }

    /// Rows of one block: a multiple of what sums are made of, so that these are those of the whole to the bit, and
    /// of what is best read together where that is no more than 128 MiB.
    var blockRows: Int {
        let (own, most) = (NormalEquations.blockRows, (1 << 24) / max(1, priorMean.count))
        let together = max(1, jacobian.rowsReadTogether)
        let blocks = (together + own - 1) / own
        return max(1, min(blocks, most / own)) * own
    }

    func eachBlock(_ body: (Range<Int>, Matrix) throws -> Void) throws {
        let length = blockRows
        for start in stride(from: 0, to: observations.count, by: length) {
            let block = start..<min(start + length, observations.count)
            let rows = try jacobian.jacobian(rows: block)
            try checkLength("rows of a block of the jacobian", rows.rows, block.count)
            try checkLength("columns of a block of the jacobian", rows.columns, priorMean.count)
            if let place = rows.firstNotFinite {
                let row = start + place.row
                throw InversionError.notFiniteElement("jacobian", row: row, column: place.column)
            }
            try body(block, rows)
        }
    }
}
