public import LinearAlgebra

/// A correlation matrix that is held in full: sectors, small irregular regions, one axis of a grid.
///
/// The root is the Cholesky factor. Where rounding makes a smooth kernel lose its definiteness, it is the symmetric
/// root, whose square is C to rounding.
public struct DenseCorrelation: CorrelationFactor {
    public var count: Int { root.rows }
    public var controlCount: Int { root.columns }
    /// L.
    private let root: Matrix

    /// - Parameter matrix: symmetric, with ones on the diagonal.
    /// - Throws: ``InversionError`` that names the element at fault, or says that the matrix is indefinite.
    public init(_ matrix: Matrix) throws(InversionError) {
        let name = "prior correlation"
        try ErrorModel.covariance(matrix).validate(name, count: matrix.rows)
        guard matrix.rows > 0 else { throw .empty("correlation") }
        if let index = matrix.diagonal.firstIndex(where: { abs($0 - 1) > 1e-9 }) {
            throw .outOfRange("diagonal of \(name)", index: index)
        }
        root = try Self.root(of: matrix, name)
    }

    /// Places at any distances of each other: in a plane or along a great circle.
    ///
    /// - Parameter distance: of two members, in the unit of the length; asked for the first above the second.
    public init(
        count: Int,
        kernel: CorrelationKernel,
        distance: (Int, Int) -> Double
    ) throws(InversionError) {
        try kernel.validate()
        guard count > 0 else { throw .empty("correlation") }
        guard count <= Self.mostMembers else {
            throw .algebra("prior correlation", .tooLarge(rows: count, columns: count))
        }
        var matrix = Matrix(rows: count, columns: count)
        for first in 0..<count {
            matrix[first, first] = 1
            for second in 0..<first {
                let correlation = kernel.correlation(at: distance(first, second))
                guard correlation.isFinite else {
                    throw .notFinite("distances", index: first * count + second)
                }
                matrix[first, second] = correlation
                matrix[second, first] = correlation
            }
        }
        root = try Self.root(of: matrix, "prior correlation")
    }

    /// Places along one axis.
    public init(coordinates: [Double], kernel: CorrelationKernel) throws(InversionError) {
        try checkFinite("coordinates", coordinates)
        try self.init(count: coordinates.count, kernel: kernel) { abs(coordinates[$0] - coordinates[$1]) }
    }

    /// 3.2 GB of matrix; larger regions take a structured correlation.
    static let mostMembers = 20_000

    private static func root(of matrix: Matrix, _ name: String) throws(InversionError) -> Matrix {
        do { return try Cholesky(factoring: matrix).factor } catch {
            guard case .notPositiveDefinite = error else { throw .algebra(name, error) }
            return try symmetricRoot(of: matrix, name, error)
        }
    }

    private static func symmetricRoot(
        of matrix: Matrix,
        _ name: String,
        _ failure: LinearAlgebraError
    ) throws(InversionError) -> Matrix {
        let eigen: SymmetricEigen
        do { eigen = try SymmetricEigen(decomposing: matrix) } catch { throw .algebra(name, error) }
        let largest = eigen.values.last ?? 0
        // The backward error of the decomposition; a matrix further from definite is no correlation.
        guard let smallest = eigen.values.first, smallest >= -1e-13 * Double(matrix.rows) * largest else {
            throw .algebra(name, failure)
        }
        return eigen.mapped { max(0, $0).squareRoot() }
    }

    public func applyRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        apply(block, outer: outer, inner: inner, transposed: false)
    }

    public func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        apply(block, outer: outer, inner: inner, transposed: true)
    }

    private func apply(_ block: [Double], outer: Int, inner: Int, transposed: Bool) -> [Double] {
        if inner == 1 {
            let matrix = Matrix(rows: outer, columns: count, storage: block)
            return (transposed ? matrix.times(root) : matrix.timesTransposed(root)).storage
        }
        var result: [Double] = []
        result.reserveCapacity(block.count)
        let length = count * inner
        for slab in 0..<outer {
            let part = Array(block[(slab * length)..<((slab + 1) * length)])
            let matrix = Matrix(rows: count, columns: inner, storage: part)
            result += (transposed ? root.transposedTimes(matrix) : root.times(matrix)).storage
        }
        return result
    }
}
