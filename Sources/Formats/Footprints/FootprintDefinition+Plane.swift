import Geo
import NetCDF
import Quantities
import Transport

/// Grid, values and global attributes of a file of ours.
extension FootprintDefinition {
    /// Axes with the bounds of their cells; `axis_origin` and `axis_step` give the grid back to the last digit.
    var planeVariables: [Small] {
        let plane = grid.plane
        let isProjected = grid.projected != nil
        let along: [(String, NetCDFAttribute)] =
            isProjected
            ? [
                ("standard_name", "projection_y_coordinate"), ("long_name", "northing of cell centre"),
                ("units", "m"),
            ]
            : [
                ("standard_name", "latitude"), ("long_name", "latitude of cell centre"),
                ("units", "degrees_north"),
            ]
        let across: [(String, NetCDFAttribute)] =
            isProjected
            ? [
                ("standard_name", "projection_x_coordinate"), ("long_name", "easting of cell centre"),
                ("units", "m"),
            ]
            : [
                ("standard_name", "longitude"), ("long_name", "longitude of cell centre"),
                ("units", "degrees_east"),
            ]
        var variables =
            axis(plane.along, self.plane[0], "Y", along) + axis(plane.across, self.plane[1], "X", across)
        if let projected = grid.projected { variables += placeVariables(projected) }
        if options.hasAreas { variables.append(areaVariable) }
        return variables + [mapping]
    }

    private func axis(
        _ axis: UniformAxis,
        _ name: String,
        _ letter: String,
        _ attributes: [(String, NetCDFAttribute)]
    ) -> [Small] {
        [
            Small(
                name: name,
                type: .double,
                dimensions: [name],
                attributes: attributes + [
                    ("axis", .text(letter)), ("bounds", .text(name + "_bounds")),
                    ("axis_origin", .double(axis.origin)), ("axis_step", .double(axis.step)),
                ],
                numbers: axis.centres
            ),
            Small(
                name: name + "_bounds",
                type: .double,
                dimensions: [name, "nv"],
                attributes: [],
                numbers: (0..<axis.count).flatMap { [axis.edge($0), axis.edge($0 + 1)] }
            ),
        ]
    }

    private func placeVariables(_ grid: ProjectedGrid) -> [Small] {
        let centres = grid.centres(of: Array(0..<grid.cellCount))
        func place(_ name: String, _ unit: String, _ values: [Double]) -> Small {
            Small(
                name: name,
                type: .double,
                dimensions: plane,
                attributes: [
                    ("standard_name", .text(name)), ("long_name", .text("\(name) of cell centre")),
                    ("units", .text(unit)), ("_FillValue", .double(Self.fill)),
                ],
                numbers: values.map { $0.isFinite ? $0 : Self.fill }
            )
        }
        return [
            place("latitude", "degrees_north", centres.latitudes),
            place("longitude", "degrees_east", centres.longitudes),
        ]
    }

    private var areaVariable: Small {
        Small(
            name: "cell_area",
            type: .double,
            dimensions: plane,
            attributes: [
                ("standard_name", "cell_area"), ("long_name", "area of the cell"), ("units", "m2"),
                ("grid_mapping", "crs"),
            ] + (grid.projected == nil ? [] : [("coordinates", "latitude longitude")]),
            numbers: grid.areasSquareMetres(of: Array(0..<grid.cellCount))
        )
    }

    private var mapping: Small {
        let geographic: [(String, NetCDFAttribute)] = [
            ("grid_mapping_name", "latitude_longitude"), ("semi_major_axis", 6_378_137.0),
            ("inverse_flattening", 298.257223563), ("longitude_of_prime_meridian", 0.0),
        ]
        return Small(
            name: "crs",
            type: .int32,
            dimensions: [],
            attributes: grid.projected?.projection.gridMappingAttributes ?? geographic,
            numbers: [0]
        )
    }

    private var coordinates: String {
        let layer = hasTimeAxis ? "" : "emission_time "
        return layer + (grid.projected == nil ? "layer_kind" : "layer_kind latitude longitude")
    }

    var footAttributes: [(String, NetCDFAttribute)] {
        let common: [(String, NetCDFAttribute)] = [
            (
                "long_name",
                "footprint: response of the mole fraction at a receptor to the surface flux of a cell"
            ),
            ("units", .text(FootprintLayoutNames.footUnit)), ("grid_mapping", "crs"),
            ("coordinates", .text(coordinates)), ("coverage_content_type", "modelResult"),
        ]
        return options.hasAreas ? common + [("cell_measures", "area: cell_area")] : common
    }

    var sparseValueAttributes: [(String, NetCDFAttribute)] {
        [
            (
                "long_name",
                "footprint: response of the mole fraction at a receptor to the surface flux of a cell"
            ),
            ("units", .text(FootprintLayoutNames.footUnit)), ("coverage_content_type", "modelResult"),
            (
                "comment",
                .text(
                    """
                    the cell of entry i is foot_cell[i] = row * \(grid.columns) + column, rows along \(plane[0]) and \
                    columns along \(plane[1]); cells that are not named are zero
                    """
                )
            ),
        ]
    }

    var sparseCellAttributes: [(String, NetCDFAttribute)] {
        [
            (
                "long_name",
                .text("cell of an entry, row by row of \(grid.columns) columns, from 0; ascending in a layer")
            )
        ]
    }

    // MARK: - Global attributes

    var globalAttributes: [(String, NetCDFAttribute)] {
        let title = options.title.isEmpty ? "Surface footprints of \(receptorText)" : options.title
        return [
            ("Conventions", "CF-1.8, ACDD-1.3"),
            (FootprintLayoutNames.marker, .text(FootprintLayoutNames.version)), ("title", .text(title)),
            (
                "summary",
                .text(
                    """
                    How much the surface flux of each cell adds to the mole fraction at each receptor, ppm per \
                    umol m-2 s-1, \(isSparse ? "for the cells alone that add something" : "for all cells").
                    """
                )
            ),
            ("keywords", "footprint, source-receptor relationship, atmospheric transport, greenhouse gas"),
            ("source", "atmospheric transport model; see history"), ("cdm_data_type", "Grid"),
            ("product_version", .text(Version.current)),
        ] + options.attributes.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }
            + extent + coverage + provenance.attributes
    }

    private var receptorText: String {
        let names = Set(index.receptors.map(\.name)).sorted()
        return names.count <= 3 ? names.joined(separator: ", ") : "\(names.count) receptors"
    }

    private var extent: [(String, NetCDFAttribute)] {
        let box: (west: Double, south: Double, east: Double, north: Double)
        switch grid {
        case .longitudeLatitude(let grid):
            box = (
                grid.longitude.centre(0), grid.latitude.centre(0), grid.longitude.centre(grid.columns - 1),
                grid.latitude.centre(grid.rows - 1)
            )
        case .projected(let grid): box = grid.centreExtent
        }
        return [
            ("geospatial_lat_min", .double(box.south)), ("geospatial_lat_max", .double(box.north)),
            ("geospatial_lat_units", "degrees_north"), ("geospatial_lon_min", .double(box.west)),
            ("geospatial_lon_max", .double(box.east)), ("geospatial_lon_units", "degrees_east"),
        ]
    }

    private var coverage: [(String, NetCDFAttribute)] {
        let times = index.receptors.map(\.time)
        guard let first = times.min(), let last = times.max() else { return [] }
        return [("time_coverage_start", .text("\(first)")), ("time_coverage_end", .text("\(last)"))]
    }
}
