import Foundation

/// The response of an instrument in units of its footprint, the same for all soundings.
///
/// The response is known at the nodes of a lattice over all that the instrument sees. Between them it is constant
/// along the first axis, with the exact mean of the interval, and linear along the second: so its integral over any
/// polygon is a sum of polynomials. That over the whole reach is exact within 1e-4, that over a part of it within
/// 2e-3 of the whole, as the tests measure.
struct ResponseTable {
    /// Intervals of the lattice along each axis.
    static let intervals = 48
    private static let nodes = intervals + 1

    let shape: ResponseShape
    /// Scales that make the response one half at the edges, and how far from the centre it can be 1e-4; half sides.
    let widths: (Double, Double)
    let reach: (Double, Double)
    /// For each node of the second axis the integral along the first, from its start to each node.
    private let cumulative: [Double]
    /// The integral along the second axis of the last of them, from its start to each node.
    private let totals: [Double]

    init(_ shape: ResponseShape) {
        self.shape = shape
        let exponents = (shape.along * shape.joint, shape.across * shape.joint)
        let widths = (pow(log(2), -1 / exponents.0), pow(log(2), -1 / exponents.1))
        let limit = -log(ResponseKernel.smallestMean)
        let reach = (widths.0 * pow(limit, 1 / exponents.0), widths.1 * pow(limit, 1 / exponents.1))
        self.widths = widths
        self.reach = reach
        let scale = (reach.0 / widths.0, reach.1 / widths.1)
        var cumulative = [Double](repeating: 0, count: Self.nodes * Self.nodes)
        for row in 0..<Self.nodes {
            // The response is the same on both sides of both axes.
            let mirrored = Self.intervals - row
            if mirrored < row {
                for node in 0..<Self.nodes {
                    cumulative[row * Self.nodes + node] = cumulative[mirrored * Self.nodes + node]
                }
                continue
            }
            let across = scale.1 * (1 - 2 * Double(row) / Double(Self.intervals))
            let means = Self.means(shape, across: across, scale: scale.0)
            for interval in 0..<Self.intervals {
                let node = row * Self.nodes + interval
                cumulative[node + 1] =
                    cumulative[node] + means[min(interval, Self.intervals - 1 - interval)]
            }
        }
        var totals = [Double](repeating: 0, count: Self.nodes)
        for row in 1..<Self.nodes {
            let ends = cumulative[row * Self.nodes - 1] + cumulative[(row + 1) * Self.nodes - 1]
            totals[row] = totals[row - 1] + ends / 2
        }
        self.cumulative = cumulative
        self.totals = totals
    }

    /// The mean response over each interval of the first half of the first axis (Gauss and Legendre, three points).
    private static func means(_ shape: ResponseShape, across: Double, scale: Double) -> [Double] {
        let rest = pow(abs(across), shape.across)
        return (0..<(intervals / 2)).map { interval in
            var sum = 0.0
            for (offset, weight) in [(-0.6.squareRoot(), 5.0), (0, 8), (0.6.squareRoot(), 5)] {
                let node = Double(interval) + (1 + offset) / 2
                let along = scale * (1 - 2 * node / Double(intervals))
                sum += weight * exp(-pow(pow(abs(along), shape.along) + rest, shape.joint))
            }
            return sum / 18
        }
    }

    /// The integral over all that the instrument sees, in squares of the lattice.
    var total: Double { totals[Self.intervals] }

    /// `∫ G dv` along a line, where `G` is the integral of the response along the first axis up to a point: round
    /// a polygon these add up to the integral over it (Green's theorem). Points in units of the lattice.
    func lineIntegral(from start: SIMD2<Double>, to end: SIMD2<Double>) -> Double {
        let way = end - start
        let side = Double(Self.intervals)
        guard way.y != 0 else { return 0 }
        // The part of the line within the reach along the second axis.
        let (south, north) = ((0 - start.y) / way.y, (side - start.y) / way.y)
        let (first, last) = (max(0, min(south, north)), min(1, max(south, north)))
        guard first < last else { return 0 }
        guard way.x != 0 else { return part(first, last, start, way) }
        // West of the reach nothing is seen; east of it the integral is that of the whole row.
        let (west, east) = ((0 - start.x) / way.x, (side - start.x) / way.x)
        let (enters, leaves) = (min(west, east), max(west, east))
        return part(first, min(last, enters), start, way)
            + part(max(first, enters), min(last, leaves), start, way)
            + part(max(first, leaves), last, start, way)
    }

    /// A part of a line that lies west of the reach, within it or east of it.
    private func part(_ first: Double, _ last: Double, _ start: SIMD2<Double>, _ way: SIMD2<Double>) -> Double
    {
        guard first < last else { return 0 }
        let across = start.x + (first + last) / 2 * way.x
        if across <= 0 { return 0 }
        if across >= Double(Self.intervals) {
            return wholeRows(below: start.y + last * way.y) - wholeRows(below: start.y + first * way.y)
        }
        return walk(first, last, start, way)
    }

    private func wholeRows(below v: Double) -> Double {
        let row = interval(v)
        let part = v - Double(row)
        let low = cumulative[row * Self.nodes + Self.intervals]
        let high = cumulative[(row + 1) * Self.nodes + Self.intervals]
        return totals[row] + part * (low + part / 2 * (high - low))
    }

    /// From square to square of the lattice; in each `G` is a polynomial of the second degree along the line, which
    /// the rule of Simpson integrates exactly.
    private func walk(_ first: Double, _ last: Double, _ start: SIMD2<Double>, _ way: SIMD2<Double>) -> Double
    {
        let steps = SIMD2(1 / abs(way.x), 1 / abs(way.y))
        let middle = start + way * (first + min(last - first, steps.min() * 1e-6) / 2)
        var column = interval(middle.x)
        var row = interval(middle.y)
        let (eastward, northward) = (way.x > 0, way.y > 0)
        var nextColumn = way.x == 0 ? .infinity : (Double(column + (eastward ? 1 : 0)) - start.x) / way.x
        var nextRow = (Double(row + (northward ? 1 : 0)) - start.y) / way.y
        var place = first
        var sum = 0.0
        while place < last {
            let next = min(nextColumn, nextRow, last)
            if next > place {
                sum += (next - place) * mean(start + way * place, start + way * next, column, row)
                place = next
            }
            guard place < last else { break }
            if nextColumn <= nextRow {
                column += eastward ? 1 : -1
                nextColumn += steps.x
                guard (0..<Self.intervals).contains(column) else { break }
            } else {
                row += northward ? 1 : -1
                nextRow += steps.y
                guard (0..<Self.intervals).contains(row) else { break }
            }
        }
        return sum * way.y
    }

    /// The mean of `G` along a line within one square.
    private func mean(_ start: SIMD2<Double>, _ end: SIMD2<Double>, _ column: Int, _ row: Int) -> Double {
        let corner = SIMD2(Double(column), Double(row))
        let (a, b) = (start - corner, end - corner)
        let node = row * Self.nodes + column
        let values = cumulative.span
        let (southWest, northWest) = (values[node], values[node + Self.nodes])
        let south = values[node + 1] - southWest
        let twist = values[node + Self.nodes + 1] - northWest - south
        let half = (a + b) / 2
        // ∫ xy along a line is the product of the means and a twelfth of the product of the differences.
        return southWest + south * half.x + (northWest - southWest) * half.y
            + twist * (half.x * half.y + (b.x - a.x) * (b.y - a.y) / 12)
    }

    private func interval(_ coordinate: Double) -> Int {
        Int(min(max(coordinate, 0), Double(Self.intervals - 1)))
    }
}
