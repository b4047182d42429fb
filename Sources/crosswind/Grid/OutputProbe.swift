import Foundation
import Quantities

/// Whether outputs can be made where they are wanted: found out before hours of reading, by making and removing.
enum OutputProbe {
    enum Kind {
        case file, folder, nothing
    }

    /// What stands at a path; links are followed.
    static func kind(_ path: String) -> Kind {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return .nothing }
        return isFolder.boolValue ? .folder : .file
    }

    /// - Throws: `OutputError` for the first that cannot be made; nothing is left behind.
    static func check(_ files: [String], folders: [String] = []) throws {
        for file in files {
            let folder = (file as NSString).deletingLastPathComponent
            let place = folder.isEmpty ? "." : folder
            switch kind(place) {
            case .nothing: throw OutputError(path: file, reason: "the folder does not exist")
            case .file: throw OutputError(path: file, reason: "\(place) is no folder")
            case .folder: try touch(in: place, for: file)
            }
        }
        for folder in folders { try check(folder: folder) }
    }

    /// A folder that need not exist yet.
    static func check(folder: String) throws {
        let made = try make(folder)
        defer { for path in made.reversed() { rmdir(path) } }
        try touch(in: folder, for: folder)
    }

    /// The folder of kept sums.
    static func checkSums(_ folder: String, _ verb: String) throws {
        guard !folder.isEmpty, kind(folder) != .file else {
            throw UsageError.badValue("sums", folder, expected: "a folder", verb: verb)
        }
        try check(folder: folder)
    }

    /// Makes a folder with those above it.
    static func create(_ folder: String) throws { _ = try make(folder) }

    /// - Returns: the folders that were made, from the top.
    private static func make(_ folder: String) throws -> [String] {
        var missing: [String] = []
        var path = URL(filePath: folder).standardizedFileURL.path
        while kind(path) == .nothing, path != "/" {
            missing.append(path)
            path = (path as NSString).deletingLastPathComponent
        }
        guard kind(path) == .folder else { throw OutputError(path: folder, reason: "\(path) is no folder") }
        var made: [String] = []
        for path in missing.reversed() {
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
                let reason = String(cString: strerror(errno))
                for path in made.reversed() { rmdir(path) }
                throw OutputError(path: folder, reason: reason)
            }
            made.append(path)
        }
        return made
    }

    private static func touch(in folder: String, for output: String) throws {
        let path = "\(folder)/.crosswind-\(getpid())"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o666)
        guard file >= 0 else { throw OutputError(path: output, reason: String(cString: strerror(errno))) }
        close(file)
        unlink(path)
    }
}
