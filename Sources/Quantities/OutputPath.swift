import Foundation

/// A place where a result may be put: a regular file, or a name that is free.
///
/// Results are written beside their place and renamed into it, which would replace a device, or the very input
/// they were made from; both are refused. Symbolic links are followed, so that the link stays.
public struct OutputPath: Equatable, Sendable {
    /// The path with symbolic links resolved.
    public let path: String

    /// - Parameter inputs: files that the result is made from, or that are written beside it.
    /// - Throws: ``OutputPathError``.
    public init(_ path: String, inputs: [String] = []) throws(OutputPathError) {
        if let place = FileIdentity(path) {
            guard place.isRegular else { throw .notARegularFile(path) }
            for input in inputs where FileIdentity(input) == place { throw .isInput(path) }
        }
        let resolved = Self.target(of: path)
        // What is made only now would be one file with the result too.
        for input in inputs where Self.absolute(Self.target(of: input)) == Self.absolute(resolved) {
            throw .isInput(path)
        }
        self.path = resolved
    }

    /// Where links lead, whether anything is there or not.
    private static func target(of path: String) -> String {
        var resolved = path
        for _ in 0..<40 {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: resolved) else {
                break
            }
            let folder = (resolved as NSString).deletingLastPathComponent
            resolved = target.hasPrefix("/") ? target : (folder as NSString).appendingPathComponent(target)
        }
        return resolved
    }

    private static func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }
}

/// Device and inode: the same file under whatever name.
private struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64
    let isRegular: Bool

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }
}

/// An output that would destroy something.
public enum OutputPathError: Fault, Equatable {
    /// The output is one of the inputs.
    case isInput(String)
    /// A folder, device, pipe or socket.
    case notARegularFile(String)

    public var exitStatus: ExitStatus {
        switch self {
        case .isInput: .usage
        case .notARegularFile: .inputOutput
        }
    }

    public var what: String {
        switch self {
        case .isInput: "the output is the input"
        case .notARegularFile: "the output is not a regular file"
        }
    }

    public var place: String {
        switch self {
        case .isInput(let path), .notARegularFile(let path): path
        }
    }

    public var remedy: String { "give the name of another file" }
}
