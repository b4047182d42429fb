import Foundation
public import Geo

/// Brings fluxes to the cells of another grid so that what a region emits stays the same.
///
/// Between grids of longitude and latitude the overlaps of the cells are exact on the sphere; where one grid is
/// projected, a cell is taken as the quadrilateral of its corners. A cell that is not wholly covered by known fluxes
/// has none.
public struct FluxRegridding: Sendable {
    public let source: CellGrid
    public let target: CellGrid
    /// Pairs of target `t` are `starts[t]..<starts[t + 1]`; the weights of a covered cell sum to one.
    private let starts: [Int]
    private let sources: [Int32]
    private let weights: [Double]
    private let isCovered: [Bool]

    /// What rounding and bent edges may leave uncovered of a cell.
    private static let exactSlack = 1e-6
    private static let bentSlack = 1e-2

    public init(from source: CellGrid, to target: CellGrid) {
        self.source = source
        self.target = target
        var pairs: [Pair]
        let isExact = source.projected == nil && target.projected == nil
        if let from = source.longitudeLatitude, let to = target.longitudeLatitude {
            pairs = Self.exactPairs(from, to)
        } else {
            pairs = Self.cutPairs(source, target)
        }
        pairs.sort { ($0.target, $0.source) < ($1.target, $1.source) }
        var starts = [0]
        var isCovered: [Bool] = []
        var next = 0
        for cell in 0..<target.cellCount {
            let first = next
            while next < pairs.count, pairs[next].target == cell { next += 1 }
            let sum = pairs[first..<next].reduce(0) { $0 + $1.share }
            isCovered.append(sum >= 1 - (isExact ? Self.exactSlack : Self.bentSlack))
            for index in first..<next { pairs[index].share /= sum }
            starts.append(next)
        }
        self.starts = starts
        self.isCovered = isCovered
        sources = pairs.map { Int32(truncatingIfNeeded: $0.source) }
        weights = pairs.map(\.share)
    }

    /// NaN where the sources leave a cell uncovered, or one of them is NaN.
    public func callAsFunction(_ history: FluxHistory) throws(FootprintFault) -> FluxHistory {
        guard history.grid == source else {
            throw .gridsDiffer("the flux is not on the grid of the regridding")
        }
        let size = source.cellCount
        var values = [Double](repeating: .nan, count: history.periods.count * target.cellCount)
        for period in history.periods.indices {
            for cell in 0..<target.cellCount where isCovered[cell] {
                var sum = 0.0
                for pair in starts[cell]..<starts[cell + 1] {
                    sum += weights[pair] * history.values[period * size + Int(sources[pair])]
                }
                values[period * target.cellCount + cell] = sum
            }
        }
        return try FluxHistory(grid: target, periods: history.periods, values: values)
    }

    private struct Pair {
        let target: Int
        let source: Int
        /// Of the area of the target.
        var share: Double
    }

    private static func exactPairs(_ from: LatitudeLongitudeGrid, _ to: LatitudeLongitudeGrid) -> [Pair] {
        let height = { (latitude: Double) in sin(min(90, max(-90, latitude)) * .pi / 180) }
        let rows = shares(from.latitude, to.latitude, measure: height, circle: nil)
        let columns = shares(from.longitude, to.longitude, measure: { $0 }, circle: 360)
        return rows.flatMap { row in
            columns.map { column in
                Pair(
                    target: row.target * to.columns + column.target,
                    source: row.source * from.columns + column.source,
                    share: row.share * column.share
                )
            }
        }
    }

    /// Overlaps of the cells of two axes over the lengths of the target's.
    private static func shares(
        _ from: UniformAxis,
        _ to: UniformAxis,
        measure: (Double) -> Double,
        circle: Double?
    ) -> [Pair] {
        var pairs: [Pair] = []
        for target in 0..<to.count {
            let (low, high) = (to.edge(target), to.edge(target + 1))
            for turn in circle == nil ? [0] : [-2.0, -1, 0, 1, 2] {
                let shift = turn * (circle ?? 0)
                let first = max(0, ((low + shift - from.origin) / from.step).rounded(.down))
                let last = min(Double(from.count), ((high + shift - from.origin) / from.step).rounded(.up))
                guard first < last else { continue }
                for source in Int(first)..<Int(last) {
                    let start = max(low, from.edge(source) - shift)
                    let end = min(high, from.edge(source + 1) - shift)
                    guard end > start else { continue }
                    let share = (measure(end) - measure(start)) / (measure(high) - measure(low))
                    if share > 1e-9 { pairs.append(Pair(target: target, source: source, share: share)) }
                }
            }
        }
        return pairs
    }

    /// The corners of the source cells are brought to the plane of the target and cut there.
    private static func cutPairs(_ source: CellGrid, _ target: CellGrid) -> [Pair] {
        var pairs: [Pair] = []
        var overlaps = CellOverlaps(target.plane)
        var shape = Footprint()
        for row in 0..<source.rows {
            let corners = corners(source, row: row, target)
            for column in 0..<source.columns {
                let place = 4 * column
                let (x, y) = (corners.x[place..<(place + 4)], corners.y[place..<(place + 4)])
                guard set(&shape, x, y, isPlane: target.projected != nil) else { continue }
                overlaps.forEachCell(under: shape) { cell, share in
                    pairs.append(Pair(target: cell, source: row * source.columns + column, share: share))
                }
            }
        }
        return pairs
    }

    private static func set(
        _ shape: inout Footprint,
        _ x: ArraySlice<Double>,
        _ y: ArraySlice<Double>,
        isPlane: Bool
    ) -> Bool {
        let result: FootprintShape
        if isPlane {
            result = shape.setPolygon(x: x, y: y)
        } else {
            let (i, j) = (x.startIndex, y.startIndex)
            result = shape.setQuadrilateral(
                longitudes: (x[i], x[i + 1], x[i + 2], x[i + 3]),
                latitudes: (y[j], y[j + 1], y[j + 2], y[j + 3])
            )
        }
        if case .invalid = result { return false }
        return true
    }

    /// Of the cells of a row in the plane of the target, four each.
    private static func corners(_ source: CellGrid, row: Int, _ target: CellGrid) -> (
        x: [Double], y: [Double]
    ) {
        let plane = source.plane
        var (x, y) = ([Double](), [Double]())
        for column in 0..<plane.columns {
            x += [column, column + 1, column + 1, column].map { plane.across.edge($0) }
            y += [row, row, row + 1, row + 1].map { plane.along.edge($0) }
        }
        if let grid = source.projected {
            let places = grid.projection.places(x: x, y: y)
            (x, y) = (places.longitudes, places.latitudes)
        }
        if let grid = target.projected { grid.projection.project(&x, &y) }
        return (x, y)
    }
}
