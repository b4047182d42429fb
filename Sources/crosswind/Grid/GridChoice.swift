import Formats
import Foundation
import Geo

/// The grid of `--grid`, or of `--box` and `--step`.
struct GridChoice {
    let name: String
    let nameChinese: String
    let grid: CellGrid

    init(_ options: Options) throws {
        if let name = options.text("grid") {
            for other in ["box", "step"] where options.isSet(other) {
                throw UsageError.conflict(other, with: "grid", verb: options.verb)
            }
            let definition = try GridCatalogue.standard(
                workingDirectory: FileManager.default.currentDirectoryPath,
                executable: Bundle.main.executablePath ?? CommandLine.arguments[0]
            ).definition(name)
            (self.name, nameChinese, grid) = (definition.id, definition.id, definition.grid)
            return
        }
        guard let edges = options.text("box") else {
            throw UsageError.operands(
                expected: "a grid: --grid NAME, or --box W,S,E,N with --step DEGREES",
                verb: options.verb
            )
        }
        guard let step = try options.number("step") else {
            throw UsageError.missingOption("step", verb: options.verb)
        }
        let box = try Self.box(edges, options.verb)
        guard let grid = GridDefinition.grid(box: box, stepDegrees: step) else {
            let expected = "a side that divides the box into at most \(GridDefinition.maximumCells) cells"
            throw UsageError.badValue("step", "\(step)", expected: expected, verb: options.verb)
        }
        name = "box \(edges) step \(step)"
        nameChinese = "范围 \(edges)，步长 \(step)°"
        self.grid = .longitudeLatitude(grid)
    }

    /// What is wrong with edges is said in so many words.
    private static func box(_ text: String, _ verb: String) throws -> BoundingBox {
        func refused(_ expected: String) -> UsageError {
            .badValue("box", text, expected: expected, verb: verb)
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let edges = parts.compactMap { Double($0) }.filter(\.isFinite)
        guard edges.count == 4, parts.count == 4 else { throw refused("four numbers W,S,E,N in degrees") }
        let (west, south, east, north) = (edges[0], edges[1], edges[2], edges[3])
        guard (-90...90).contains(south), (-90...90).contains(north) else {
            throw refused("a box W,S,E,N with latitudes from -90 to 90")
        }
        guard south < north else { throw refused("a box W,S,E,N with south below north") }
        guard (-180...360).contains(west), (-180...360).contains(east) else {
            throw refused("a box W,S,E,N with longitudes from -180 to 360")
        }
        guard west != east else { throw refused("a box W,S,E,N: west equals east") }
        // Across the antimeridian W is greater than E; few mean a box of more than half the Earth by that.
        guard west < east || east + 360 - west <= 180 else {
            let width = String(format: "%g", east + 360 - west)
            throw refused(
                "a box W,S,E,N: eastward from W to E are \(width) degrees, so that both seem swapped"
            )
        }
        guard east - west <= 360 else { throw refused("a box W,S,E,N: it is wider than 360 degrees") }
        guard let box = BoundingBox(west: west, south: south, east: east, north: north) else {
            throw refused("a box W,S,E,N in degrees")
        }
        return box
    }
}
