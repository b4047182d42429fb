import Geo
import NetCDF
import Quantities

/// The shares of particles that left the domain, `particle_locations_*` of NAME and PARIS files, in either order of
/// axes.
@NetCDFThread
final class BoundaryReader {
    private let sides: [SlabReader]
    private let heights: [Double]
    private let latitudes: [Double]
    private let longitudes: [Double]
    private let cells: FootprintCells

    /// Nil for a file that has none of them.
    init?(
        _ file: borrowing NetCDFFile,
        cells: FootprintCells,
        latitude: String,
        longitude: String,
        along: String = "time",
        height: String = "height"
    ) throws(NetCDFError) {
        let names = ["n", "e", "s", "w"].map { "particle_locations_\($0)" }
        for name in names where !file.hasVariable(name) { return nil }
        var sides: [SlabReader] = []
        for (index, name) in names.enumerated() {
            let side = index % 2 == 0 ? longitude : latitude
            sides.append(try SlabReader(file, name, along: along, order: [height, side]))
        }
        heights = try file.doubles(height)
        self.sides = sides
        self.cells = cells
        (latitudes, longitudes) = (cells.grid.plane.along.centres, cells.grid.plane.across.centres)
        let lengths = [longitudes.count, latitudes.count, longitudes.count, latitudes.count]
        for (reader, length) in zip(sides, lengths) where reader.slabCount != heights.count * length {
            throw file.unexpected("sides do not fit the heights", reader.variable)
        }
    }

    isolated deinit {}

    func read(_ index: Int, _ file: borrowing NetCDFFile) throws(NetCDFError) -> FootprintBoundary {
        var faces: [BoundarySide] = []
        for (side, reader) in sides.enumerated() {
            let isMeridian = side % 2 == 1
            let degrees = isMeridian ? latitudes : longitudes
            let order = isMeridian ? cells.fileRows : cells.fileColumns
            let values = try reader.slab(index, file)
            let sorted = heights.indices.flatMap { level in
                order.map { values[level * order.count + $0] }
            }
            guard sorted.allSatisfy(\.isFinite) else {
                throw file.unexpected("time \(index) has missing values", reader.variable)
            }
            faces.append(BoundarySide(degrees: degrees, heightsMetres: heights, values: sorted))
        }
        return FootprintBoundary(north: faces[0], east: faces[1], south: faces[2], west: faces[3])
    }
}
