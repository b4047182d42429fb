import Geo
import Gridding
import NetCDF
import Quantities

/// How a Level 3 file is laid out.
public enum Level3Layout: String, CaseIterable, Sendable {
    /// All that is known of a cell, in ppm: CF-1.8 and ACDD-1.3.
    case full
    /// The variables of the merged GHG-CCI and C3S products, in mol/mol: what climate model evaluations read.
    case obs4mips

    func definition(of product: Level3Product) -> Level3Definition {
        switch self {
        case .full: Level3Definition(full: product)
        case .obs4mips: Level3Definition(obs4MIPs: product)
        }
    }
}

/// A variable of a Level 3 file before it is written.
struct Level3Variable: Sendable {
    let name: String
    let type: NetCDFType
    let dimensions: [String]
    var attributes: [(String, NetCDFAttribute)]
}

/// A variable that is small and written at once.
struct Level3Coordinate: Sendable {
    let variable: Level3Variable
    let values: [Double]
}

/// A variable over the windows and cells of a grid, with some elements for each cell.
struct Level3Field: Sendable {
    var variable: Level3Variable
    /// Levels, or 1 for a variable without.
    var depth = 1
    /// Stored where a cell holds no value.
    let empty: Double
    /// Whether ``empty`` is the fill value of the variable, so that it need not be written.
    var emptyIsFill = true
    /// From the unit of the means to that of the file.
    var factor = 1.0
    /// `cells x depth`.
    let values: @Sendable (GriddedColumns) -> [Double]
}

/// What a Level 3 file holds, before it is written.
struct Level3Definition: Sendable {
    let dimensions: [(name: String, length: Int)]
    let coordinates: [Level3Coordinate]
    /// Where the cells of a projected grid lie; nil for one of longitude and latitude.
    var places: Level3Places?
    let fields: [Level3Field]
    let attributes: [(String, NetCDFAttribute)]
}

extension Level3Product {
    /// Times at the middle of the windows and their bounds, from seconds since 1970.
    func timeCoordinates(
        units: String,
        _ value: (Double) -> Double
    ) -> [Level3Coordinate] {
        let bounds = windows.flatMap {
            [value($0.stretch.start.secondsSince1970), value($0.stretch.end.secondsSince1970)]
        }
        let middles = stride(from: 0, to: bounds.count, by: 2).map { (bounds[$0] + bounds[$0 + 1]) / 2 }
        let calendar: [(String, NetCDFAttribute)] = [("calendar", "standard")]
        return [
            coordinate("time", "time", axis: "T", units: units, middles, calendar),
            boundsCoordinate("time", bounds),
        ]
    }

    /// Of a grid of longitude and latitude.
    func axisCoordinates(_ axis: UniformAxis, _ name: String, _ standardName: String) -> [Level3Coordinate] {
        let isLatitude = standardName == "latitude"
        return axisCoordinates(
            axis,
            name,
            standardName,
            letter: isLatitude ? "Y" : "X",
            units: isLatitude ? "degrees_north" : "degrees_east"
        )
    }

    func axisCoordinates(
        _ axis: UniformAxis,
        _ name: String,
        _ standardName: String,
        letter: String,
        units: String
    ) -> [Level3Coordinate] {
        let bounds = (0..<axis.count).flatMap { [axis.edge($0), axis.edge($0 + 1)] }
        return [
            coordinate(name, standardName, axis: letter, units: units, axis.centres, []),
            boundsCoordinate(name, bounds),
        ]
    }

    private func coordinate(
        _ name: String,
        _ standardName: String,
        axis: String,
        units: String,
        _ values: [Double],
        _ more: [(String, NetCDFAttribute)]
    ) -> Level3Coordinate {
        let words = standardName.replacing("_", with: " ")
        let longName = standardName == "time" ? "middle of the window of time" : "\(words) of the cell centre"
        let attributes: [(String, NetCDFAttribute)] = [
            ("standard_name", .text(standardName)), ("long_name", .text(longName)), ("units", .text(units)),
            ("axis", .text(axis)), ("bounds", .text("\(name)_bnds")), ("coverage_content_type", "coordinate"),
        ]
        let variable = Level3Variable(
            name: name,
            type: .double,
            dimensions: [name],
            attributes: attributes + more
        )
        return Level3Coordinate(variable: variable, values: values)
    }

    /// Bounds take units and meaning from their coordinate and have no attributes of their own (CF-1.8, 7.1).
    func boundsCoordinate(
        _ name: String,
        dimension: String? = nil,
        _ values: [Double]
    ) -> Level3Coordinate {
        let variable = Level3Variable(
            name: "\(name)_bnds",
            type: .double,
            dimensions: [dimension ?? name, "bnds"],
            attributes: []
        )
        return Level3Coordinate(variable: variable, values: values)
    }

    /// The positions of soundings are longitudes and latitudes on WGS 84; areas of cells are those of the sphere of
    /// the same surface.
    var gridMapping: Level3Coordinate {
        if let projection = common.grid.projected?.projection { return projection.gridMapping }
        let variable = Level3Variable(
            name: "crs",
            type: .int32,
            dimensions: [],
            attributes: [
                ("long_name", "WGS 84, EPSG:4326"), ("grid_mapping_name", "latitude_longitude"),
                ("longitude_of_prime_meridian", 0.0), ("semi_major_axis", 6_378_137.0),
                ("inverse_flattening", 298.257223563),
                ("comment", .text("areas of cells are those on a sphere of \(Earth.authalicRadiusMetres) m")),
                ("coverage_content_type", "referenceInformation"),
            ]
        )
        return Level3Coordinate(variable: variable, values: [0])
    }
}
