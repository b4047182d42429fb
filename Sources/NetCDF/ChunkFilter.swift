/// A filter that a chunk went through when it was written.
enum ChunkFilter: Equatable, Sendable {
    case deflate
    case shuffle(elementSize: Int)
    case fletcher32
}

extension ChunkFilter {
    /// Number of bytes before each of the filters that were applied; nil behind a deflate, whose output only the
    /// file knows the size of.
    ///
    /// - Returns: nil when a filter would have to invert an output of unknown size (deflate twice) or when a
    ///   size overflows.
    static func sizes(before filters: [ChunkFilter], skipped: UInt32, chunkByteCount: Int) -> [Int?]? {
        var size: Int? = chunkByteCount
        var sizes: [Int?] = []
        for (index, filter) in filters.enumerated() {
            sizes.append(size)
            if skipped & (1 << UInt32(index)) != 0 { continue }
            switch filter {
            case .deflate:
                guard size != nil else { return nil }
                size = nil
            case .shuffle: break
            case .fletcher32:
                if let known = size {
                    let (sum, overflow) = known.addingReportingOverflow(4)
                    guard !overflow else { return nil }
                    size = sum
                }
            }
        }
        return sizes
    }
}
