import Geo
import NetCDF

extension MapProjection {
    /// The grid mapping variable.
    var gridMapping: Level3Coordinate {
        let variable = Level3Variable(
            name: "crs",
            type: .int32,
            dimensions: [],
            attributes: gridMappingAttributes
        )
        return Level3Coordinate(variable: variable, values: [0])
    }
}
