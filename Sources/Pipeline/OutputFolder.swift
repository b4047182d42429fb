import Formats
import Foundation
import Quantities

/// The folder a run writes into. All files are first written into a hidden folder beside them and moved to
/// their places together, so that a failed run leaves the results of the former one whole.
public struct OutputFolder: Sendable {
    public let path: String
    private let staging: String

    /// Makes the folder where it is absent. A blank name is refused, since files in it would land in the root folder.
    public init(creating path: String) throws(PipelineError) {
        guard path.contains(where: { !$0.isWhitespace }) else {
            throw .cannotWrite(path: path, reason: "the folder has no name")
        }
        let staging = path + "/.crosswind-partial-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
        } catch {
            throw .cannotWrite(path: path, reason: "cannot make a folder in it")
        }
        self.path = path
        self.staging = staging
    }

    /// Where a file stands after ``publish(_:)``.
    public func file(_ name: String) -> String { path + "/" + name }

    /// Where a file is to be written before.
    public func stagedFile(_ name: String) -> String { staging + "/" + name }

    public func write(_ text: String, to name: String) throws(PipelineError) {
        try writeText(text, to: stagedFile(name))
    }

    /// Moves the files to their places and removes what a former run with more problems, solvers or
    /// tables has left.
    /// - Returns: the paths in the given order.
    public func publish(_ names: [String]) throws(PipelineError) -> [String] {
        for name in names { _ = try resolved(name) }
        for name in names {
            let target = try resolved(name)
            guard rename(stagedFile(name), target) == 0 else {
                throw .cannotWrite(path: target, reason: String(cString: strerror(errno)))
            }
        }
        let former = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let isOurs = { name in
            ProblemProducts.isFurther(name) || name.hasPrefix("table-T") && name.hasSuffix(".csv")
        }
        for name in former where isOurs(name) && !names.contains(name) {
            try? FileManager.default.removeItem(atPath: file(name))
        }
        discard()
        return names.map(file)
    }

    /// Removes what was not published.
    public func discard() { try? FileManager.default.removeItem(atPath: staging) }

    private func resolved(_ name: String) throws(PipelineError) -> String {
        let target: String
        do { target = try OutputPath(file(name)).path } catch {
            throw .cannotWrite(path: file(name), reason: error.what)
        }
        guard !ReviewCasesFile.isHistory(target) else { throw .isHistory(path: file(name)) }
        return target
    }
}

/// Writes a text file beside its place and renames it.
public func writeText(_ text: String, to path: String) throws(PipelineError) {
    let target: String
    do { target = try OutputPath(path).path } catch { throw .cannotWrite(path: path, reason: error.what) }
    guard !ReviewCasesFile.isHistory(target) else { throw .isHistory(path: path) }
    do {
        try Data(text.utf8).write(to: URL(filePath: target), options: .atomic)
    } catch {
        let reason = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.localizedDescription
        throw .cannotWrite(path: path, reason: reason ?? "write failed")
    }
}
