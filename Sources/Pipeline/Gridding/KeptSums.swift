import Formats
import Foundation
import Gridding

/// A folder with the sums of each file of soundings that a product is made of.
struct KeptSums: Sendable {
    let folder: String

    private static let ending = ".sums"

    /// A file of the folder, without its sums.
    struct Entry: Sendable {
        let input: FileProvenance.Input
        let origin: SoundingOrigin
        let path: String

        /// Reads the sums.
        func sums() throws -> FileSums { try SumsFile.read(path).sums }
    }

    /// What the folder holds, by name.
    ///
    /// - Throws: `SumsFileError`, or ``GriddingRunError/otherPlan(path:)`` where sums were made by another plan.
    func entries(_ plan: GriddingPlan) throws -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return try names.filter { $0.hasSuffix(Self.ending) }.sorted().map { name in
            let path = folder + "/" + name
            let kept = try SumsFile.read(path)
            guard kept.sums.plan == plan else { throw GriddingRunError.otherPlan(path: path) }
            return Entry(input: kept.input, origin: kept.sums.origin, path: path)
        }
    }

    /// Files of one name and other content lie beside each other.
    func write(_ file: SumsFile) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw SumsFileError.notWritten(path: folder, reason: error.localizedDescription)
        }
        try file.write(to: "\(folder)/\(file.input.name).\(file.input.sha256.prefix(12))\(Self.ending)")
    }

    func remove(_ entry: Entry) throws {
        do { try FileManager.default.removeItem(atPath: entry.path) } catch {
            throw SumsFileError.notWritten(path: entry.path, reason: error.localizedDescription)
        }
    }
}
