import Foundation
public import Inventory

/// The folder of tables that accounts are made with: `factors`, or `deploy/factors` in a repository.
public struct FactorFolder: Sendable {
    /// Folders that exist, in the order they are searched.
    public let folders: [String]

    public init(folders: [String]) { self.folders = folders }

    /// In the working directory, then in the folders above the program, up to the repository or installation it came
    /// from.
    public static func standard(workingDirectory: String, executable: String) -> FactorFolder {
        var candidates = [workingDirectory]
        var folder = URL(filePath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<5 where folder.path != "/" {
            candidates += [folder.path, folder.appending(path: "share/crosswind").path]
            folder = folder.deletingLastPathComponent()
        }
        let folders = candidates.flatMap { ["\($0)/factors", "\($0)/deploy/factors"] }
        return FactorFolder(
            folders: folders.filter { FileManager.default.fileExists(atPath: "\($0)/fuels.csv") }
        )
    }

    /// The names of the factor sets that can be asked for, sorted.
    public var setNames: [String] {
        let files = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        let tables: Set = ["fuels", "grid-electricity", "gwp-100"]
        return Set(files.filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }).subtracting(tables)
            .sorted()
    }

    public func catalogue() throws(AccountingError) -> FuelCatalogue {
        try FuelCatalogue(csvFile: try file("fuels"))
    }

    public func gridFactors() throws(AccountingError) -> GridFactors {
        try GridFactors(csvFile: try file("grid-electricity"))
    }

    public func potentials(_ report: AssessmentReport) throws(AccountingError) -> WarmingPotentials {
        try WarmingPotentials(csvFile: try file("gwp-100"), report: report)
    }

    /// The files that ``method(sets:report:grid:)`` reads, each once: what an account rests on beside its activities.
    public func files(
        sets: [String],
        grid: AccountingMethod.GridChoice? = nil
    ) throws(AccountingError) -> [String] {
        var files: [String] = []
        for name in ["fuels"] + sets + (grid == nil ? ["grid-electricity"] : []) + ["gwp-100"] {
            let path = name.hasSuffix(".csv") ? name : try file(name)
            if !files.contains(path) { files.append(path) }
        }
        return files
    }

    /// The set of a name, or of a file when the name is a path that ends in `.csv`.
    public func set(_ name: String, _ catalogue: FuelCatalogue) throws(AccountingError) -> FactorSet {
        if name.hasSuffix(".csv") { return try FactorSet(csvFile: name, catalogue) }
        return try FactorSet(csvFile: try file(name), catalogue)
    }

    /// How accounts are made with tables of this folder.
    ///
    /// - Parameters:
    ///   - sets: names or files, in the order in which they are asked for a carrier.
    ///   - grid: nil for the folder's table, by region and year of each activity.
    public func method(
        sets: [String],
        report: AssessmentReport = .fifth,
        grid: AccountingMethod.GridChoice? = nil
    ) throws(AccountingError) -> AccountingMethod {
        let catalogue = try catalogue()
        var found: [FactorSet] = []
        for name in sets { found.append(try set(name, catalogue)) }
        let choice: AccountingMethod.GridChoice
        if let grid { choice = grid } else { choice = .table(try gridFactors()) }
        return AccountingMethod(
            catalogue: catalogue,
            sets: found,
            potentials: try potentials(report),
            grid: choice
        )
    }

    private func file(_ name: String) throws(AccountingError) -> String {
        // A name is not a path: it must not reach files elsewhere.
        if !name.contains("/") {
            for folder in folders {
                let file = "\(folder)/\(name).csv"
                if FileManager.default.fileExists(atPath: file) { return file }
            }
        }
        throw AccountingError(
            .unusable(
                "no table of this name",
                remedy: folders.isEmpty
                    ? "no folder `factors` was found; name a file that ends in .csv"
                    : "known factor sets: \(setNames.joined(separator: ", ")); or a file that ends in .csv"
            ),
            at: TablePlace(file: name)
        )
    }
}
