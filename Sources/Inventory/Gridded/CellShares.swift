import Foundation
import Geo

/// For each cell of a grid of longitude and latitude, the cells of a projected grid that it lies in, with the share of
/// its emission that each gets.
struct CellShares: Sendable {
    private var starts: [Int] = [0]
    private var targets: [Int32] = []
    private var shares: [Double] = []

    /// Larger cells are divided before they are projected, so that their edges follow the parallels; degrees.
    private static let longestSide = 0.25

    init(from source: LatitudeLongitudeGrid, to target: ProjectedGrid) {
        let bounds = target.geographicBounds
        var overlaps = CellOverlaps(target.plane)
        var found: [Int: Double] = [:]
        for row in 0..<source.rows {
            let isNear =
                source.latitude.edge(row + 1) >= bounds.south && source.latitude.edge(row) <= bounds.north
            for column in 0..<source.columns {
                if isNear, Self.meets(source.longitude, column, bounds.west, bounds.east) {
                    found.removeAll(keepingCapacity: true)
                    Self.gather(source, row, column, target, &overlaps, &found)
                    for (cell, share) in found.sorted(by: { $0.key < $1.key }) {
                        targets.append(Int32(truncatingIfNeeded: cell))
                        shares.append(share)
                    }
                }
                starts.append(targets.count)
            }
        }
    }

    func forEach(of cell: Int, _ body: (Int, Double) -> Void) {
        for index in starts[cell]..<starts[cell + 1] { body(Int(targets[index]), shares[index]) }
    }

    private static func meets(_ axis: UniformAxis, _ column: Int, _ west: Double, _ east: Double) -> Bool {
        [-720.0, -360, 0, 360, 720].contains {
            axis.edge(column + 1) + $0 >= west && axis.edge(column) + $0 <= east
        }
    }

    /// The shares of all parts of a cell.
    private static func gather(
        _ source: LatitudeLongitudeGrid,
        _ row: Int,
        _ column: Int,
        _ target: ProjectedGrid,
        _ overlaps: inout CellOverlaps,
        _ found: inout [Int: Double]
    ) {
        let along = max(1, Int((source.latitude.step / longestSide).rounded(.up)))
        let across = max(1, Int((source.longitude.step / longestSide).rounded(.up)))
        let (south, north) = (max(-90, source.latitude.edge(row)), min(90, source.latitude.edge(row + 1)))
        let sines = sin(north * .pi / 180) - sin(south * .pi / 180)
        for part in 0..<along {
            let low = south + (north - south) * Double(part) / Double(along)
            let high = south + (north - south) * Double(part + 1) / Double(along)
            let share = (sin(high * .pi / 180) - sin(low * .pi / 180)) / sines / Double(across)
            for piece in 0..<across {
                let west =
                    source.longitude.edge(column) + source.longitude.step * Double(piece) / Double(across)
                let east = west + source.longitude.step / Double(across)
                add(share, (west, low, east, high), target, &overlaps, &found)
            }
        }
    }

    /// One quadrilateral: parts in proportion to what each target cell takes of its plane. Wholly within the grid the
    /// parts are made to sum to the share; at the edge of the grid the rest lies outside.
    private static func add(
        _ share: Double,
        _ box: (west: Double, south: Double, east: Double, north: Double),
        _ target: ProjectedGrid,
        _ overlaps: inout CellOverlaps,
        _ found: inout [Int: Double]
    ) {
        var (x, y) = (
            [box.west, box.east, box.east, box.west, (box.west + box.east) / 2],
            [box.south, box.south, box.north, box.north, (box.south + box.north) / 2]
        )
        target.projection.project(&x, &y)
        var shape = Footprint()
        guard case .simple = shape.setPolygon(x: x[0..<4], y: y[0..<4]) else {
            // A sliver at a pole has no shape; it belongs where its middle is.
            if let cell = target.cell(x: x[4], y: y[4]) { found[cell, default: 0] += share }
            return
        }
        let area = planeArea(x[0..<4], y[0..<4]) / (target.x.step * target.y.step)
        var parts: [(cell: Int, fraction: Double)] = []
        var sum = 0.0
        overlaps.forEachCell(under: shape) { cell, fraction in
            parts.append((cell, fraction))
            sum += fraction
        }
        let isWithin = (0..<4).allSatisfy { target.cell(x: x[$0], y: y[$0]) != nil }
        let whole = isWithin ? sum : max(area, sum)
        guard whole > 0 else { return }
        for part in parts { found[part.cell, default: 0] += share * part.fraction / whole }
    }

    private static func planeArea(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
        var sum = 0.0
        for corner in 0..<4 {
            let next = (corner + 1) % 4
            sum += x[corner] * y[next] - x[next] * y[corner]
        }
        return abs(sum) / 2
    }
}
