import Foundation
import Quantities

/// The folder a run writes into. Each file is written beside its place and renamed, so that a reader never
/// sees half a file and a failed run leaves the former one.
public struct OutputFolder: Sendable {
    public let path: String

    /// Makes the folder where it is absent.
    public init(creating path: String) throws(PipelineError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .cannotWrite(path: path, reason: "cannot make the folder")
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            throw .cannotWrite(path: path, reason: "the folder is read-only")
        }
        self.path = path
    }

    public func file(_ name: String) -> String { path + "/" + name }

    /// Writes a text file and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws(PipelineError) -> String {
        try writeText(text, to: file(name))
        return file(name)
    }
}

/// Writes a text file beside its place and renames it.
public func writeText(_ text: String, to path: String) throws(PipelineError) {
    let target: String
    do { target = try OutputPath(path).path } catch { throw .cannotWrite(path: path, reason: error.what) }
    do {
        try Data(text.utf8).write(to: URL(filePath: target), options: .atomic)
    } catch {
        let reason = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.localizedDescription
        throw .cannotWrite(path: path, reason: reason ?? "write failed")
    }
}
