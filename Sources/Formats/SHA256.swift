public import Digests
import Foundation
public import Quantities

/// The digest that names the inputs of every output.
public typealias SHA256 = Digests.SHA256

extension Digests.SHA256 {
    /// The digest of a file, read in pieces of 1 MiB; blocks while it reads.
    ///
    /// - Throws: ``FileAccessError`` when the file is absent or cannot be read.
    public static func hexDigest(ofFile path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw FileAccessError(path: path, exists: FileManager.default.fileExists(atPath: path))
        }
        defer { try? handle.close() }
        var hash = SHA256()
        do {
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(piece) }
        } catch {
            throw FileAccessError(path: path, exists: true)
        }
        return hash.hexDigest()
    }
}

/// A file that is not there or cannot be read or written.
public struct FileAccessError: Fault, Equatable {
    public let path: String
    public let exists: Bool

    public init(path: String, exists: Bool) {
        self.path = path
        self.exists = exists
    }

    public var exitStatus: ExitStatus { exists ? .inputOutput : .missingInput }
    public var what: String { exists ? "cannot read the file" : "no such file" }
    public var place: String { path }
    public var remedy: String { exists ? "check the permissions" : "check the path" }
}
