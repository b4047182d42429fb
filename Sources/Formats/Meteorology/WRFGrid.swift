import Geo

/// Finds the grid of a domain and checks it against the places that the file gives to all cells.
struct WRFGrid {
    let file: WRFFile
    let places: GeographicPoints

    func grid() throws(MeteorologyError) -> CellGrid {
        if file.map.kind == 6 { return try longitudeLatitude() }
        guard let projection = file.map.projection else {
            throw unsupported(
                "the map projection \(file.map.kind) is none of 1, 2, 3 and 6, or lacks its parameters",
                "use a domain on a Lambert, polar stereographic, Mercator or latitude-longitude map"
            )
        }
        var (x, y) = (places.longitudes, places.latitudes)
        projection.project(&x, &y)
        let across = axis(x, file.map.stepAcross, file.columns) { $0 % file.columns }
        let along = axis(y, file.map.stepAlong, file.rows) { $0 / file.columns }
        guard let across, let along else { throw misfit(.nan) }
        let (centresX, centresY) = (across.centres, along.centres)
        var largest = 0.0
        for index in x.indices {
            let (column, row) = (index % file.columns, index / file.columns)
            let miss = max(abs(x[index] - centresX[column]), abs(y[index] - centresY[row]))
            largest = miss > largest || miss.isNaN ? miss : largest
        }
        // Places in single precision are given within two metres or so.
        guard largest <= max(1e-3 * min(across.step, along.step), 2) else { throw misfit(largest) }
        return .projected(ProjectedGrid(projection: projection, x: across, y: along))
    }

    /// The axis that fits all cells best. Single precision would move one that starts at the first cell.
    private func axis(_ values: [Double], _ step: Double, _ count: Int, _ place: (Int) -> Int) -> UniformAxis?
    {
        var sum = 0.0
        for index in values.indices { sum += values[index] - Double(place(index)) * step }
        return UniformAxis(origin: sum / Double(values.count) - step / 2, step: step, count: count)
    }

    private func longitudeLatitude() throws(MeteorologyError) -> CellGrid {
        guard abs(abs(file.map.pole.latitude) - 90) < 1e-3 else {
            throw unsupported(
                "the grid of longitude and latitude is rotated (its pole lies at \(file.map.pole.latitude))",
                "use a domain on an unrotated map or on a conformal projection"
            )
        }
        let longitudes = Array(places.longitudes.prefix(file.columns))
        let latitudes = (0..<file.rows).map { places.latitudes[$0 * file.columns] }
        // Across the antimeridian longitudes start again.
        let unwrapped = longitudes.map { $0 < longitudes[0] ? $0 + 360 : $0 }
        guard let across = UniformAxis(centres: unwrapped), let along = UniformAxis(centres: latitudes),
            let grid = LatitudeLongitudeGrid(latitude: along, longitude: across)
        else { throw misfit(.nan) }
        let misses = places.longitudes.indices.map { index in
            max(
                abs(places.longitudes[index] - longitudes[index % file.columns]) / across.step,
                abs(places.latitudes[index] - along.centre(index / file.columns)) / along.step
            )
        }
        guard let largest = misses.max(), largest <= 1e-3 else { throw misfit(.nan) }
        return .longitudeLatitude(grid)
    }

    private func misfit(_ metres: Double) -> MeteorologyError {
        unsupported(
            "the places of the cells (XLAT, XLONG) do not lie on the map of the attributes"
                + (metres.isFinite ? ", by up to \(metres.rounded()) m" : ""),
            "check the attributes MAP_PROJ, TRUELAT1, TRUELAT2, STAND_LON, DX and DY"
        )
    }

    private func unsupported(_ what: String, _ remedy: String) -> MeteorologyError {
        .unsupported(path: file.path, what: what, remedy: remedy)
    }
}
