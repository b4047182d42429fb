import Formats
import Foundation
import Gridding

/// A folder with the sums of each file of soundings that a product is made of.
struct KeptSums: Sendable {
    let folder: String

    private static let ending = ".sums"

    /// What the folder holds, by name of the file of soundings.
    ///
    /// - Throws: `SumsFileError`, or ``GriddingRunError/otherPlan(path:)`` where sums were made by another plan.
    func read(_ plan: GriddingPlan) throws -> [SumsFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return try names.filter { $0.hasSuffix(Self.ending) }.sorted().map { name in
            let path = folder + "/" + name
            let kept = try SumsFile.read(path)
            guard kept.sums.plan == plan else { throw GriddingRunError.otherPlan(path: path) }
            return kept
        }
    }

    func write(_ file: SumsFile) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw SumsFileError.notWritten(path: folder, reason: error.localizedDescription)
        }
        try file.write(to: path(of: file.input))
    }

    func remove(_ input: FileProvenance.Input) throws {
        let path = path(of: input)
        do { try FileManager.default.removeItem(atPath: path) } catch {
            throw SumsFileError.notWritten(path: path, reason: error.localizedDescription)
        }
    }

    /// Files of one name and other content lie beside each other.
    private func path(of input: FileProvenance.Input) -> String {
        "\(folder)/\(input.name).\(input.sha256.prefix(12))\(Self.ending)"
    }
}
