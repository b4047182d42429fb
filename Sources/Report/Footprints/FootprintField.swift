public import Geo
public import Transport

/// A footprint summed over the hours of emission, one value a cell: what a map shows.
public struct FootprintField: Sendable {
    public let grid: CellGrid
    /// ppm per umol m-2 s-1; 0 where nothing of the receptor's air was near the ground.
    public let values: [Double]

    /// - Precondition: one value a cell.
    public init(grid: CellGrid, values: [Double]) {
        precondition(values.count == grid.cellCount, "a field of the wrong size")
        self.grid = grid
        self.values = values
    }

    /// The layers and the residual together.
    public init(_ footprint: ReceptorFootprint) {
        var values = [Double](repeating: 0, count: footprint.grid.cellCount)
        for layer in footprint.layers + [footprint.residual].compactMap(\.self) {
            for (cell, value) in zip(layer.cells, layer.values) where values.indices.contains(Int(cell)) {
                values[Int(cell)] += value
            }
        }
        self.init(grid: footprint.grid, values: values)
    }

    /// The mean of footprints on one grid; nil when there is none, or grids differ.
    public init?(meanOf footprints: some Sequence<ReceptorFootprint>) {
        var sum: FootprintField?
        var count = 0
        for footprint in footprints {
            let next = FootprintField(footprint)
            guard sum == nil || sum?.grid == next.grid else { return nil }
            sum = FootprintField(
                grid: next.grid,
                values: zip(next.values, sum?.values ?? next.values.map { _ in 0 }).map(+)
            )
            count += 1
        }
        guard let sum else { return nil }
        self.init(grid: sum.grid, values: sum.values.map { $0 / Double(count) })
    }

    public var sum: Double { values.reduce(0, +) }
    public var maximum: Double { values.max() ?? 0 }

    /// For each cell the smallest of the shares whose area holds it: the cells of largest influence that together hold
    /// that share of the whole. Nil outside of all.
    ///
    /// - Parameter shares: ascending, 0 to 1.
    public func areas(holding shares: [Double]) -> [Int?] {
        let order = values.indices.filter { values[$0] > 0 }.sorted { (values[$0], $1) > (values[$1], $0) }
        let total = order.reduce(0) { $0 + values[$1] }
        var areas = [Int?](repeating: nil, count: values.count)
        var held = 0.0
        for cell in order {
            // The cell that reaches a share belongs to its area.
            guard let area = shares.firstIndex(where: { held < $0 * total }) else { break }
            areas[cell] = area
            held += values[cell]
        }
        return areas
    }
}
