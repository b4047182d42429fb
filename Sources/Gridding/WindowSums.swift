/// The sums of the filled cells of one window: memory grows with them, and by a page of 1024 places for each
/// stretch of the grid that holds one.
struct WindowSums: Sendable {
    /// The cell of each slot, in the order in which they were filled.
    private(set) var cells: [Int32] = []
    var sums = PagedCellSums()
    /// Cells with soundings that have no prior, and so without a mean of priors.
    var lackingPrior: Set<Int32> = []
    var profiles: ProfileSums

    /// For each page of the grid its number among the pages in use, -1 where none of its cells is filled.
    private var pages: [Int32]
    /// Slots of the cells of the pages in use, -1 for empty cells.
    private var slots: [Int32] = []

    private static let pageBits = 10
    private static let pageSize = 1 << pageBits

    init(cellCount: Int, profiles layout: ProfileLayout) {
        profiles = ProfileSums(layout)
        pages = [Int32](repeating: -1, count: (cellCount + Self.pageSize - 1) >> Self.pageBits)
    }

    /// The slot of a cell, made if the cell is new.
    @inline(__always)
    mutating func slot(of cell: Int) -> Int {
        let page = pages[cell >> Self.pageBits]
        if page >= 0 {
            let slot = slots[Int(page) << Self.pageBits + cell & (Self.pageSize - 1)]
            if slot >= 0 { return Int(slot) }
        }
        return fill(cell)
    }

    @inline(never)  // Rare, and in the way of the other.
    private mutating func fill(_ cell: Int) -> Int {
        let page = cell >> Self.pageBits
        if pages[page] < 0 {
            pages[page] = Int32(slots.count >> Self.pageBits)
            slots.append(contentsOf: repeatElement(-1, count: Self.pageSize))
        }
        let slot = cells.count
        slots[Int(pages[page]) << Self.pageBits + cell & (Self.pageSize - 1)] = Int32(slot)
        cells.append(Int32(cell))
        sums.append(slot)
        profiles.append(slot)
        return slot
    }

    /// Slots in the order of the grid.
    var orderedSlots: [Int] {
        var ordered: [Int] = []
        ordered.reserveCapacity(cells.count)
        for page in pages where page >= 0 {
            let start = Int(page) << Self.pageBits
            for slot in slots[start..<(start + Self.pageSize)] where slot >= 0 { ordered.append(Int(slot)) }
        }
        return ordered
    }

    mutating func add(_ other: WindowSums) {
        lackingPrior.formUnion(other.lackingPrior)
        for (index, cell) in other.cells.enumerated() {
            let slot = slot(of: Int(cell))
            sums.change(slot) { $0.add(other.sums[index]) }
            profiles.add(other.profiles, slot: index, to: slot)
        }
    }
}
