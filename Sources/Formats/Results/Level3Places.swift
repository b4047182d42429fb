import Concurrent
import Geo
import Gridding
import NetCDF
import Quantities

/// Where the cells of a projected grid lie and how large they are, as variables over its rows and columns.
struct Level3Places: Sendable {
    let grid: ProjectedGrid

    static let cornerDimension = "corner"
    private static let cellsAtOnce = 65_536

    init(_ grid: ProjectedGrid) { self.grid = grid }

    private static let variables: [Level3Variable] = [
        place("longitude", "degrees_east"), bounds("longitude"), place("latitude", "degrees_north"),
        bounds("latitude"),
        Level3Variable(
            name: "cell_area",
            type: .double,
            dimensions: ["y", "x"],
            attributes: [
                ("standard_name", "cell_area"), ("long_name", "area of the cell on the ellipsoid of WGS 84"),
                ("units", "m2"), ("grid_mapping", "crs"), ("coordinates", "latitude longitude"),
                ("coverage_content_type", "auxiliaryInformation"),
            ]
        ),
    ]

    private static func place(_ name: String, _ units: String) -> Level3Variable {
        Level3Variable(
            name: name,
            type: .double,
            dimensions: ["y", "x"],
            attributes: [
                ("standard_name", .text(name)), ("long_name", .text("\(name) of the cell centre")),
                ("units", .text(units)), ("bounds", .text("\(name)_bnds")),
                ("coverage_content_type", "coordinate"),
            ]
        )
    }

    private static func bounds(_ name: String) -> Level3Variable {
        Level3Variable(
            name: "\(name)_bnds",
            type: .double,
            dimensions: ["y", "x", cornerDimension],
            attributes: []
        )
    }

    @NetCDFThread
    func define(in file: inout NetCDFWriter) throws(NetCDFError) {
        for variable in Self.variables {
            try file.defineVariable(
                variable.name,
                variable.type,
                dimensions: variable.dimensions,
                attributes: variable.attributes
            )
        }
    }

    /// Computes rows in parallel and writes them in order.
    @NetCDFThread
    func write(to file: inout NetCDFWriter) async throws {
        let height = max(1, Self.cellsAtOnce / grid.columns)
        let blocks = (grid.rows + height - 1) / height
        for first in stride(from: 0, to: blocks, by: availableThreads) {
            let count = min(availableThreads, blocks - first)
            let grid = self.grid
            let parts = try await parallelMap(count: count, chunks: count) { range in
                range.map { part -> [[Double]] in
                    let start = (first + part) * height
                    let lattice = CellLattice(grid, rows: start..<min(grid.rows, start + height))
                    return [
                        lattice.longitudes, lattice.cornerLongitudes, lattice.latitudes,
                        lattice.cornerLatitudes, lattice.areasSquareMetres,
                    ]
                }
            }
            for (part, arrays) in parts.joined().enumerated() {
                let start = (first + part) * height
                try write(arrays, rows: start..<min(grid.rows, start + height), to: &file)
            }
        }
    }

    @NetCDFThread
    private func write(
        _ arrays: [[Double]],
        rows: Range<Int>,
        to file: inout NetCDFWriter
    ) throws(NetCDFError) {
        for (variable, values) in zip(Self.variables, arrays) {
            let isBounds = variable.dimensions.count == 3
            try file.write(
                values,
                to: variable.name,
                start: [rows.lowerBound, 0] + (isBounds ? [0] : []),
                shape: [rows.count, grid.columns] + (isBounds ? [4] : [])
            )
        }
    }
}

extension Level3Product {
    /// Of the full layout: rows, then columns.
    var horizontalDimensions: [String] {
        common.grid.projected == nil ? ["latitude", "longitude"] : ["y", "x"]
    }

    var horizontalCoordinates: [Level3Coordinate] {
        switch common.grid {
        case .longitudeLatitude(let grid):
            axisCoordinates(grid.latitude, "latitude", "latitude")
                + axisCoordinates(grid.longitude, "longitude", "longitude")
        case .projected(let grid):
            axisCoordinates(grid.y, "y", "projection_y_coordinate", letter: "Y", units: "m")
                + axisCoordinates(grid.x, "x", "projection_x_coordinate", letter: "X", units: "m")
        }
    }

    /// Names the variables of ``Level3Places`` to readers of a field.
    func located(_ field: Level3Field) -> Level3Field {
        guard common.grid.projected != nil else { return field }
        var located = field
        located.variable.attributes += Self.placeAttributes
        return located
    }

    static var placeAttributes: [(String, NetCDFAttribute)] {
        [("coordinates", "latitude longitude"), ("cell_measures", "area: cell_area")]
    }
}
