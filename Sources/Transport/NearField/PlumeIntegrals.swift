import Foundation

/// A place in the frame of a plume, metres: downwind of its source, across the wind, above ground.
typealias PlumePoint = SIMD3<Double>

extension GaussianPlume {
    /// The error that integrals along lines and over areas are allowed, as a share of their value.
    static let integralTolerance = 1e-7

    /// Mean concentration along a straight way, kg m-3 per kg s-1.
    ///
    /// Where the way crosses the wind at right angles and at one height it is an error function; else Gauss and Kronrod
    /// to a bound of the error of ``integralTolerance``, with pieces round the axis of the plume.
    func mean(from start: PlumePoint, to end: PlumePoint) -> Quadrature {
        let way = end - start
        guard way.sum().isFinite else { return Quadrature() }
        let length = max(abs(way.x), abs(way.y), abs(way.z))
        guard length > 0 else {
            return Quadrature(
                value: concentration(downwindMetres: start.x, acrossMetres: start.y, atMetres: start.z)
            )
        }
        if abs(way.x) <= 1e-9 * length, abs(way.z) <= 1e-9 * length {
            return Quadrature(value: crossingMean(start, end))
        }
        return integrate(over: pieces(from: start, way: way), relativeTolerance: Self.integralTolerance) {
            share in
            let point = start + share * way
            return concentration(downwindMetres: point.x, acrossMetres: point.y, atMetres: point.z)
        }
    }

    private func crossingMean(_ start: PlumePoint, _ end: PlumePoint) -> Double {
        guard let section = crossSection(downwindMetres: start.x) else { return 0 }
        let share = normalShare(from: start.y / section.acrossMetres, to: end.y / section.acrossMetres)
        return section.crosswindIntegral(atMetres: start.z) * share / (end.y - start.y)
    }

    /// Ends of the pieces of a way, 0...1: where it enters the plume, where it crosses the axis and some widths about
    /// it, and distances from the source by factors of three.
    private func pieces(from start: PlumePoint, way: PlumePoint) -> [Double] {
        var shares = [0.0, 1.0]
        if way.y != 0 {
            let axis = -start.y / way.y
            shares.append(axis)
            let x = start.x + axis * way.x
            let width = crossSection(downwindMetres: max(x, Self.leastDownwindMetres))?.acrossMetres ?? 1
            for sigmas in [0.5, 1, 2, 4, 8, 16] {
                let step = sigmas * width / abs(way.y)
                shares += [axis - step, axis + step]
            }
        }
        if way.x != 0 {
            var x = Self.leastDownwindMetres
            for _ in 0..<12 {
                shares.append((x - start.x) / way.x)
                x *= 3
            }
        }
        return shares.filter { (0...1).contains($0) }.sorted()
    }

    /// Concentration at a height integrated over a flat region of the frame, kg m-1 per kg s-1: for each distance
    /// downwind the share of the plume between two edges is an error function, so that only the edges are integrated,
    /// as Green's theorem has it, each in the logarithm of the distance.
    ///
    /// - Parameter corners: x and y of any simple polygon.
    func areaIntegral(corners: [SIMD2<Double>], atMetres height: Double) -> Quadrature {
        var total = Quadrature()
        var twiceArea = 0.0
        for index in corners.indices {
            let (start, end) = (corners[index], corners[(index + 1) % corners.count])
            twiceArea += start.x * end.y - end.x * start.y
            let edge = edgeIntegral(from: start, to: end, atMetres: height)
            total.value -= edge.value
            total.error += edge.error
        }
        if twiceArea < 0 { total.value = -total.value }
        return total
    }

    /// The integral over x along an edge of the concentration that lies below it in y, signed by its direction.
    func edgeIntegral(from start: SIMD2<Double>, to end: SIMD2<Double>, atMetres height: Double) -> Quadrature
    {
        guard start.x != end.x, (start.x + start.y + end.x + end.y).isFinite else { return Quadrature() }
        let (low, high) = start.x < end.x ? (start, end) : (end, start)
        guard high.x > Self.leastDownwindMetres else { return Quadrature() }
        let slope = (high.y - low.y) / (high.x - low.x)
        let points = edgePieces(low: low, high: high, slope: slope)
        // Where almost nothing of the plume lies below the edge, shares of what lies there are beside the point.
        let scale = crosswindIntegral(downwindMetres: high.x, atMetres: height) * (high.x - low.x)
        var result = integrate(over: points, relativeTolerance: 1e-9, absoluteTolerance: 1e-12 * scale) {
            logarithm in
            let x = exp(logarithm)
            guard let section = crossSection(downwindMetres: x) else { return 0 }
            let y = low.y + slope * (x - low.x)
            return x * section.crosswindIntegral(atMetres: height)
                * normalShare(from: -.infinity, to: y / section.acrossMetres)
        }
        if start.x > end.x { result.value = -result.value }
        return result
    }

    private func edgePieces(low: SIMD2<Double>, high: SIMD2<Double>, slope: Double) -> [Double] {
        // A hair inside of the least distance, so that rounding of exp(log(x)) finds the plume there.
        let first = log(max(low.x, Self.leastDownwindMetres * (1 + 1e-14)))
        let last = log(high.x)
        var points = [first, last]
        let crossing = low.x - low.y / slope
        if slope != 0, crossing > 0, crossing.isFinite {
            points.append(log(crossing))
            let width =
                crossSection(downwindMetres: max(crossing, Self.leastDownwindMetres))?.acrossMetres ?? 1
            for sigmas in [1.0, 4] {
                for x in [crossing - sigmas * width / abs(slope), crossing + sigmas * width / abs(slope)]
                where x > 0 { points.append(log(x)) }
            }
        }
        points += stride(from: first, to: last, by: 1).dropFirst()
        return points.filter { $0 >= first && $0 <= last }.sorted()
    }
}

/// How much of a standard normal distribution lies between two values, exact in its tails; negative where they descend.
func normalShare(from low: Double, to high: Double) -> Double {
    let root = 0.5.squareRoot()
    // erfc keeps the digits of a far tail that a difference of erf loses.
    if low > 0, high > 0 { return 0.5 * (erfc(low * root) - erfc(high * root)) }
    if low < 0, high < 0 { return 0.5 * (erfc(-high * root) - erfc(-low * root)) }
    return 0.5 * (erf(high * root) - erf(low * root))
}
