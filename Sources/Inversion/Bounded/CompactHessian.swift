import LinearAlgebra

/// The limited-memory matrix θ I - W M Wᵀ with W = [Y, θ S] (Byrd, Nocedal, Schnabel 1994, Math. Program. 63,
/// 129), where S holds the last steps and Y the changes of the gradient.
struct CompactHessian {
    private let dimension: Int
    private let memory: Int
    private var steps: [[Double]] = []
    private var changes: [[Double]] = []
    private(set) var scale = 1.0
    /// Columns of W: changes first, then scaled steps.
    private var columns: [[Double]] = []
    private var middle: LUFactor?

    init(dimension: Int, memory: Int) {
        self.dimension = dimension
        self.memory = memory
    }

    var isEmpty: Bool { columns.isEmpty }
    var rank: Int { columns.count }

    /// Takes a pair where the function curves upwards along the step; others would make the matrix indefinite.
    mutating func add(step: [Double], change: [Double]) {
        let curvature = dotProduct(step, change)
        let size = squaredNorm(change)
        guard curvature > 2.2e-16 * size, curvature.isFinite else { return }
        if steps.count == memory {
            steps.removeFirst()
            changes.removeFirst()
        }
        steps.append(step)
        changes.append(change)
        scale = size / curvature
        rebuild()
    }

    private mutating func rebuild() {
        let count = steps.count
        var inverse = Matrix(rows: 2 * count, columns: 2 * count)
        for row in 0..<count {
            inverse[row, row] = -dotProduct(steps[row], changes[row])
            for column in 0..<count {
                inverse[count + row, count + column] = scale * dotProduct(steps[row], steps[column])
                guard row > column else { continue }
                let product = dotProduct(steps[row], changes[column])
                inverse[count + row, column] = product
                inverse[column, count + row] = product
            }
        }
        guard let factor = try? LUFactor(factoring: inverse) else {
            // Steps that repeat each other to the last bit: start afresh.
            self = CompactHessian(dimension: dimension, memory: memory)
            return
        }
        middle = factor
        columns = changes + steps.map { step in step.map { scale * $0 } }
    }

    /// M·v.
    func middleTimes(_ vector: [Double]) -> [Double] { middle?.solve(vector) ?? [] }

    /// Row `index` of W.
    func row(_ index: Int) -> [Double] { columns.map { $0[index] } }

    /// Wᵀ·v.
    func transposedTimes(_ vector: [Double]) -> [Double] { columns.map { dotProduct($0, vector) } }

    /// Element `index` of W·v.
    func product(_ vector: [Double], at index: Int) -> Double {
        var sum = 0.0
        for column in columns.indices { sum += columns[column][index] * vector[column] }
        return sum
    }

    /// Wᵀ Z Zᵀ W for the given variables.
    func gram(over free: [Int]) -> Matrix {
        var result = Matrix(rows: rank, columns: rank)
        for row in 0..<rank {
            for column in 0...row {
                var sum = 0.0
                for index in free { sum += columns[row][index] * columns[column][index] }
                result[row, column] = sum
                result[column, row] = sum
            }
        }
        return result
    }
}

extension CompactHessian {
    /// The minimum of the quadratic model inside the bounds, near enough: Cauchy point, then the subspace.
    func target(from point: [Double], gradient: [Double], bounds: Bounds) -> [Double] {
        let cauchy = CauchyPoint(model: self, point: point, gradient: gradient, bounds: bounds)
        guard !isEmpty, !cauchy.free.isEmpty else { return cauchy.point }
        return minimumOverSubspace(cauchy, from: point, gradient: gradient, bounds: bounds) ?? cauchy.point
    }

    private func minimumOverSubspace(
        _ cauchy: CauchyPoint,
        from point: [Double],
        gradient: [Double],
        bounds: Bounds
    ) -> [Double]? {
        let bent = middleTimes(cauchy.projection)
        let reduced = cauchy.free.map { index in
            gradient[index] + scale * (cauchy.point[index] - point[index]) - product(bent, at: index)
        }
        guard let inner = innerSolution(reduced, free: cauchy.free) else { return nil }
        let steps = zip(cauchy.free, reduced).map { index, value in
            -value / scale - product(inner, at: index) / (scale * scale)
        }
        var target = cauchy.point
        for (index, step) in zip(cauchy.free, steps) {
            target[index] = bounds.clamped(cauchy.point[index] + step, at: index)
        }
        let slope = point.indices.reduce(0) { $0 + (target[$1] - point[$1]) * gradient[$1] }
        guard !(slope < 0) else { return target }
        // The projected point need not go down: then as much of the step as the bounds allow.
        let share = zip(cauchy.free, steps).reduce(1.0) { share, pair in
            let (index, step) = pair
            let room = (step > 0 ? bounds.upper[index] : bounds.lower[index]) - cauchy.point[index]
            return step == 0 ? share : min(share, room / step)
        }
        for (index, step) in zip(cauchy.free, steps) {
            target[index] = bounds.clamped(cauchy.point[index] + share * step, at: index)
        }
        return target
    }

    /// (I - M Wᵀ Z Zᵀ W / θ)⁻¹ M Wᵀ Z r (Sherman, Morrison, Woodbury).
    private func innerSolution(_ reduced: [Double], free: [Int]) -> [Double]? {
        var projected = [Double](repeating: 0, count: rank)
        for column in 0..<rank {
            for (index, value) in zip(free, reduced) { projected[column] += columns[column][index] * value }
        }
        let gram = gram(over: free)
        var system = Matrix(rows: rank, columns: rank)
        for column in 0..<rank {
            let solved = middleTimes((0..<rank).map { gram[$0, column] })
            for row in 0..<rank { system[row, column] = (row == column ? 1 : 0) - solved[row] / scale }
        }
        return (try? LUFactor(factoring: system))?.solve(middleTimes(projected))
    }
}
