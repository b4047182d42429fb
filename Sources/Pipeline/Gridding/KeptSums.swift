import Formats
import Foundation
import Geo
import Gridding
import Quantities

/// A folder with the sums of each file of soundings that a product is made of.
struct KeptSums: Sendable {
    let folder: String

    private static let ending = ".sums"

    /// A file of the folder, without its sums.
    struct Entry: Sendable {
        let input: FileProvenance.Input
        let origin: SoundingOrigin
        let path: String
        let grid: CellGrid

        /// Reads the sums.
        func sums() throws -> FileSums { try SumsFile.read(path, on: grid).sums }
    }

    /// What the folder holds, by name.
    ///
    /// - Throws: `SumsFileError`, or ``GriddingRunError/otherPlan(path:)`` where sums were made by another plan.
    func entries(_ plan: GriddingPlan, reading: String) throws -> [Entry] {
        try paths.map { path in
            let kept = try SumsFile.read(path, on: plan.grid)
            guard kept.sums.plan == plan, kept.reading == reading else {
                throw GriddingRunError.otherPlan(path: path)
            }
            return Entry(input: kept.input, origin: kept.sums.origin, path: path, grid: plan.grid)
        }
    }

    private var paths: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(Self.ending) }.sorted().map { folder + "/" + $0 }
    }

    /// Of the first that holds soundings.
    func gas(on grid: CellGrid) throws -> Gas? {
        for path in paths {
            if let gas = try SumsFile.read(path, on: grid).sums.columns().first?.gas { return gas }
        }
        return nil
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
