import Foundation
public import Geo
import PROJ
public import Quantities

/// A named grid from `grids/NAME.json`, of longitude and latitude or in the plane of a map projection:
/// `{name: {en, zh}, box: {west, south, east, north}, step_degrees: 0.5, note: "..."}`,
/// `{name: {en, zh}, projection: "EPSG:32650", x: {from, to}, y: {from, to}, step_metres: 2000, note: "..."}`.
public struct GridDefinition: Sendable {
    /// The name of the file without its extension.
    public let id: String
    public let names: LocalizedName
    public let grid: CellGrid

    /// Dense fields of more cells would not fit the memory of a common machine.
    public static let maximumCells = 100_000_000
    /// Of a projected grid the places and corners of all cells are written too, 80 bytes each.
    public static let maximumProjectedCells = 25_000_000

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
            known: ["name", "box", "step_degrees", "projection", "x", "y", "step_metres", "note"]
        )
        id = URL(filePath: file).deletingPathExtension().lastPathComponent
        names = try object.name("name")
        grid =
            object.has("projection")
            ? .projected(try ProjectedGrid(object)) : .longitudeLatitude(try LatitudeLongitudeGrid(object))
    }
}

extension LatitudeLongitudeGrid {
    fileprivate init(_ object: ConfigurationObject) throws(ConfigurationError) {
        try object.refuse(["x", "y", "step_metres"], because: "goes with projection, not with box")
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
        self = grid
    }
}

extension ConfigurationObject {
    fileprivate func refuse(_ keys: [String], because reason: String) throws(ConfigurationError) {
        if let key = keys.first(where: has) { throw error(key, reason) }
    }
}

extension ProjectedGrid {
    fileprivate init(_ object: ConfigurationObject) throws(ConfigurationError) {
        try object.refuse(
            ["box", "step_degrees"],
            because: "goes without projection: give x, y and step_metres"
        )
        let definition = try object.text("projection")
        let found: (projection: MapProjection, areaOfUse: BoundingBox?)
        do throws(PROJError) {
            found = try MapProjection.find(definition)
        } catch {
            throw object.error("projection", "\(definition): \(error.what); \(error.remedy)")
        }
        let (x, y) = (try Self.range("x", object), try Self.range("y", object))
        let step = try object.number("step_metres")
        guard let grid = ProjectedGrid(projection: found.projection, x: x, y: y, stepMetres: step) else {
            throw object.error("step_metres", "the lengths of x and y are not whole multiples of the step")
        }
        guard grid.cellCount <= GridDefinition.maximumProjectedCells else {
            throw object.error("step_metres", "more than \(GridDefinition.maximumProjectedCells) cells")
        }
        guard grid.liesWithinProjection else {
            throw object.error("x", "the grid reaches beyond what \(found.projection.name) can show")
        }
        if let area = found.areaOfUse, !grid.meets(area) {
            let words = "longitude \(area.west) to \(area.east), latitude \(area.south) to \(area.north)"
            throw object.error(
                "x",
                "no part of the grid lies where \(found.projection.name) is used: \(words)"
            )
        }
        self = grid
    }

    private static func range(_ key: String, _ object: ConfigurationObject) throws(ConfigurationError)
        -> ClosedRange<Double>
    {
        let ends = try object.object(key, known: ["from", "to"])
        let (from, to) = (try ends.number("from"), try ends.number("to"))
        guard from < to, max(abs(from), abs(to)) <= 1e8 else {
            throw object.error(key, "from must be below to, in metres")
        }
        return from...to
    }

    /// Whether the centre of any of some cells spread over the grid lies in a box.
    private func meets(_ box: BoundingBox) -> Bool {
        let places = centres(
            of: (0..<289).map { index in
                (index / 17) * (rows - 1) / 16 * columns + (index % 17) * (columns - 1) / 16
            }
        )
        return zip(places.longitudes, places.latitudes).contains { longitude, latitude in
            Position(longitude: longitude, latitude: latitude).map(box.contains) ?? false
        }
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
