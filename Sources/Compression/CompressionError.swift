public import Quantities

/// Bytes that cannot be compressed or decompressed.
public enum CompressionError: Fault, Equatable {
    case outOfMemory
    /// More content than the caller allows.
    case tooLarge(limit: Int)
    /// Not the beginning of a Zstandard frame, or one that does not state its size.
    case notAFrame
    /// What the library found wrong inside a frame.
    case library(String)

    public var exitStatus: ExitStatus {
        switch self {
        case .outOfMemory: .internalError
        case .tooLarge, .notAFrame, .library: .badData
        }
    }

    public var what: String {
        switch self {
        case .outOfMemory: "no memory for compression"
        case .tooLarge(let limit): "compressed content of more than \(limit) bytes"
        case .notAFrame: "no Zstandard frame"
        case .library(let message): "the compressed bytes are damaged (\(message))"
        }
    }

    public var place: String { "compressed bytes" }

    public var remedy: String {
        switch self {
        case .outOfMemory: "free memory"
        case .tooLarge, .notAFrame, .library: "take the file from a backup"
        }
    }
}
