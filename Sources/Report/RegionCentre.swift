/// Where the name of a region stands best: its cell farthest from the border.
enum RegionCentre {
    /// The cell of greatest city-block distance to any other region or the edge of the map, nearest to the
    /// mean of the region among equals; nil where the region has no cell.
    static func find(
        _ region: Int32,
        in regions: [Int32?],
        rows: Int,
        columns: Int
    ) -> (row: Int, column: Int)? {
        let depth = depths(regions.map { $0 == region }, rows: rows, columns: columns)
        guard let deepest = depth.max(), deepest > 0 else { return nil }
        let inside = depth.indices.filter { depth[$0] > 0 }
        let meanRow = inside.reduce(0) { $0 + Double($1 / columns) } / Double(inside.count)
        let meanColumn = inside.reduce(0) { $0 + Double($1 % columns) } / Double(inside.count)
        let best = depth.indices.filter { depth[$0] == deepest }.min { a, b in
            func distance(_ cell: Int) -> Double {
                square(Double(cell / columns) - meanRow) + square(Double(cell % columns) - meanColumn)
            }
            return (distance(a), a) < (distance(b), b)
        }
        return best.map { ($0 / columns, $0 % columns) }
    }

    /// City-block distance of each member to the nearest non-member, in two sweeps.
    private static func depths(_ isMember: [Bool], rows: Int, columns: Int) -> [Int] {
        var depth = [Int](repeating: 0, count: rows * columns)
        func at(_ row: Int, _ column: Int) -> Int {
            (0..<rows).contains(row) && (0..<columns).contains(column) ? depth[row * columns + column] : 0
        }
        for cell in depth.indices where isMember[cell] {
            let (row, column) = (cell / columns, cell % columns)
            depth[cell] = 1 + min(at(row - 1, column), at(row, column - 1))
        }
        for cell in depth.indices.reversed() where isMember[cell] {
            let (row, column) = (cell / columns, cell % columns)
            depth[cell] = min(depth[cell], 1 + min(at(row + 1, column), at(row, column + 1)))
        }
        return depth
    }
}
