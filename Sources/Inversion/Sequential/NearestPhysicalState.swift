import LinearAlgebra

/// The most probable state of a Gaussian under lower bounds: the minimum of (x - μ)ᵀ P⁻¹ (x - μ) with x ≥ l.
///
/// Because a Gaussian posterior holds all that prior and observations say, this is the solution of the bounded problem
/// of the whole window, not a truncation of single values. Solved in its dual, x = μ + P·λ with λ ≥ 0 on the bounded
/// elements, by the active-set method of Lawson and Hanson (1974, chapter 23), which ends after finitely many steps
/// at the exact optimum and never inverts P.
struct NearestPhysicalState {
    private(set) var mean: [Double]
    /// P given that the elements at their bounds stay there.
    let covariance: Matrix
    /// Elements at their bounds because they would be below.
    let atBound: [Int]

    /// - Parameter bounds: elements and the smallest value of each.
    init(
        mean unbounded: [Double],
        covariance: Matrix,
        bounds: [(element: Int, value: Double)]
    ) throws(LinearAlgebraError) {
        var search = DualSearch(mean: unbounded, covariance: covariance, bounds: bounds)
        try search.run()
        let active = search.active.sorted()
        guard !active.isEmpty else {
            (mean, self.covariance, atBound) = (unbounded, covariance, [])
            return
        }
        let columns = part(
            covariance,
            rows: Array(unbounded.indices),
            columns: active.map { bounds[$0].element }
        )
        let inner = part(
            covariance,
            rows: active.map { bounds[$0].element },
            columns: active.map { bounds[$0].element }
        )
        let factor = try Cholesky(factoring: inner)
        let shift = columns.times(active.map { search.multipliers[$0] })
        mean = zip(unbounded, shift).map { $0 + $1 }
        var conditional = covariance
        let reduction = factor.solveFromRight(columns, transposed: true)
        conditional.addProductTransposed(of: reduction, scale: -1)
        conditional.mirrorLowerTriangle()
        atBound = active.map { bounds[$0].element }
        for index in active {
            let element = bounds[index].element
            mean[element] = bounds[index].value
            for other in unbounded.indices {
                conditional[element, other] = 0
                conditional[other, element] = 0
            }
        }
        self.covariance = conditional
    }
}

/// The active set, and the multipliers of the bounds.
private struct DualSearch {
    let mean: [Double]
    let covariance: Matrix
    let bounds: [(element: Int, value: Double)]
    var active: [Int] = []
    var multipliers: [Double]

    init(mean: [Double], covariance: Matrix, bounds: [(element: Int, value: Double)]) {
        self.mean = mean
        self.covariance = covariance
        self.bounds = bounds
        multipliers = [Double](repeating: 0, count: bounds.count)
    }

    mutating func run() throws(LinearAlgebraError) {
        while let next = mostViolated() {
            active.append(next)
            try settle()
        }
    }

    /// The bound that is violated by the most standard deviations; nil when all hold to rounding.
    private func mostViolated() -> Int? {
        var worst: (index: Int, depth: Double)?
        let loaded = active.filter { multipliers[$0] != 0 }
        for (index, bound) in bounds.enumerated() where !active.contains(index) {
            var value = mean[bound.element]
            for other in loaded {
                value += covariance[bound.element, bounds[other].element] * multipliers[other]
            }
            let sigma = covariance[bound.element, bound.element].squareRoot()
            guard sigma > 0 else { continue }
            let depth = (bound.value - value) / sigma
            if depth > max(1e-10, worst?.depth ?? 0) { worst = (index, depth) }
        }
        return worst?.index
    }

    /// Solves for the active multipliers, letting go of those that would turn negative.
    private mutating func settle() throws(LinearAlgebraError) {
        while true {
            let elements = active.map { bounds[$0].element }
            let factor = try Cholesky(factoring: part(covariance, rows: elements, columns: elements))
            let wanted = factor.solve(active.map { bounds[$0].value - mean[bounds[$0].element] })
            guard let blocking = blockingStep(towards: wanted) else {
                for (index, value) in zip(active, wanted) { multipliers[index] = value }
                return
            }
            for (index, value) in zip(active, wanted) {
                multipliers[index] += blocking.step * (value - multipliers[index])
            }
            multipliers[blocking.index] = 0
            active.removeAll { multipliers[$0] <= 0 }
        }
    }

    /// How far the multipliers may move before the first one becomes zero; nil when they may move all the way.
    private func blockingStep(towards wanted: [Double]) -> (index: Int, step: Double)? {
        var first: (index: Int, step: Double)?
        for (index, value) in zip(active, wanted) where value <= 0 {
            let now = multipliers[index]
            let step = now > 0 ? now / (now - value) : 0
            if step < first?.step ?? .infinity { first = (index, step) }
        }
        return first
    }
}

private func part(_ matrix: Matrix, rows: [Int], columns: [Int]) -> Matrix {
    var result = Matrix(rows: rows.count, columns: columns.count)
    for (row, source) in rows.enumerated() {
        for (column, from) in columns.enumerated() { result[row, column] = matrix[source, from] }
    }
    return result
}
