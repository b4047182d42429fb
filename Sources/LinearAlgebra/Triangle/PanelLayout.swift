/// How the lower triangle of a square matrix is cut into panels of rows, and these into tiles: a function of its
/// order alone, so that results repeat on every machine.
struct PanelLayout: Equatable, Sendable {
    /// Products with this many inner terms and several times as many columns run at the full speed of BLAS.
    static let edge = 256
    /// Tiles that are worked on together.
    static let group = 8

    let order: Int
    /// Panels, and tiles along an edge.
    let count: Int
    /// Where the panels begin in storage, and where the last one ends.
    private let panelStarts: [Int]

    init(order: Int) {
        self.order = order
        count = (order + Self.edge - 1) / Self.edge
        var starts = [0]
        for panel in 0..<count {
            let (top, bottom) = (panel * order / count, (panel + 1) * order / count)
            starts.append(starts[panel] + (bottom - top) * bottom)
        }
        panelStarts = starts
    }

    /// Number of values in all panels.
    var storageCount: Int { panelStarts[count] }
    /// The first row, or column, of a tile.
    func start(_ tile: Int) -> Int { tile * order / count }
    /// Rows or columns of a tile.
    func extent(_ tile: Int) -> Int { start(tile + 1) - start(tile) }
    /// Rows, or columns, of a tile in the matrix.
    func range(_ tile: Int) -> Range<Int> { start(tile)..<start(tile + 1) }
    /// Where a panel begins in storage. Its rows end with the tile on the diagonal.
    func offset(_ panel: Int) -> Int { panelStarts[panel] }
    /// The panel of a row.
    func panel(of row: Int) -> Int {
        let guess = row * count / order
        return row < start(guess) ? guess - 1 : row < start(guess + 1) ? guess : guess + 1
    }
    /// Columns of a group of tiles, as far as they stand before a tile.
    func columns(ofGroup group: Int, before tile: Int) -> Range<Int> {
        start(min(group * Self.group, tile))..<start(min((group + 1) * Self.group, tile))
    }
    /// Groups that begin before a tile.
    func groups(before tile: Int) -> Int { (tile + Self.group - 1) / Self.group }
    /// Threads are started only where their work takes longer than their start.
    func useful(_ threads: Int) -> Int { count < 3 ? 1 : threads }
}
