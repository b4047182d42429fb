/// The sums of the filled cells of one window: memory grows with them, and by a page of 1024 places for each
/// stretch of the grid that holds one.
struct WindowSums: Sendable {
    /// The cell of each slot, in the order in which they were filled.
    private(set) var cells: [Int32] = []
    var sums: [CellSums] = []
    /// Cells with soundings that have no prior, and so without a mean of priors.
    var lackingPrior: Set<Int32> = []
    /// Pages of `profilePageSize x profileStride`, see `ProfileLayout`: one array that grows would for a moment hold
    /// the profiles of a fine grid three times.
    private var profilePages: [[FixedPointSum]] = []

    private let profileStride: Int
    /// For each page of the grid its number among the pages in use, -1 where none of its cells is filled.
    private var pages: [Int32]
    /// Slots of the cells of the pages in use, -1 for empty cells.
    private var slots: [Int32] = []

    private static let pageBits = 10
    private static let pageSize = 1 << pageBits
    private static let profilePageBits = 9
    private static let profilePageSize = 1 << profilePageBits

    init(cellCount: Int, profileStride: Int) {
        self.profileStride = profileStride
        pages = [Int32](repeating: -1, count: (cellCount + Self.pageSize - 1) >> Self.pageBits)
    }

    /// The slot of a cell, made if the cell is new.
    mutating func slot(of cell: Int) -> Int {
        let page = pages[cell >> Self.pageBits]
        if page >= 0 {
            let slot = slots[Int(page) << Self.pageBits + cell & (Self.pageSize - 1)]
            if slot >= 0 { return Int(slot) }
        }
        return fill(cell)
    }

    private mutating func fill(_ cell: Int) -> Int {
        let page = cell >> Self.pageBits
        if pages[page] < 0 {
            pages[page] = Int32(slots.count >> Self.pageBits)
            slots.append(contentsOf: repeatElement(-1, count: Self.pageSize))
        }
        let slot = cells.count
        slots[Int(pages[page]) << Self.pageBits + cell & (Self.pageSize - 1)] = Int32(slot)
        cells.append(Int32(cell))
        sums.append(CellSums())
        if profileStride > 0, slot & (Self.profilePageSize - 1) == 0 {
            profilePages.append(
                Array(repeating: FixedPointSum(), count: Self.profilePageSize * profileStride)
            )
        }
        return slot
    }

    /// The sums over the profiles of a slot, one after the other.
    func profile(_ slot: Int) -> ArraySlice<FixedPointSum> {
        guard profileStride > 0 else { return [] }
        let start = (slot & (Self.profilePageSize - 1)) * profileStride
        return profilePages[slot >> Self.profilePageBits][start..<(start + profileStride)]
    }

    /// Changes the sums over the profiles of a slot: `body` gets their page and where they begin.
    mutating func changeProfile(_ slot: Int, _ body: (inout [FixedPointSum], Int) -> Void) {
        let start = (slot & (Self.profilePageSize - 1)) * profileStride
        body(&profilePages[slot >> Self.profilePageBits], start)
    }

    /// Slots in the order of the grid.
    var orderedSlots: [Int] { cells.indices.sorted { cells[$0] < cells[$1] } }

    mutating func add(_ other: WindowSums) {
        lackingPrior.formUnion(other.lackingPrior)
        for (index, cell) in other.cells.enumerated() {
            let slot = slot(of: Int(cell))
            sums[slot].add(other.sums[index])
            guard profileStride > 0 else { continue }
            let more = other.profile(index)
            let stride = profileStride
            changeProfile(slot) { page, start in
                for element in 0..<stride {
                    page[start + element].add(more[more.startIndex + element])
                }
            }
        }
    }
}
