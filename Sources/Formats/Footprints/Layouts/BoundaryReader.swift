import Geo
import NetCDF
import Quantities
import Transport

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

    /// - Parameter receptor: that of the index.
    func read(
        _ index: Int,
        of receptor: FootprintReceptor,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> BoundarySensitivity {
        var faces: [BoundaryFace: BoundarySensitivity.Face] = [:]
        for (side, reader) in zip(BoundaryFace.allCases, sides) {
            let places = side.runsAlongLongitude ? longitudes : latitudes
            let order = side.runsAlongLongitude ? cells.fileColumns : cells.fileRows
            let values = try reader.slab(index, file)
            let sorted = heights.indices.flatMap { level in
                order.map { values[level * order.count + $0] }
            }
            guard sorted.allSatisfy(\.isFinite) else {
                throw file.unexpected("time \(index) has missing values", reader.variable)
            }
            do throws(FootprintFault) {
                let cells = try BoundaryFaceCells(heightMetres: heights, places: places)
                faces[side] = BoundarySensitivity.Face(cells: cells, shares: sorted)
            } catch { throw file.unexpected(error.what, reader.variable) }
        }
        do throws(FootprintFault) {
            return try BoundarySensitivity(receptor: receptor.name, time: receptor.time, faces: faces)
        } catch { throw file.unexpected(error.what, sides.first?.variable ?? "") }
    }
}
