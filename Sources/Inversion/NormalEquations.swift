public import Concurrent
import Foundation
public import LinearAlgebra

/// The sums over observations that a state-space solution needs. They add up row by row, so that a problem can
/// be streamed from files with the memory of one block of rows and of one states x states matrix.
public struct NormalEquations: Sendable {
    /// Hᵀ R⁻¹ H as it is kept.
    enum Sums: Sendable {
        case symmetric(LowerPanels)
        /// Sums of another program whose two triangles differ by its rounding.
        case general(Matrix)
    }

    private(set) var sums: Sums
    /// Hᵀ R⁻¹ (y - H x_prior), one per state element.
    public private(set) var gradient: [Double]
    /// Observations added so far; 0 where only the sums are known.
    public private(set) var observationCount = 0
    /// dᵀ R⁻¹ d with d = y - H x_prior.
    public private(set) var innovationSquare = 0.0
    /// ln det R.
    public private(set) var errorLogDeterminant = 0.0

    /// Threads that share large products; results do not depend on it.
    public var threads = availableThreads

    public init(stateCount: Int) {
        sums = .symmetric(LowerPanels(order: stateCount))
        gradient = [Double](repeating: 0, count: stateCount)
    }

    /// Sums that another program made, such as `KTinvSoK` and `KTinvSoyKxA` of the Integrated Methane Inversion.
    ///
    /// They are used as they stand, also where the triangles differ by rounding (1e-8 in files of that program);
    /// to average them would change its answer in the eighth digit.
    ///
    /// - Parameters:
    ///   - information: Hᵀ R⁻¹ H, symmetric.
    ///   - gradient: Hᵀ R⁻¹ (y - H x_prior).
    /// - Throws: ``InversionError`` when the shapes differ or values are not finite.
    public init(information: Matrix, gradient: [Double]) throws(InversionError) {
        guard !gradient.isEmpty else { throw .empty("state") }
        try checkLength("rows of the normal matrix", information.rows, gradient.count)
        try checkLength("columns of the normal matrix", information.columns, gradient.count)
        try checkFinite("normal matrix", information.storage)
        try checkFinite("gradient", gradient)
        if let worst = information.worstAsymmetry, !(worst.relative <= 1e-6) {
            throw .notSymmetric("normal matrix", row: worst.row, column: worst.column)
        }
        let isSymmetric = information.worstAsymmetry == nil
        sums = isSymmetric ? .symmetric(LowerPanels(lowerTriangleOf: information)) : .general(information)
        self.gradient = gradient
    }

    /// Hᵀ R⁻¹ H, states x states.
    public var information: Matrix {
        switch sums {
        case .symmetric(let panels): panels.symmetricMatrix
        case .general(let matrix): matrix
        }
    }

    var stateCount: Int { gradient.count }

    /// The sums, which leave memory with what takes them.
    mutating func takeSums() -> Sums {
        let taken = sums
        sums = .symmetric(LowerPanels(order: 0))
        return taken
    }

    /// Adds observations whose errors are independent of each other and of all others.
    ///
    /// - Parameters:
    ///   - jacobian: rows of H, observations x states.
    ///   - innovations: y - H x_prior of these rows.
    ///   - sigma: standard deviations, all positive.
    public mutating func add(jacobian: Matrix, innovations: [Double], sigma: [Double]) {
        precondition(innovations.count == jacobian.rows && sigma.count == jacobian.rows, "rows differ")
        let whitened = zip(innovations, sigma).map { $0 / $1 }
        add(jacobian, scaledBy: sigma.map { 1 / $0 }, whitened)
        errorLogDeterminant += 2 * sigma.reduce(0) { $0 + log($1) }
    }

    /// Adds observations whose errors depend on each other, but on no others.
    ///
    /// - Parameter covariance: R of these rows.
    /// - Throws: ``InversionError/algebra(_:_:)`` when it is not positive definite.
    public mutating func add(
        jacobian: Matrix,
        innovations: [Double],
        covariance: Matrix
    ) throws(InversionError) {
        precondition(innovations.count == jacobian.rows && covariance.rows == jacobian.rows, "rows differ")
        let cholesky: Cholesky
        do { cholesky = try Cholesky(factoring: covariance, threads: threads) } catch {
            throw .algebra("observation_covariance", error)
        }
        add(
            whitenedJacobian: cholesky.forwardSolve(jacobian, threads: threads),
            whitenedInnovations: cholesky.forwardSolve(innovations)
        )
        errorLogDeterminant += cholesky.logDeterminant
    }

    /// Adds rows that were already multiplied by the inverse Cholesky factor of R.
    mutating func add(whitenedJacobian: Matrix, whitenedInnovations: [Double]) {
        let ones = [Double](repeating: 1, count: whitenedJacobian.rows)
        add(whitenedJacobian, scaledBy: ones, whitenedInnovations)
    }

    private mutating func add(
        _ matrix: Matrix,
        scaledBy scales: [Double],
        _ whitenedInnovations: [Double]
    ) {
        guard case .symmetric(var panels) = sums else {
            preconditionFailure("sums of another program are complete")
        }
        // The sums must have one owner, or they are copied with every block.
        sums = .symmetric(LowerPanels(order: 0))
        panels.addTransposedProduct(
            of: matrix,
            rows: 0..<matrix.rows,
            scaledBy: scales,
            threads: threads
        )
        sums = .symmetric(panels)
        let weights = zip(whitenedInnovations, scales).map { $0 * $1 }
        let part = matrix.transposedTimes(weights)
        for index in gradient.indices { gradient[index] += part[index] }
        innovationSquare += squaredNorm(whitenedInnovations)
        observationCount += whitenedInnovations.count
    }

    /// Rows added at once by ``init(_:)``: small beside the matrices, large enough for BLAS.
    static let blockRows = 256

    /// The sums of a whole problem. Where R is diagonal, H is never copied.
    ///
    /// - Throws: ``InversionError/algebra(_:_:)`` when a full R is not positive definite.
    public init(_ problem: LinearProblem, threads: Int = availableThreads) throws(InversionError) {
        try self.init(problem, innovations: problem.innovations, threads: threads)
    }

    init(_ problem: LinearProblem, innovations: [Double], threads: Int) throws(InversionError) {
        self.init(stateCount: problem.stateCount)
        self.threads = threads
        switch problem.observationError {
        case .independent(let sigma):
            add(jacobian: problem.jacobian, innovations: innovations, sigma: sigma)
        case .covariance(let matrix):
            try add(jacobian: problem.jacobian, innovations: innovations, covariance: matrix)
        }
    }
}
