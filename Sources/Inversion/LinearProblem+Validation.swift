import Concurrent
public import LinearAlgebra

extension LinearProblem {
    /// Number of observations n.
    public var observationCount: Int { observations.count }
    /// Number of state elements m.
    public var stateCount: Int { priorMean.count }

    /// y - H x_prior.
    public var innovations: [Double] {
        zip(observations, jacobian.times(priorMean)).map { $0 - $1 }
    }

    /// Checks shapes, finiteness, positive standard deviations and symmetric covariances. A solver calls it, so
    /// that nothing that would give NaN is computed.
    ///
    /// - Throws: ``InversionError`` that names the first bad element.
    public func validate() throws(InversionError) {
        guard observationCount > 0 else { throw .empty("observations") }
        guard stateCount > 0 else { throw .empty("state") }
        try checkLength("rows of the jacobian", jacobian.rows, observationCount)
        try checkLength("columns of the jacobian", jacobian.columns, stateCount)
        try checkLength("state_name", stateNames.count, stateCount)
        guard Int32(exactly: observationCount) != nil, Int32(exactly: stateCount) != nil else {
            throw .algebra("jacobian", .tooLarge(rows: observationCount, columns: stateCount))
        }
        try DenseLimit.check(stateCount)
        try checkFinite("jacobian", jacobian)
        try checkFinite("observation_value", observations)
        try checkFinite("prior_mean", priorMean)
        try observationError.validate("observation", count: observationCount)
        try priorError.validate("prior", count: stateCount)
    }
}

extension ErrorModel {
    /// - Parameter owner: `observation` or `prior`; the errors name `owner_sigma` or `owner_covariance`.
    func validate(_ owner: String, count: Int) throws(InversionError) {
        switch self {
        case .independent(let sigma):
            let name = "\(owner)_sigma"
            try checkLength(name, sigma.count, count)
            try checkFinite(name, sigma)
            if let index = sigma.firstIndex(where: { !($0 > 0) }) {
                throw .notPositive(name, index: index, value: sigma[index])
            }
            if let index = sigma.firstIndex(where: { !Self.isVariance($0 * $0) }) {
                throw .extreme(name, index: index, value: sigma[index])
            }
        case .covariance(let matrix):
            let name = "\(owner)_covariance"
            try checkLength("rows of \(name)", matrix.rows, count)
            try checkLength("columns of \(name)", matrix.columns, count)
            try checkFinite(name, matrix)
            if let index = matrix.diagonal.firstIndex(where: { !($0 > 0) }) {
                throw .notPositive("diagonal of \(name)", index: index, value: matrix[index, index])
            }
            if let index = matrix.diagonal.firstIndex(where: { !Self.isVariance($0) }) {
                throw .extreme("diagonal of \(name)", index: index, value: matrix[index, index])
            }
            // Float32 files round the two triangles alike; 1e-6 of the standard deviations is no rounding.
            if let worst = matrix.worstAsymmetry, !(worst.relative <= 1e-6) {
                throw .notSymmetric(name, row: worst.row, column: worst.column)
            }
        }
    }

    /// Whether a variance and its inverse are numbers of full precision.
    private static func isVariance(_ value: Double) -> Bool { value.isNormal && (1 / value).isNormal }

    /// Standard deviations.
    public var sigma: [Double] {
        switch self {
        case .independent(let sigma): sigma
        case .covariance(let matrix): matrix.diagonal.map { $0.squareRoot() }
        }
    }

    /// The covariance matrix, full also where errors are independent.
    public var matrix: Matrix {
        switch self {
        case .independent(let sigma): Matrix(diagonal: sigma.map { $0 * $0 })
        case .covariance(let matrix): matrix
        }
    }
}

func checkLength(_ name: String, _ actual: Int, _ expected: Int) throws(InversionError) {
    guard actual == expected else { throw .wrongLength(of: name, expected: expected, actual: actual) }
}

func checkFinite(_ name: String, _ values: [Double]) throws(InversionError) {
    if let index = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(name, index: index) }
}

func checkFinite(_ name: String, _ matrix: Matrix) throws(InversionError) {
    if let place = matrix.firstNotFinite {
        throw .notFiniteElement(name, row: place.row, column: place.column)
    }
}

/// How many elements a state may have whose covariance is to be a matrix.
public enum DenseLimit {
    /// Two matrices of the size of the state fill the memory of this machine.
    public static var mostStates: Int {
        let numbers = physicalMemoryBytes / 16
        return Int(exactly: numbers.squareRoot().rounded(.down)) ?? 0
    }

    /// - Throws: ``InversionError/tooMany(_:count:most:)``.
    public static func check(_ states: Int) throws(InversionError) {
        guard states <= mostStates else { throw .tooMany("state", count: states, most: mostStates) }
    }
}
