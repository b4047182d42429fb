import Quantities

extension RegionMask {
    /// Gives each cell to the region with the largest part of it, of several the first; cells of which regions cover
    /// less than half belong to none.
    public init(_ fractions: RegionFractions) {
        let grid = fractions.grid
        var index = [Int32](repeating: -1, count: grid.cellCount)
        var largest = [Double](repeating: 0, count: grid.cellCount)
        var sums = [Double](repeating: 0, count: grid.cellCount)
        for (region, found) in fractions.regions.enumerated() {
            for (cell, part) in zip(found.cells, found.fractions) {
                sums[Int(cell)] += part
                guard part > largest[Int(cell)] else { continue }
                largest[Int(cell)] = part
                index[Int(cell)] = Int32(truncatingIfNeeded: region)
            }
        }
        for cell in index.indices where sums[cell] < 0.5 { index[cell] = -1 }
        self.init(grid: grid, names: fractions.set.regions.map { $0.name.english }, index: index)
    }
}
