import Foundation
public import Geo
public import Quantities

/// A named grid from `grids/NAME.json`:
/// `{name: {en, zh}, box: {west, south, east, north}, step_degrees: 0.5, note: "..."}`.
public struct GridDefinition: Sendable {
    /// The name of the file without its extension.
    public let id: String
    public let names: LocalizedName
    public let grid: LatitudeLongitudeGrid

    /// Dense fields of more cells would not fit the memory of a common machine.
    public static let maximumCells = 100_000_000

    /// Square cells over a box; nil when the step does not divide its sides or gives too many.
    public static func grid(box: BoundingBox, stepDegrees: Double) -> LatitudeLongitudeGrid? {
        guard let grid = LatitudeLongitudeGrid(box: box, stepDegrees: stepDegrees),
            grid.cellCount <= maximumCells
        else { return nil }
        return grid
    }

    /// Reads a definition.
    ///
    /// - Throws: ``ConfigurationError`` with the file and the key.
    public init(json5File file: String) throws(ConfigurationError) {
        let object = try ConfigurationObject(
            json5File: file,
            known: ["name", "box", "step_degrees", "note"]
        )
        let edges = try object.object("box", known: ["west", "south", "east", "north"])
        guard
            let box = BoundingBox(
                west: try edges.number("west"),
                south: try edges.number("south"),
                east: try edges.number("east"),
                north: try edges.number("north")
            )
        else { throw object.error("box", "not a box of longitude and latitude") }
        guard let grid = LatitudeLongitudeGrid(box: box, stepDegrees: try object.number("step_degrees"))
        else {
            throw object.error("step_degrees", "the sides of the box are not whole multiples of the step")
        }
        id = URL(filePath: file).deletingPathExtension().lastPathComponent
        names = try object.name("name")
        self.grid = grid
    }
}

/// The folder of named grids.
public struct GridCatalogue: Sendable {
    /// Folders that exist, in the order they are searched.
    public let folders: [String]

    public init(folders: [String]) { self.folders = folders }

    /// `grids` in the working directory, then in the folders above the program, up to the repository or
    /// installation it came from.
    public static func standard(workingDirectory: String, executable: String) -> GridCatalogue {
        var candidates = [workingDirectory]
        var folder = URL(filePath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<5 where folder.path != "/" {
            candidates.append(folder.path)
            candidates.append(folder.appending(path: "share/crosswind").path)
            folder = folder.deletingLastPathComponent()
        }
        let grids = candidates.map { URL(filePath: $0).appending(path: "grids").path }
        return GridCatalogue(folders: grids.filter { FileManager.default.fileExists(atPath: $0) })
    }

    /// The names that can be asked for, sorted.
    public var names: [String] {
        let files = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        let grids = files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
        return Set(grids).sorted()
    }

    /// The definition of a name, or of a file when the name is a path that ends in `.json`.
    ///
    /// - Throws: ``GridCatalogueError`` for an unknown name, ``ConfigurationError`` for a bad file.
    public func definition(_ name: String) throws -> GridDefinition {
        if name.hasSuffix(".json") { return try GridDefinition(json5File: name) }
        // A name is not a path: it must not reach files elsewhere.
        if !name.contains("/") {
            for folder in folders {
                let file = "\(folder)/\(name).json"
                if FileManager.default.fileExists(atPath: file) {
                    return try GridDefinition(json5File: file)
                }
            }
        }
        throw GridCatalogueError(name: name, known: names)
    }
}

/// No grid has the name.
public struct GridCatalogueError: Fault, Equatable {
    public let name: String
    public let known: [String]

    public var exitStatus: ExitStatus { .usage }
    public var what: String { "unknown grid" }
    public var place: String { name }
    public var remedy: String {
        known.isEmpty
            ? "no folder `grids` was found; give a file with --grid FILE.json or a --box"
            : "known grids: \(known.joined(separator: ", "))"
    }
}
