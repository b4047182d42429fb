import LinearAlgebra

/// What a symmetric operator is on the Krylov space that an iteration has gone through.
struct Tridiagonal: Sendable {
    private(set) var diagonal: [Double] = []
    /// Element j couples steps j and j + 1; the last one leads out of the space.
    private(set) var coupling: [Double] = []

    var order: Int { diagonal.count }

    mutating func append(diagonal value: Double, coupling next: Double) {
        diagonal.append(value)
        coupling.append(next)
    }

    func eigen(_ name: String) throws(InversionError) -> SymmetricEigen {
        var matrix = Matrix(diagonal: diagonal)
        for step in 1..<max(1, order) { matrix[step, step - 1] = coupling[step - 1] }
        do { return try SymmetricEigen(decomposing: matrix) } catch { throw .algebra(name, error) }
    }

    /// The Gauss quadrature of eᵀ f(A) e, with e the unit vector from which the iteration started (Golub and Meurant
    /// 2010, Matrices, Moments and Quadrature, chapter 6).
    func quadratures(_ functions: [(Double) -> Double]) throws(InversionError) -> [Double] {
        guard order > 0 else { return functions.map { _ in 0 } }
        let eigen = try eigen("quadrature of the posterior")
        return functions.map { function in
            eigen.values.indices.reduce(0) { sum, index in
                let first = eigen.vectors[index, 0]
                return sum + first * first * function(eigen.values[index])
            }
        }
    }
}
