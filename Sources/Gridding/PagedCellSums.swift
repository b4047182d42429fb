/// The sums of cells by slot, in pages, as one array that grows would for a moment hold those of a fine grid three
/// times.
struct PagedCellSums: Sendable {
    private var pages: [[CellSums]] = []

    private static let pageBits = 9
    private static let pageSize = 1 << pageBits

    /// Makes room for a slot; slots come in order.
    mutating func append(_ slot: Int) {
        guard slot & (Self.pageSize - 1) == 0 else { return }
        pages.append(Array(repeating: CellSums(), count: Self.pageSize))
    }

    @inline(__always)
    subscript(_ slot: Int) -> CellSums { pages[slot >> Self.pageBits][slot & (Self.pageSize - 1)] }

    @inline(__always)
    mutating func change(_ slot: Int, _ body: (inout CellSums) -> Void) {
        body(&pages[slot >> Self.pageBits][slot & (Self.pageSize - 1)])
    }

    /// Adds soundings that fall on the cell of a slot and on no other: see ``CellSums/add(_:_:_:)``.
    mutating func add(
        _ block: borrowing PlacedBlock,
        _ places: Range<Int>,
        _ scale: SoundingScale,
        slot: Int
    ) -> Bool {
        pages[slot >> Self.pageBits][slot & (Self.pageSize - 1)].add(block, places, scale)
    }
}
