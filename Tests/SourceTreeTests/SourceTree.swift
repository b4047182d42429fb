import Foundation
import TestSupport

/// The files of the repository.
enum SourceTree {
    private static let sources = Result {
        try (files(in: ["Sources", "Tests", "Benchmarks", "Fuzz"]) + ["Package.swift"])
            .filter { $0.hasSuffix(".swift") }
            .map { SwiftSource(path: $0, text: try text(of: $0)) }
    }

    /// Every Swift file of the package, in order of its path.
    static func swift() throws -> [SwiftSource] { try sources.get() }

    static func swift(in folder: String) throws -> [SwiftSource] {
        try swift().filter { $0.isIn(folder) }
    }

    /// Every file below the folders, in order of its path, relative to the repository.
    static func files(in folders: [String]) -> [String] {
        folders.flatMap { folder in
            let paths = FileManager.default.enumerator(atPath: url(folder).path)?.compactMap { $0 as? String }
            return (paths ?? []).filter { !isFolder("\(folder)/\($0)") }.map { "\(folder)/\($0)" }.sorted()
        }
    }

    /// Everything that is text and written by us: what rules about words apply to.
    static func prose() throws -> [String] {
        let kinds = ["swift", "md", "json", "json5", "geojson", "conf", "service", "c", "h", "modulemap"]
        let top = try FileManager.default.contentsOfDirectory(atPath: url(".").path)
            .filter { !isFolder($0) && (kinds.contains(suffix(of: $0)) || $0 == ".swift-format") }
        let below = files(in: [
            "Sources", "Tests", "Benchmarks", "Fuzz", "deploy", "grids", "stations", ".ci",
        ])
        .filter { kinds.contains(suffix(of: $0)) || isScript($0) }
        return top.sorted() + below
    }

    /// Shell scripts, and what they source.
    static func scripts() -> [String] {
        files(in: ["deploy", ".ci"]).filter { isScript($0) || $0.hasSuffix(".sh") }
    }

    static func text(of path: String) throws -> String {
        try String(contentsOf: url(path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

    static func url(_ path: String) -> URL { Places.repository.appending(path: path) }

    static func suffix(of path: String) -> String {
        path.split(separator: "/").last.flatMap { name in
            name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last.map(String.init)
        } ?? ""
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url(path).path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    private static func isScript(_ path: String) -> Bool {
        guard let handle = try? FileHandle(forReadingFrom: url(path)) else { return false }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 2)) == Data("#!".utf8)
    }
}
