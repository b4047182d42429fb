import Digests
import Geo
import Gridding
import NetCDF
import Observations
import Quantities

extension Level3Product {
    /// The attributes of the file after CF and ACDD, then its provenance.
    var globalAttributes: [(String, NetCDFAttribute)] {
        conventions + description + space + time + counts + publication.attributes + provenance.attributes
    }

    private var conventions: [(String, NetCDFAttribute)] {
        [
            ("Conventions", "CF-1.8, ACDD-1.3"),
            ("standard_name_vocabulary", "CF Standard Name Table v93"),
            ("cdm_data_type", "Grid"),
            ("processing_level", "Level 3"),
            ("product_version", .text(Version.current)),
            ("id", .text(identifier)),
        ]
    }

    /// Changes with the inputs and the settings, and with nothing else.
    private var identifier: String {
        guard publication.identifier.isEmpty else { return publication.identifier }
        var digest = SHA256()
        let inputs = provenance.inputs.map(\.sha256).sorted().joined(separator: "\n")
        digest.update("\(Version.current)\n\(provenance.configuration)\n\(inputs)".utf8)
        return "\(columnName)-level3-\(digest.hexDigest().prefix(16))"
    }

    private var description: [(String, NetCDFAttribute)] {
        let formula = common.gas.rawValue.uppercased()
        let place = common.grid.projected.map { "in \($0.projection.name)" } ?? "on a longitude-latitude grid"
        let title = "Column-averaged dry-air \(formula) \(place)"
        return [
            ("title", .text(publication.title.isEmpty ? title : publication.title)),
            (
                "summary",
                .text(
                    """
                    Means of the satellite soundings \(membership), with their standard errors\
                    \(hasProfiles ? ", averaging kernels and pressure weights" : ""). Columns are \
                    \(common.scale.phrase).
                    """
                )
            ),
            ("keywords", .text("\(formula), X\(formula), greenhouse gas, column, satellite, Level 3")),
            ("source", .text("satellite retrievals: \(sources.joined(separator: "; "))")),
            ("platform", .text(platforms.joined(separator: ", "))),
            ("source_version", .text(builds.joined(separator: ", "))),
            ("references", .text(errorReferences)),
            ("comment", .text(comment)),
            ("weighting", .text(common.weighting.rawValue)),
            ("gridding_method", .text(common.plan.method.rawValue)),
            ("time_window", .text(common.plan.window.rawValue)),
        ].filter { !isEmpty($0.1) }
    }

    private var comment: String {
        let cells = "cells without soundings hold the fill value; nothing is interpolated between them"
        return ([cells] + [ProductShare.remark(shares)].compactMap(\.self)).joined(separator: "; ")
    }

    private func isEmpty(_ value: NetCDFAttribute) -> Bool {
        if case .text(let text) = value { text.isEmpty } else { false }
    }

    /// Limits are those of the coordinates, the cell centres, as readers of ACDD compare them; the polygon is the area
    /// that the cells cover.
    private var space: [(String, NetCDFAttribute)] {
        guard let grid = common.grid.longitudeLatitude else { return projectedSpace }
        return [
            ("geospatial_lat_min", .double(grid.latitude.centre(0))),
            ("geospatial_lat_max", .double(grid.latitude.centre(grid.rows - 1))),
            ("geospatial_lat_units", "degrees_north"),
            ("geospatial_lat_resolution", .double(grid.latitude.step)),
            ("geospatial_lon_min", .double(grid.longitude.centre(0))),
            ("geospatial_lon_max", .double(grid.longitude.centre(grid.columns - 1))),
            ("geospatial_lon_units", "degrees_east"),
            ("geospatial_lon_resolution", .double(grid.longitude.step)),
            ("geospatial_bounds_crs", "EPSG:4326"),
            ("geospatial_bounds", .text(boundsPolygon(grid))),
        ]
    }

    private var projectedSpace: [(String, NetCDFAttribute)] {
        guard let grid = common.grid.projected else { return [] }
        let extent = grid.centreExtent
        let polygon = grid.outline.map { "\($0.y) \($0.x)" }.joined(separator: ", ")
        return [
            ("geospatial_lat_min", .double(extent.south)), ("geospatial_lat_max", .double(extent.north)),
            ("geospatial_lat_units", "degrees_north"),
            ("geospatial_lat_resolution", .text("\(grid.y.step) m")),
            ("geospatial_lon_min", .double(extent.west)), ("geospatial_lon_max", .double(extent.east)),
            ("geospatial_lon_units", "degrees_east"),
            ("geospatial_lon_resolution", .text("\(grid.x.step) m")),
            ("geospatial_bounds_crs", "EPSG:4326"), ("geospatial_bounds", .text("POLYGON ((\(polygon)))")),
        ]
    }

    /// How far a vertical coordinate that points down reaches.
    func verticalAttributes(_ coordinate: [Double], units: String) -> [(String, NetCDFAttribute)] {
        [
            ("geospatial_vertical_min", .double(coordinate.min() ?? 0)),
            ("geospatial_vertical_max", .double(coordinate.max() ?? 0)),
            ("geospatial_vertical_units", .text(units)), ("geospatial_vertical_positive", "down"),
        ]
    }

    private var time: [(String, NetCDFAttribute)] {
        [
            ("time_coverage_start", .text("\(firstSounding)")),
            ("time_coverage_end", .text("\(lastSounding)")),
            ("time_coverage_duration", .text(duration(from: firstSounding, to: lastSounding))),
            ("time_coverage_resolution", .text(resolution)),
        ]
    }

    private var resolution: String {
        switch common.plan.window {
        case .day: "P1D"
        case .eightDays: "P8D"
        case .month: "P1M"
        case .season: "P3M"
        case .year: "P1Y"
        case .all: duration(from: common.stretch.start, to: common.stretch.end)
        }
    }

    /// Well-known text with latitude first, the axis order of EPSG:4326.
    private func boundsPolygon(_ grid: LatitudeLongitudeGrid) -> String {
        let (south, north) = (grid.latitude.origin, grid.latitude.end)
        let (west, east) = (grid.longitude.origin, grid.longitude.end)
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
