import Geo
public import NetCDF
import Quantities
public import Transport

/// Writes the layout of STILT-R, `foot(time, lat, lon)`, for the tools made for it: one receptor in a file whose name
/// tells it.
public enum STILTFootprintWriter {
    /// Writes the file whole or not at all into a folder that is there.
    ///
    /// - Returns: its path, `yyyymmddHHMM_lon_lat_zagl_foot.nc` in the folder.
    /// - Throws: ``NetCDFError`` for layers that are no hours, which the layout cannot tell, and for a receptor without
    ///   a place.
    @NetCDFThread
    @discardableResult
    public static func write(
        _ footprint: ReceptorFootprint,
        toFolder folder: String,
        provenance: FileProvenance
    ) throws(NetCDFError) -> String {
        guard let place = footprint.place else {
            throw NetCDFError(
                .unfit("\(footprint.receptor) has no place, which STILT-R names files by", remedy: "add it"),
                path: folder
            )
        }
        let path = "\(folder)/\(name(at: footprint.time, place))_foot.nc"
        let layers = try layers(of: footprint, path)
        let grid = footprint.grid
        let isProjected = grid.projected != nil
        let names = isProjected ? (x: "x", y: "y") : (x: "lon", y: "lat")
        var writer = try NetCDFWriter(replacing: path)
        for (name, value) in attributes(grid, provenance) { try writer.setAttribute(name, value) }
        for (name, length) in [(names.x, grid.columns), (names.y, grid.rows), ("time", layers.count)] {
            try writer.defineDimension(name, length: length)
        }
        try defineAxes(&writer, names, isProjected: isProjected)
        try writer.defineVariable(
            "foot",
            .float,
            dimensions: ["time", names.y, names.x],
            chunks: [1, grid.rows, grid.columns],
            attributes: [
                ("units", "ppm (umol-1 m2 s)"), ("_FillValue", .float(-1)), ("standard_name", "footprint"),
                ("long_name", "stilt surface influence footprint"),
            ]
        )
        try writer.write(grid.plane.across.centres, to: names.x)
        try writer.write(grid.plane.along.centres, to: names.y)
        try writer.write(layers.map(\.stamp.secondsSince1970), to: "time")
        for (index, layer) in layers.enumerated() {
            var values = [Double](repeating: 0, count: grid.cellCount)
            for (cell, value) in zip(layer.layer.cells, layer.layer.values) { values[Int(cell)] += value }
            try writer.write(values, to: "foot", start: [index, 0, 0], shape: [1, grid.rows, grid.columns])
        }
        try writer.commit()
        return path
    }

    /// The time of the layout has minutes; numbers as Swift writes them, which reads back the same.
    static func name(at time: Instant, _ place: ReceptorPoint) -> String {
        let stamp = "\(time)".prefix(16).filter(\.isNumber)
        return "\(stamp)_\(plain(place.longitude))_\(plain(place.latitude))_\(plain(place.heightMetres))"
    }

    private static func plain(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }

    private struct Layer {
        let stamp: Instant
        let layer: FootprintLayer
    }

    private static func layers(
        of footprint: ReceptorFootprint,
        _ path: String
    ) throws(NetCDFError) -> [Layer] {
        if footprint.layers.count <= 1, footprint.layers.first?.emission == nil {
            let empty = FootprintLayer(emission: nil, cells: [], values: [])
            return [Layer(stamp: footprint.time, layer: footprint.layers.first ?? empty)]
        }
        var layers: [Layer] = []
        for layer in footprint.layers {
            guard let emission = layer.emission, emission.seconds == 3600 else {
                throw NetCDFError(
                    .unfit(
                        "a layer of \(footprint.receptor) at \(footprint.time) is not one hour, as STILT-R has them",
                        remedy: "convert it integrated over time (--integrated)"
                    ),
                    path: path
                )
            }
            layers.append(Layer(stamp: emission.start, layer: layer))
        }
        return layers.sorted { $0.stamp < $1.stamp }
    }

    private static func attributes(
        _ grid: CellGrid,
        _ provenance: FileProvenance
    ) -> [(String, NetCDFAttribute)] {
        let system = grid.projected.map {
            $0.projection.identifier.isEmpty ? $0.projection.wellKnownText : $0.projection.identifier
        }
        return [
            ("crs", .text(system ?? "+proj=longlat")), ("crs_format", system == nil ? "PROJ.4" : "PROJ"),
            ("title", "STILT Footprint"),
        ] + provenance.attributes
    }

    @NetCDFThread
    private static func defineAxes(
        _ writer: inout NetCDFWriter,
        _ names: (x: String, y: String),
        isProjected: Bool
    ) throws(NetCDFError) {
        let axes: [(name: String, unit: String, standard: String, long: String)] =
            isProjected
            ? [
                ("x", "m", "projection_x_coordinate", "x coordinate of projection"),
                ("y", "m", "projection_y_coordinate", "y coordinate of projection"),
            ]
            : [
                ("lon", "degrees_east", "longitude", "longitude at cell center"),
                ("lat", "degrees_north", "latitude", "latitude at cell center"),
            ]
        for axis in axes {
            try writer.defineVariable(
                axis.name,
                .double,
                dimensions: [axis.name],
                attributes: [
                    ("units", .text(axis.unit)), ("standard_name", .text(axis.standard)),
                    ("long_name", .text(axis.long)),
                ]
            )
        }
        try writer.defineVariable(
            "time",
            .double,
            dimensions: ["time"],
            attributes: [
                ("units", "seconds since 1970-01-01 00:00:00Z"), ("standard_name", "time"),
                ("long_name", "utc time"), ("calendar", "standard"),
            ]
        )
    }
}
