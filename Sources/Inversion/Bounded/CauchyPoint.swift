/// The first local minimum of the quadratic model along the projected steepest descent (Byrd et al. 1995,
/// algorithm CP).
struct CauchyPoint {
    private(set) var point: [Double]
    /// Wᵀ (point - start).
    private(set) var projection: [Double]
    /// Variables that met no bound on the way.
    private(set) var free: [Int] = []

    init(model: CompactHessian, point start: [Double], gradient: [Double], bounds: Bounds) {
        point = start
        projection = [Double](repeating: 0, count: model.rank)
        let breaks = start.indices.map { Self.breakPoint(start[$0], gradient[$0], bounds, $0) }
        var direction = gradient.indices.map { breaks[$0] > 0 ? -gradient[$0] : 0 }
        let squared = squaredNorm(direction)
        var isFree = breaks.map { $0 > 0 }
        defer { free = isFree.indices.filter { isFree[$0] } }
        guard squared > 0 else { return }
        var path = model.transposedTimes(direction)
        var slope = -squared
        var curvature = model.scale * squared - dotProduct(path, model.middleTimes(path))
        let floor = 2.2e-16 * model.scale * squared
        var remaining = -slope / max(curvature, floor)
        var time = 0.0
        let order = breaks.indices.filter { breaks[$0] > 0 && breaks[$0] < .infinity }
            .sorted { (breaks[$0], $0) < (breaks[$1], $1) }
        for index in order {
            let length = breaks[index] - time
            guard remaining >= length else { break }
            point[index] = gradient[index] < 0 ? bounds.upper[index] : bounds.lower[index]
            let moved = point[index] - start[index]
            for entry in projection.indices { projection[entry] += length * path[entry] }
            let part = gradient[index]
            let row = model.row(index)
            let bent = model.middleTimes(row)
            slope +=
                length * curvature + part * part + model.scale * part * moved
                - part * dotProduct(bent, projection)
            curvature -=
                model.scale * part * part + 2 * part * dotProduct(bent, path)
                + part * part * dotProduct(bent, row)
            for entry in path.indices { path[entry] += part * row[entry] }
            direction[index] = 0
            isFree[index] = false
            remaining = -slope / max(curvature, floor)
            time = breaks[index]
        }
        let rest = max(0, remaining)
        for entry in projection.indices { projection[entry] += rest * path[entry] }
        for index in direction.indices where direction[index] != 0 {
            point[index] = bounds.clamped(start[index] + (time + rest) * direction[index], at: index)
        }
    }

    /// How long the variable moves before it meets its bound.
    private static func breakPoint(
        _ value: Double,
        _ slope: Double,
        _ bounds: Bounds,
        _ index: Int
    ) -> Double {
        if slope < 0 { return (value - bounds.upper[index]) / slope }
        if slope > 0 { return (value - bounds.lower[index]) / slope }
        return .infinity
    }
}
