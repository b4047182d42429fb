import Concurrent
public import Digests
import Foundation
public import Quantities
import Synchronization

/// The digest that names the inputs of every output.
public typealias SHA256 = Digests.SHA256

extension Digests.SHA256 {
    /// The digest of a file, read in pieces; blocks while it reads.
    ///
    /// - Parameters:
    ///   - isMapped: whether the pages of the file are looked at where they lie, by another thread ahead of the digest.
    ///     This spares their copy, but a file that becomes shorter meanwhile ends the process (SIGBUS): only for a
    ///     confined one that has said what it is reading (`Heartbeat`).
    ///   - isCancelled: asked before each piece.
    /// - Throws: ``FileAccessError`` when the file is absent, cannot be read or becomes shorter meanwhile,
    ///   `CancellationError`.
    public static func hexDigest(
        ofFile path: String,
        isMapped: Bool = false,
        isCancelled: () -> Bool = { false }
    ) throws -> String {
        let file = try DigestedFile(path)
        var hash = SHA256()
        func add(_ piece: UnsafeRawBufferPointer) throws {
            if isCancelled() { throw CancellationError() }
            hash.update(piece.bytes)
        }
        if isMapped { try file.forEachStretch(add) } else { try file.forEachPiece(add) }
        return hash.hexDigest()
    }
}

/// A file that is looked through from its beginning to its end.
private final class DigestedFile: Sendable {
    /// Small enough to lie in the cache of the core from the copy to the digest.
    private static let pieceLength = 1 << 18
    /// Whole pages.
    private static let stretchLength = 1 << 22

    private let byteCount: Int
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(FileAccessError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileAccessError(path: path, exists: errno != ENOENT) }
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        byteCount = Int(status.st_size)
        self.path = path
        guard isKnown else { throw FileAccessError(path: path, exists: true) }
    }

    deinit { close(descriptor) }

    /// Copies one piece after the other.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceLength, alignment: 4096)
        defer { buffer.deallocate() }
        for start in stride(from: 0, to: byteCount, by: buffer.count) {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(byteCount - start))
            try read(into: piece, at: start)
            try body(UnsafeRawBufferPointer(piece))
        }
    }

    private func read(into piece: UnsafeMutableRawBufferPointer, at start: Int) throws(FileAccessError) {
        guard let base = piece.baseAddress else { return }
        var done = 0
        while done < piece.count {
            let count = pread(descriptor, base + done, piece.count - done, start + done)
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw FileAccessError(path: path, exists: true)
            }
        }
    }

    /// Maps one stretch after the other, on a thread of its own and ahead of the body.
    func forEachStretch(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let count = (byteCount + Self.stretchLength - 1) / Self.stretchLength
        let idle = Mutex<[MappedStretch]>([])
        try orderedPipeline(count: count, threads: 1) { [self] index in
            let stretch = idle.withLock { $0.popLast() } ?? MappedStretch()
            let start = index * Self.stretchLength
            guard stretch.map(descriptor, start, min(Self.stretchLength, byteCount - start)) else {
                throw FileAccessError(path: path, exists: true)
            }
            return stretch
        } take: { _, stretch in
            try body(stretch.bytes)
            idle.withLock { $0.append(stretch) }
        }
    }
}

/// A stretch of a file in memory, and after it the next.
///
/// Unchecked because whoever made it hands it on before the next one looks at it.
private final class MappedStretch: @unchecked Sendable {
    private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)

    /// What was read last, so that nothing is left out.
    private var touched: UInt8 = 0

    /// Takes the place of what was mapped before. Touches the pages, so that the process has them when another thread
    /// comes to them.
    ///
    /// - Parameter count: no more than before.
    func map(_ descriptor: Int32, _ start: Int, _ count: Int) -> Bool {
        let old = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        let flags = MAP_SHARED | (old == nil ? 0 : MAP_FIXED)
        // MAP_FAILED is a macro that Swift does not see.
        guard let new = mmap(old, count, PROT_READ, flags, descriptor, start),
            new != UnsafeMutableRawPointer(bitPattern: -1)
        else { return false }
        madvise(new, count, MADV_SEQUENTIAL)
        bytes = UnsafeRawBufferPointer(start: new, count: count)
        // A touch brings its neighbours as far as they are in memory, by default 64 KiB.
        for place in stride(from: 0, to: count, by: 1 << 16) { touched ^= bytes[place] }
        return true
    }

    deinit {
        if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
    }
}

/// A file that is not there or cannot be read or written.
public struct FileAccessError: Fault, Equatable {
    public let path: String
    public let exists: Bool
    /// False for folders, devices and pipes, which have no end that could be waited for.
    public let isRegular: Bool

    public init(path: String, exists: Bool, isRegular: Bool = true) {
        self.path = path
        self.exists = exists
        self.isRegular = isRegular
    }

    /// - Throws: unless there is a regular file of that path.
    public static func requireRegularFile(_ path: String) throws(FileAccessError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileAccessError(path: path, exists: errno != ENOENT) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileAccessError(path: path, exists: true, isRegular: false)
        }
    }

    public var exitStatus: ExitStatus {
        if !isRegular { return .badData }
        return exists ? .inputOutput : .missingInput
    }
    public var what: String {
        if !isRegular { return "not a regular file" }
        return exists ? "cannot read the file" : "no such file"
    }
    public var place: String { path }
    public var remedy: String {
        if !isRegular { return "give a file, no folder, device or pipe" }
        return exists ? "check the permissions" : "check the path"
    }
}
