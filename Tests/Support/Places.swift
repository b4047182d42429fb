public import Foundation

/// Where tests find things, relative to this file, so that a clone anywhere works.
public enum Places {
    /// The root of the repository.
    public static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Small real files shipped with the repository.
    public static let fixtures = repository.appending(path: "Tests/Fixtures")

    /// Example cases and their data.
    public static let deploy = repository.appending(path: "deploy")

    /// The larger data set beside the repository, or where `CROSSWIND_DATA` says; may not exist.
    public static let sharedData: URL = {
        if let path = ProcessInfo.processInfo.environment["CROSSWIND_DATA"] { return URL(filePath: path) }
        return repository.deletingLastPathComponent().appending(path: "shared/data")
    }()

    /// A file of the larger data set; nil where it is absent. Use with `.enabled(if:)`, so that the
    /// test is reported as skipped.
    public static func shared(_ path: String) -> URL? {
        let url = sharedData.appending(path: path)
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }

    /// The `crosswind` program built beside the running tests.
    public static let crosswind: URL = {
        let products = URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        let beside = products.appending(path: "crosswind")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return repository.appending(path: ".build/debug/crosswind")
    }()
}

/// A fresh folder that is removed when the value goes away.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "crosswind-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    public func file(_ name: String) -> URL { url.appending(path: name) }
}
