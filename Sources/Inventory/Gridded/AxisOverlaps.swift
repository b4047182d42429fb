import Foundation
import Geo

/// How much of each cell of one axis lies in each cell of another. On regular grids of longitude and latitude the
/// overlap of two cells is the product of those of their sides, so that two such lists are all weights there are.
struct AxisOverlaps: Sendable {
    /// One for each pair of cells that overlap, by ascending source.
    private(set) var sources: [Int32] = []
    private(set) var targets: [Int32] = []
    /// The overlap over the length of the target, and over that of the source.
    private(set) var partsOfTarget: [Double] = []
    private(set) var partsOfSource: [Double] = []
    /// Where the pairs of each source begin; one more than there are sources.
    private(set) var starts: [Int] = [0]

    /// Longitudes, compared modulo 360 degrees.
    static func longitudes(from source: UniformAxis, to target: UniformAxis) -> AxisOverlaps {
        AxisOverlaps(source.count, source.edge, target.count, target.edge, circle: 360)
    }

    /// Latitudes, counted by their sines: areas on the sphere go with these. Edges beyond a pole lie at it.
    static func latitudes(from source: UniformAxis, to target: UniformAxis) -> AxisOverlaps {
        AxisOverlaps(
            source.count,
            { sine(source.edge($0)) },
            target.count,
            { sine(target.edge($0)) },
            circle: nil
        )
    }

    private static func sine(_ degrees: Double) -> Double { sin(min(90, max(-90, degrees)) * .pi / 180) }

    private init(
        _ sourceCount: Int,
        _ sourceEdge: (Int) -> Double,
        _ targetCount: Int,
        _ targetEdge: (Int) -> Double,
        circle: Double?
    ) {
        let edges = (0...targetCount).map(targetEdge)
        let shifts = circle.map { circle in (-3...3).map { Double($0) * circle } } ?? [0]
        for source in 0..<sourceCount {
            let (low, high) = (sourceEdge(source), sourceEdge(source + 1))
            for shift in shifts { append(source, low + shift, high + shift, edges) }
            starts.append(sources.count)
        }
    }

    private mutating func append(_ source: Int, _ low: Double, _ high: Double, _ edges: [Double]) {
        guard high > edges[0], low < edges[edges.count - 1], high > low else { return }
        var target = Self.cell(of: low, edges)
        while target < edges.count - 1, edges[target] < high {
            let overlap = min(high, edges[target + 1]) - max(low, edges[target])
            // Less is the rounding of two edges that are meant to be one.
            if overlap > Self.smallest * min(high - low, edges[target + 1] - edges[target]) {
                sources.append(Int32(truncatingIfNeeded: source))
                targets.append(Int32(truncatingIfNeeded: target))
                partsOfTarget.append(overlap / (edges[target + 1] - edges[target]))
                partsOfSource.append(overlap / (high - low))
            }
            target += 1
        }
    }

    private static let smallest = 1e-11

    private static func cell(of value: Double, _ edges: [Double]) -> Int {
        var (low, high) = (0, edges.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if edges[middle] <= value { low = middle } else { high = middle }
        }
        return low
    }

    /// The pairs of a source.
    func pairs(of source: Int) -> Range<Int> { starts[source]..<starts[source + 1] }

    /// The part of each source that lies within the target axis.
    var coverage: [Double] {
        (0..<(starts.count - 1)).map { source in pairs(of: source).reduce(0) { $0 + partsOfSource[$1] } }
    }
}
