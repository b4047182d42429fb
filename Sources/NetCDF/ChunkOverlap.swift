/// Walks over the chunks that hold some of the wanted rows, and over the runs of elements inside each.
struct ChunkOverlap {
    private let grid: ChunkGrid
    private let shape: [Int]
    private let rows: Range<Int>
    private let chunkStrides: [Int]
    private let resultStrides: [Int]
    /// Of the current chunk, along each dimension of the grid.
    private var position: [Int]
    /// Kept to spare an allocation for each chunk: first element and number along each dimension.
    private var starts: [Int]
    private var extents: [Int]

    /// - Precondition: at least one row, and at least one element in a row.
    init(grid: ChunkGrid, shape: [Int], rows: Range<Int>) {
        self.grid = grid
        self.shape = shape
        self.rows = rows
        chunkStrides = Self.strides(grid.chunkShape)
        resultStrides = Self.strides(shape)
        position = [Int](repeating: 0, count: shape.count)
        position[0] = rows.lowerBound / grid.chunkShape[0]
        starts = position
        extents = position
        place()
    }

    /// Elements from one index of each dimension to its next, in row-major order.
    static func strides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for index in shape.indices.dropLast().reversed() {
            strides[index] = strides[index + 1] &* shape[index + 1]
        }
        return strides
    }

    var placeIndex: Int {
        var index = 0
        for dimension in shape.indices { index = index * grid.counts[dimension] + position[dimension] }
        return index
    }

    /// Goes to the next chunk; false after the last one.
    mutating func advance() -> Bool {
        for dimension in shape.indices.reversed() {
            position[dimension] += 1
            let last =
                dimension == 0 ? (rows.upperBound - 1) / grid.chunkShape[0] : grid.counts[dimension] - 1
            if position[dimension] <= last {
                place()
                return true
            }
            position[dimension] = 0
        }
        return false
    }

    private mutating func place() {
        for dimension in shape.indices {
            let wanted = dimension == 0 ? rows : 0..<shape[dimension]
            let origin = position[dimension] * grid.chunkShape[dimension]
            // The last chunk may reach beyond the dimension, and its end beyond what can be counted.
            let (end, overflow) = origin.addingReportingOverflow(grid.chunkShape[dimension])
            starts[dimension] = max(origin, wanted.lowerBound)
            extents[dimension] = min(overflow ? Int.max : end, wanted.upperBound) - starts[dimension]
        }
    }

    /// Calls with the index of a run's first element in the chunk, its length, and its place in the result.
    func forEachRun(_ body: (_ element: Int, _ count: Int, _ start: Int) -> Void) {
        var inner = shape.count - 1
        var count = extents[inner]
        while inner > 0, extents[inner] == grid.chunkShape[inner], extents[inner] == shape[inner] {
            inner -= 1
            count *= extents[inner]
        }
        var element = 0
        var start = 0
        for dimension in shape.indices {
            element += (starts[dimension] % grid.chunkShape[dimension]) * chunkStrides[dimension]
            let first = dimension == 0 ? rows.lowerBound : 0
            start += (starts[dimension] - first) * resultStrides[dimension]
        }
        walk(0, inner, element, start) { body($0, count, $1) }
    }

    /// Over all indices of the dimensions before `inner`.
    private func walk(
        _ dimension: Int,
        _ inner: Int,
        _ element: Int,
        _ start: Int,
        _ body: (Int, Int) -> Void
    ) {
        if dimension >= inner { return body(element, start) }
        for index in 0..<extents[dimension] {
            walk(
                dimension + 1,
                inner,
                element + index * chunkStrides[dimension],
                start + index * resultStrides[dimension],
                body
            )
        }
    }
}
