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
    /// - Parameter isCancelled: asked before each piece.
    /// - Throws: ``FileAccessError`` when the file is absent, cannot be read or becomes shorter meanwhile,
    ///   `CancellationError`.
    public static func hexDigest(
        ofFile path: String,
        isCancelled: () -> Bool = { false }
    ) throws -> String {
        let pieces = try FilePieces(path)
        var hash = SHA256()
        guard pieces.count > 4 else {
            for index in 0..<pieces.count { hash.update(try pieces.read(index)) }
            return hash.hexDigest()
        }
        // A fifth of the time goes into the copy out of the page cache, which another thread can make meanwhile.
        try orderedPipeline(count: pieces.count, threads: 1) {
            try pieces.read($0)
        } take: { _, piece in
            if isCancelled() { throw CancellationError() }
            hash.update(piece)
            pieces.giveBack(piece)
        }
        return hash.hexDigest()
    }

    private mutating func update(_ piece: FilePieces.Piece) {
        update(piece.bytes.span.extracting(0..<piece.count).bytes)
    }
}

/// A file that is read in pieces on any thread, into buffers that are used again.
private final class FilePieces: Sendable {
    struct Piece: Sendable {
        var bytes: [UInt8]
        var count: Int
    }

    private static let length = 1 << 20

    let count: Int
    private let path: String
    private let byteCount: Int
    private let descriptor: Int32
    private let idle = Mutex<[Piece]>([])

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileAccessError(path: path, exists: errno != ENOENT) }
        self.path = path
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        byteCount = Int(status.st_size)
        count = (byteCount + Self.length - 1) / Self.length
        guard isKnown else { throw FileAccessError(path: path, exists: true) }
    }

    deinit { close(descriptor) }

    func read(_ index: Int) throws -> Piece {
        var piece =
            idle.withLock { $0.popLast() } ?? Piece(bytes: Array(repeating: 0, count: Self.length), count: 0)
        let start = index * Self.length
        piece.count = min(Self.length, byteCount - start)
        var done = 0
        while done < piece.count {
            let wanted = piece.count - done
            let count = piece.bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + done }, wanted, start + done)
            }
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw FileAccessError(path: path, exists: true)
            }
        }
        return piece
    }

    func giveBack(_ piece: Piece) { idle.withLock { $0.append(piece) } }
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
