public import Digests
import Foundation
public import Quantities

/// The digest that names the inputs of every output.
public typealias SHA256 = Digests.SHA256

extension Digests.SHA256 {
    /// The digest of a file, read in pieces; blocks while it reads.
    ///
    /// - Throws: ``FileAccessError`` when the file is absent or cannot be read.
    public static func hexDigest(ofFile path: String) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileAccessError(path: path, exists: errno != ENOENT) }
        defer { close(file) }
        var hash = SHA256()
        // One buffer, small enough to stay in the cache between reading and hashing.
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { return hash.hexDigest() }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw FileAccessError(path: path, exists: true)
            }
            hash.update(buffer.span.extracting(0..<count).bytes)
        }
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
