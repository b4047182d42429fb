import Geo
import Gridding
import NetCDF
import Observations
import Quantities

extension Level3File {
    /// The whole UTC days that the soundings lie in.
    var days: Period {
        let day: Int64 = 86_400_000_000
        let first = columns.firstSounding.microseconds
        let last = columns.lastSounding.microseconds
        return Period(
            start: Instant(microseconds: floorDivision(first, day) * day),
            end: Instant(microseconds: (floorDivision(last, day) + 1) * day)
        )
    }

    var globalAttributes: [(String, NetCDFAttribute)] {
        conventions + description + coverage + counts + provenance.attributes
    }

    private var conventions: [(String, NetCDFAttribute)] {
        [
            ("Conventions", "CF-1.8, ACDD-1.3"),
            ("standard_name_vocabulary", "CF Standard Name Table v93"),
            ("cdm_data_type", "Grid"),
            ("processing_level", "Level 3"),
            ("product_version", .text(Version.current)),
        ]
    }

    private var description: [(String, NetCDFAttribute)] {
        let formula = columns.gas.rawValue.uppercased()
        let products = columns.products.joined(separator: "; ")
        return [
            ("title", .text("Column-averaged dry-air \(formula) on a longitude-latitude grid")),
            (
                "summary",
                .text(
                    """
                    Means of satellite soundings over the cells that hold their centres, with standard errors, \
                    averaging kernels and pressure weights of the means. Columns are on \(columns.scale).
                    """
                )
            ),
            ("keywords", .text("\(formula), X\(formula), greenhouse gas, column, satellite, Level 3")),
            ("source", .text("satellite retrievals: \(products)")),
            ("references", "doi:10.5194/amt-9-683-2016"),
            (
                "comment",
                "cells without soundings hold the fill value; nothing is interpolated between them"
            ),
            ("weighting", .text(columns.weighting.rawValue)),
            ("gridding_method", "centre"),
        ]
    }

    private var coverage: [(String, NetCDFAttribute)] {
        let grid = columns.grid
        return [
            ("geospatial_lat_min", .double(grid.latitude.origin)),
            ("geospatial_lat_max", .double(grid.latitude.end)),
            ("geospatial_lat_units", "degrees_north"),
            ("geospatial_lat_resolution", .double(grid.latitude.step)),
            ("geospatial_lon_min", .double(grid.longitude.origin)),
            ("geospatial_lon_max", .double(grid.longitude.end)),
            ("geospatial_lon_units", "degrees_east"),
            ("geospatial_lon_resolution", .double(grid.longitude.step)),
            ("geospatial_bounds_crs", "EPSG:4326"),
            ("geospatial_bounds", .text(boundsPolygon)),
            ("time_coverage_start", .text("\(columns.firstSounding)")),
            ("time_coverage_end", .text("\(columns.lastSounding)")),
            (
                "time_coverage_duration",
                .text(duration(from: columns.firstSounding, to: columns.lastSounding))
            ),
            ("time_coverage_resolution", .text(duration(from: days.start, to: days.end))),
        ]
    }

    /// Well-known text with latitude first, the axis order of EPSG:4326.
    private var boundsPolygon: String {
        let (south, north) = (columns.grid.latitude.origin, columns.grid.latitude.end)
        let (west, east) = (columns.grid.longitude.origin, columns.grid.longitude.end)
        let corners = [(south, west), (south, east), (north, east), (north, west), (south, west)]
        return "POLYGON ((\(corners.map { "\($0.0) \($0.1)" }.joined(separator: ", "))))"
    }

    private var counts: [(String, NetCDFAttribute)] {
        let reasons = tally.rejected.sorted { $0.key < $1.key }
        return [
            ("soundings_read", .integers([Int32(clamping: tally.read)])),
            ("soundings_used", .integers([Int32(clamping: tally.used)])),
            (
                "soundings_rejected",
                .text(reasons.map { "\($0.key.rawValue): \($0.value)" }.joined(separator: ", "))
            ),
        ]
    }
}

/// ISO 8601 duration in days, hours, minutes and seconds.
private func duration(from start: Instant, to end: Instant) -> String {
    var seconds = Int(end.seconds(since: start).rounded())
    let days = seconds / 86_400
    seconds %= 86_400
    return "P\(days)DT\(seconds / 3600)H\(seconds / 60 % 60)M\(seconds % 60)S"
}

private func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : (value - divisor + 1) / divisor
}
