import CDeflate
import Synchronization

/// What decoding a chunk needs besides the chunk: an inflater and two buffers, kept from chunk to chunk.
///
/// Unchecked because the pool hands it to one reader at a time.
final class ChunkWorkspace: @unchecked Sendable {
    private let inflater: OpaquePointer?
    /// Holds the chunk; a filter writes into `other`, and the two change places.
    private var current = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var other = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    init() {
        inflater = libdeflate_alloc_decompressor()
    }

    deinit {
        if let inflater { libdeflate_free_decompressor(inflater) }
        current.deallocate()
        other.deallocate()
    }

    /// `count` bytes of unknown content, for the bytes of a file.
    func first(_ count: Int) -> UnsafeMutableRawBufferPointer {
        Self.grow(&current, to: count)
        return .init(rebasing: current[..<count])
    }

    /// Takes back what the filters did to a chunk that is in the first buffer.
    ///
    /// - Returns: exactly `grid.chunkByteCount` bytes, valid until the next use; nil for a damaged chunk.
    func decoded(_ place: ChunkPlace, of grid: ChunkGrid) -> UnsafeRawBufferPointer? {
        let skipped = place.skippedFilters
        guard
            let sizes = ChunkFilter.sizes(
                before: grid.filters,
                skipped: skipped,
                chunkByteCount: grid.chunkByteCount
            )
        else { return nil }
        var count = Int(place.byteCount)
        for index in grid.filters.indices.reversed() where skipped & (1 << UInt32(index)) == 0 {
            switch grid.filters[index] {
            case .deflate:
                guard let size = sizes[index], inflate(count, to: size) else { return nil }
                count = size
            case .shuffle(let elementSize): takeShuffleBack(count, elementSize)
            case .fletcher32:
                guard count >= 4, isUndamaged(count) else { return nil }
                count -= 4
            }
        }
        guard count == grid.chunkByteCount else { return nil }
        return UnsafeRawBufferPointer(rebasing: current[..<count])
    }

    private func inflate(_ count: Int, to size: Int) -> Bool {
        // Deflate shrinks at most 1032 times; what claims more is damaged and would cost memory.
        guard let inflater, size / 1032 <= count else { return false }
        Self.grow(&other, to: size)
        let result = libdeflate_zlib_decompress(
            inflater,
            current.baseAddress,
            count,
            other.baseAddress,
            size,
            nil
        )
        swap(&current, &other)
        return result == LIBDEFLATE_SUCCESS
    }

    private func takeShuffleBack(_ count: Int, _ elementSize: Int) {
        Self.grow(&other, to: count)
        guard count > 0, let source = current.baseAddress, let destination = other.baseAddress else {
            return
        }
        unshuffle(source, destination, byteCount: count, elementSize: elementSize)
        swap(&current, &other)
    }

    /// The sum behind the bytes is theirs.
    private func isUndamaged(_ count: Int) -> Bool {
        let bytes = UnsafeRawBufferPointer(rebasing: current[..<(count - 4)])
        let kept = current.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
        return UInt32(littleEndian: kept) == fletcher32(bytes)
    }

    private static func grow(_ buffer: inout UnsafeMutableRawBufferPointer, to count: Int) {
        guard buffer.count < count else { return }
        buffer.deallocate()
        buffer = .allocate(byteCount: count, alignment: 64)
    }
}

/// Workspaces between two reads; as many as there were reads at once.
final class ChunkWorkspacePool: Sendable {
    private let idle = Mutex<[ChunkWorkspace]>([])

    func withWorkspace<Result>(
        _ body: (ChunkWorkspace) throws(NetCDFError) -> Result
    ) throws(NetCDFError) -> Result {
        let workspace = idle.withLock { $0.popLast() } ?? ChunkWorkspace()
        defer { idle.withLock { $0.append(workspace) } }
        return try body(workspace)
    }
}
