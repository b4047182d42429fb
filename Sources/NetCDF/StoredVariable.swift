/// How one variable lies in its file, as far as reading without the library needs it.
struct StoredVariable: Sendable {
    let name: String
    let shape: [Int]
    let isWhole: Bool
    /// Nil where only the library can read the variable.
    let storage: Storage?
    let decoding: Decoding

    struct Storage: Sendable {
        let element: StoredElement
        /// One element as stored, for what was never written.
        let fill: [UInt8]
        let layout: Layout

        /// Nil where chunks are longer than the dimension left out.
        fileprivate var withoutLeadingOne: Storage? {
            guard case .chunked(let grid) = layout else { return self }
            guard grid.chunkShape.first == 1 else { return nil }
            let inner = ChunkGrid(
                chunkShape: Array(grid.chunkShape.dropFirst()),
                counts: Array(grid.counts.dropFirst()),
                places: grid.places,
                filters: grid.filters,
                chunkByteCount: grid.chunkByteCount
            )
            return Storage(element: element, fill: fill, layout: .chunked(inner))
        }

        /// Whether a variable of this shape is read in whole rows, one after the other.
        func isByRows(_ shape: [Int]) -> Bool {
            guard case .chunked(let grid) = layout else { return !shape.isEmpty }
            return grid.chunkShape.dropFirst().elementsEqual(shape.dropFirst())
        }
    }

    enum Layout: Sendable {
        /// The offset of the first element; nil when nothing was ever written.
        case contiguous(offset: Int?)
        case chunked(ChunkGrid)
    }

    /// From a stored number to a quantity, as the attributes say.
    struct Decoding: Sendable {
        let missing: [Double]
        let scale: Double
        let offset: Double
    }

    /// Whether dimension 0, of length one, has been left out: rows are those of the next.
    var lacksLeadingOne = false

    /// The same bytes with rows along dimension 1, where dimension 0 has but one.
    var withoutLeadingOne: StoredVariable {
        guard shape.count >= 2, shape[0] == 1 else { return self }
        var inner = StoredVariable(
            name: name,
            shape: Array(shape.dropFirst()),
            isWhole: isWhole,
            storage: storage?.withoutLeadingOne,
            decoding: decoding
        )
        inner.lacksLeadingOne = true
        return inner
    }

    /// A scalar counts as one row.
    var rowCount: Int { shape.first ?? 1 }

    /// Cannot overflow with at least one row, as the number of all elements has been checked.
    var elementsPerRow: Int { shape.dropFirst().reduce(1, &*) }
}

/// The regular grid of chunks that a variable is cut into.
struct ChunkGrid: Sendable {
    let chunkShape: [Int]
    /// Chunks along each dimension; the last ones may stand out over the edge.
    let counts: [Int]
    /// In row-major order of the grid.
    let places: [ChunkPlace]
    /// In the order they were applied in when the chunk was written.
    let filters: [ChunkFilter]
    /// Of a chunk before its filters.
    let chunkByteCount: Int
}

/// Where one chunk lies in the file.
struct ChunkPlace: Equatable, Sendable {
    /// Negative when the chunk was never written.
    let offset: Int
    let byteCount: UInt32
    /// Bit `i` is set when the filter `i` was skipped for this chunk.
    let skippedFilters: UInt32

    static let unwritten = ChunkPlace(offset: -1, byteCount: 0, skippedFilters: 0)
}

/// A number format this machine computes with.
enum StoredElement: Sendable {
    case int8
    case uint8
    case int16
    case uint16
    case int32
    case uint32
    case int64
    case uint64
    case float
    case double

    var byteCount: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float: 4
        case .int64, .uint64, .double: 8
        }
    }
}
