import Geo
import NetCDF

/// The coordinates of a regridded file: one-dimensional of longitude and latitude, or those of a projection with the
/// places of its cells.
struct RegriddedAxes {
    let grid: CellGrid

    init(_ grid: CellGrid) { self.grid = grid }

    var rows: Int { grid.rows }
    var columns: Int { grid.columns }
    /// About half a megabyte of a chunk.
    var chunkRows: Int { min(rows, max(1, 131_072 / max(1, columns))) }

    private var isProjected: Bool { grid.projected != nil }
    var dimensions: [String] { isProjected ? ["y", "x"] : ["latitude", "longitude"] }

    var mappingAttributes: [(String, NetCDFAttribute)] {
        isProjected ? [("grid_mapping", "crs"), ("coordinates", "latitude longitude")] : []
    }

    @NetCDFThread
    func define(_ file: inout NetCDFWriter) throws(NetCDFError) {
        try file.defineDimension(dimensions[0], length: rows)
        try file.defineDimension(dimensions[1], length: columns)
        let words =
            isProjected
            ? [("projection_y_coordinate", "m", "Y"), ("projection_x_coordinate", "m", "X")]
            : [("latitude", "degrees_north", "Y"), ("longitude", "degrees_east", "X")]
        for (name, (standard, unit, axis)) in zip(dimensions, words) {
            try file.defineVariable(
                name,
                .double,
                dimensions: [name],
                attributes: [
                    ("standard_name", .text(standard)), ("units", .text(unit)), ("axis", .text(axis)),
                    ("bounds", .text("\(name)_bnds")),
                ]
            )
            try file.defineVariable("\(name)_bnds", .double, dimensions: [name, "nv"], attributes: [])
        }
        if isProjected { try definePlaces(&file) }
        try defineArea(&file)
    }

    @NetCDFThread
    private func defineArea(_ file: inout NetCDFWriter) throws(NetCDFError) {
        let words =
            isProjected ? "the ellipsoid of WGS 84" : "a sphere of radius \(Earth.authalicRadiusMetres) m"
        try file.defineVariable(
            "cell_area",
            .double,
            dimensions: isProjected ? dimensions : [dimensions[0]],
            attributes: [
                ("standard_name", "cell_area"), ("long_name", .text("area of a cell on \(words)")),
                ("units", "m2"),
            ]
        )
    }

    @NetCDFThread
    private func definePlaces(_ file: inout NetCDFWriter) throws(NetCDFError) {
        guard let projection = grid.projected?.projection else { return }
        for (name, unit) in [("latitude", "degrees_north"), ("longitude", "degrees_east")] {
            try file.defineVariable(
                name,
                .double,
                dimensions: dimensions,
                attributes: [("standard_name", .text(name)), ("units", .text(unit))]
            )
        }
        try file.defineVariable(
            "crs",
            .int32,
            dimensions: [],
            attributes: [
                ("long_name", .text(projection.title)), ("crs_wkt", .text(projection.wellKnownText)),
                ("semi_major_axis", .double(projection.semiMajorAxisMetres)),
                (
                    "inverse_flattening",
                    .double(projection.inverseFlattening.isFinite ? projection.inverseFlattening : 0)
                ),
            ]
        )
    }

    @NetCDFThread
    func write(_ file: inout NetCDFWriter) throws(NetCDFError) {
        let plane = grid.plane
        for (name, axis) in zip(dimensions, [plane.along, plane.across]) {
            try file.write(axis.centres, to: name)
            try file.write(
                (0..<axis.count).flatMap { [axis.edge($0), axis.edge($0 + 1)] },
                to: "\(name)_bnds"
            )
        }
        switch grid {
        case .longitudeLatitude(let grid):
            try file.write((0..<rows).map { grid.cellAreaSquareMetres(row: $0) }, to: "cell_area")
        case .projected(let projected):
            try file.write((0..<rows).flatMap { grid.areasSquareMetres(ofRow: $0) }, to: "cell_area")
            let places = projected.centres(of: Array(0..<projected.cellCount))
            try file.write(places.latitudes, to: "latitude")
            try file.write(places.longitudes, to: "longitude")
        }
    }
}
