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
    ///   - readsAhead: whether another thread reads ahead of the digest.
    ///   - isCancelled: asked before each piece.
    /// - Throws: ``FileAccessError`` when the file is absent, cannot be read or becomes shorter meanwhile,
    ///   `CancellationError`.
    public static func hexDigest(
        ofFile path: String,
        readsAhead: Bool = false,
        isCancelled: () -> Bool = { false }
    ) throws -> String {
        let file = try DigestedFile(path)
        var hash = SHA256()
        func add(_ piece: UnsafeRawBufferPointer) throws {
            if isCancelled() { throw CancellationError() }
            hash.update(piece.bytes)
        }
        if readsAhead { try file.forEachStretch(add) } else { try file.forEachPiece(add) }
        return hash.hexDigest()
    }
}

/// A file that is looked through from its beginning to its end.
private final class DigestedFile: Sendable {
    /// Small enough to lie in the cache of the core from the copy to the digest.
    private static let pieceLength = 1 << 18
    /// Long beside what it takes to hand it from thread to thread.
    private static let stretchLength = 1 << 21

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

    /// Copies one stretch after the other, on a thread of its own and ahead of the body. To map them instead takes more
    /// time, and the threads of a process wait for each other where they map and touch memory.
    func forEachStretch(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let count = (byteCount + Self.stretchLength - 1) / Self.stretchLength
        let idle = Mutex<[Stretch]>([])
        try orderedPipeline(count: count, threads: 1) { [self] index in
            let stretch = idle.withLock { $0.popLast() } ?? Stretch(capacity: Self.stretchLength)
            let start = index * Self.stretchLength
            stretch.count = min(Self.stretchLength, byteCount - start)
            try read(into: stretch.bytes, at: start)
            return stretch
        } take: { _, stretch in
            try body(UnsafeRawBufferPointer(stretch.bytes))
            idle.withLock { $0.append(stretch) }
        }
    }
}

/// Memory for a stretch of a file, and after it for the next.
///
/// Unchecked because whoever filled it hands it on before the next one looks at it.
private final class Stretch: @unchecked Sendable {
    var count = 0
    private let memory: UnsafeMutableRawBufferPointer

    init(capacity: Int) {
        memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 4096)
    }

    var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: memory.prefix(count)) }

    deinit { memory.deallocate() }
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
