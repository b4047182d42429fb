import COpenBLAS

/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = Σ values[i] · vᵢ·vᵢᵀ.
public struct SymmetricEigen: Sendable {
    /// In ascending order.
    public let values: [Double]
    /// Row i is the eigenvector of `values[i]`; its sign is arbitrary, and so is the basis of a repeated value.
    public let vectors: Matrix

    /// Decomposes a matrix of which only the lower triangle is read; its storage is reused when it is not shared.
    ///
    /// - Throws: ``LinearAlgebraError`` when the matrix is not square, not finite, too large, or when the
    ///   iteration does not converge.
    public init(decomposing matrix: consuming Matrix) throws(LinearAlgebraError) {
        let size = try matrix.symmetricSize()
        BLASConfiguration.ensurePinned()
        var values = [Double](repeating: 0, count: matrix.rows)
        // Read by columns the lower triangle is the upper one, and eigenvectors come as rows.
        let information = LAPACKE_dsyevd(
            LAPACK_COL_MAJOR,
            CChar(UInt8(ascii: "V")),
            CChar(UInt8(ascii: "U")),
            size,
            &matrix.storage,
            max(1, size),
            &values
        )
        guard information == 0 else { throw .notConverged(order: matrix.rows) }
        self.values = values
        vectors = matrix
    }

    /// Σ function(values[i]) · vᵢ·vᵢᵀ, symmetric to the bit.
    ///
    /// - Precondition: the function is not negative at any of the values.
    public func mapped(_ function: (Double) -> Double) -> Matrix {
        var scaled = vectors
        scaled.scaleRows(by: values.map { function($0).squareRoot() })
        return .transposedProduct(of: scaled)
    }
}
