/// One region index for every cell of a grid, as country masks in inversion files give it.
public struct RegionMask: Sendable {
    public let grid: CellGrid
    public let names: [String]
    /// Index into `names` for each cell, -1 for none; count equals `grid.cellCount`.
    public let index: [Int32]

    /// - Precondition: `index` fits the grid and its values are -1 or valid.
    public init(grid: CellGrid, names: [String], index: [Int32]) {
        precondition(index.count == grid.cellCount, "mask does not fit the grid")
        precondition(
            index.allSatisfy { $0 >= -1 && Int($0) < names.count },
            "mask names a region that is not"
        )
        self.grid = grid
        self.names = names
        self.index = index
    }

    /// - Precondition: `index` fits the grid and its values are -1 or valid.
    public init(grid: LatitudeLongitudeGrid, names: [String], index: [Int32]) {
        self.init(grid: .longitudeLatitude(grid), names: names, index: index)
    }
}
