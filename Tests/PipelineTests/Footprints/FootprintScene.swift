import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Transport

/// Made-up footprints, fluxes and boundary mole fractions on one small grid, as files.
struct FootprintScene {
    static let rows = 6
    static let columns = 8
    static let start = Instant(microseconds: 1_546_300_800_000_000)
    static let year = "2019-01-01"

    static let grid: LatitudeLongitudeGrid = {
        guard let latitude = UniformAxis(origin: 50, step: 0.5, count: rows),
            let longitude = UniformAxis(origin: -1, step: 0.5, count: columns),
            let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
        else { preconditionFailure("no grid") }
        return grid
    }()

    let folder: TemporaryFolder

    func path(_ name: String) -> String { folder.file(name).path }

    /// Footprints of `TAC`, 100 m, one an hour; by time of emission with three layers and a residual where `resolved`.
    static func footprints(hours: Int, seed: UInt64, resolved: Bool = false, name: String = "TAC")
        -> [ReceptorFootprint]
    {
        var random = SeededGenerator(seed: seed)
        return (0..<hours).map { hour in
            let time = start.advanced(bySeconds: 3600 * Double(hour))
            func layer(_ emission: Period?) -> FootprintLayer {
                let cells = (0..<Int32(grid.cellCount)).filter { _ in random.uniform() < 0.7 }
                return FootprintLayer(
                    emission: emission,
                    cells: cells,
                    values: cells.map { _ in random.uniform() }
                )
            }
            let layers =
                resolved
                ? (0..<3).map { back in
                    let first = time.advanced(bySeconds: -3600 * Double(back))
                    return layer(Period(start: first, end: first.advanced(bySeconds: 3600)))
                } : [layer(nil)]
            return ReceptorFootprint(
                receptor: name,
                time: time,
                averagingSeconds: 3600,
                place: ReceptorPoint(longitude: 1.13873, latitude: 52.51776, heightMetres: 100),
                grid: .longitudeLatitude(grid),
                layers: layers,
                residual: resolved ? layer(nil) : nil
            )
        }
    }

    /// Shares of each side: 0.4, 0.3, 0.2 and `west`, evenly spread.
    static func boundary(of receptor: ReceptorFootprint, west: Double) throws(FootprintFault)
        -> BoundarySensitivity
    {
        var faces: [BoundaryFace: BoundarySensitivity.Face] = [:]
        for (side, share) in zip(BoundaryFace.allCases, [0.4, 0.3, 0.2, west]) {
            let places = side.runsAlongLongitude ? grid.longitude.centres : grid.latitude.centres
            let cells = try BoundaryFaceCells(heightMetres: [500, 1500], places: places)
            let shares = [Double](repeating: share / Double(cells.count), count: cells.count)
            faces[side] = BoundarySensitivity.Face(cells: cells, shares: shares)
        }
        return try BoundarySensitivity(receptor: receptor.receptor, time: receptor.time, faces: faces)
    }

    @NetCDFThread
    func write(_ footprints: [ReceptorFootprint], to name: String, west: [Double]? = nil) throws {
        var options = FootprintFileOptions()
        options.isDouble = true
        let shares = west ?? []
        let sides = try zip(footprints, shares).map { try Self.boundary(of: $0, west: $1) }
        let provenance = FileProvenance(
            command: "test",
            configuration: "",
            seed: nil,
            inputs: [],
            created: nil
        )
        let footprint: @NetCDFThread (Int) throws(NetCDFError) -> ReceptorFootprint = { index in
            footprints[index]
        }
        let boundary: @NetCDFThread (Int) throws(NetCDFError) -> BoundarySensitivity? = { index in
            sides[index]
        }
        let source =
            shares.isEmpty
            ? FootprintSource(grid: footprints[0].grid, count: footprints.count, footprint: footprint)
            : FootprintSource(
                grid: footprints[0].grid,
                count: footprints.count,
                footprint: footprint,
                boundary: boundary
            )
        try FootprintWriter.write(source, to: path(name), options: options, provenance: provenance)
    }

    /// Fluxes of methane in the layout of openghg; one of the year, or one an hour from two hours before the start on.
    @NetCDFThread
    func writeFlux(
        _ layers: [[Double]],
        to name: String,
        grid: LatitudeLongitudeGrid = Self.grid,
        gas: String = "ch4"
    ) throws {
        let isHourly = layers.count > 1
        var writer = try NetCDFWriter(replacing: path(name))
        try writer.setAttribute("species", .text(gas))
        try writer.setAttribute("time_period", .text(isHourly ? "1 hour" : "1 year"))
        for (axis, length) in [("lat", grid.rows), ("lon", grid.columns), ("time", layers.count)] {
            try writer.defineDimension(axis, length: length)
        }
        let clock = "\(isHourly ? "hours" : "days") since 2019-01-01 00:00:00"
        for (axis, unit) in [("lat", "degrees_north"), ("lon", "degrees_east"), ("time", clock)] {
            try writer.defineVariable(axis, .double, dimensions: [axis], attributes: [("units", .text(unit))])
        }
        try writer.defineVariable(
            "flux",
            .double,
            dimensions: ["time", "lat", "lon"],
            attributes: [("units", "mol/m2/s")]
        )
        try writer.write(grid.latitude.centres, to: "lat")
        try writer.write(grid.longitude.centres, to: "lon")
        try writer.write(layers.indices.map { Double($0) - (isHourly ? 2 : 0) }, to: "time")
        try writer.write(layers.flatMap { $0.map { $0 * 1e-6 } }, to: "flux")
        try writer.commit()
    }

    /// Two regions, west and east of 1 degree, and an uncovered row in the north.
    @NetCDFThread
    func writeMask(
        _ name: String,
        index: [Int32]? = nil,
        names: [String] = ["west", "east"],
        grid: LatitudeLongitudeGrid = Self.grid
    ) throws {
        let regions = index ?? (0..<Int32(grid.cellCount)).map { Self.half(of: Int($0), grid) }
        var writer = try NetCDFWriter(replacing: path(name))
        for (axis, length) in [("lat", grid.rows), ("lon", grid.columns), ("ncountries", names.count)] {
            try writer.defineDimension(axis, length: length)
        }
        for axis in ["lat", "lon"] {
            try writer.defineVariable(axis, .double, dimensions: [axis], attributes: [])
        }
        try writer.defineVariable("country", .double, dimensions: ["lat", "lon"], attributes: [])
        try writer.defineVariable("name", .string, dimensions: ["ncountries"], attributes: [])
        try writer.write(grid.latitude.centres, to: "lat")
        try writer.write(grid.longitude.centres, to: "lon")
        try writer.write(regions.map { Double($0) }, to: "country")
        try writer.write(names, to: "name")
        try writer.commit()
    }

    private static func half(of cell: Int, _ grid: LatitudeLongitudeGrid) -> Int32 {
        if cell / grid.columns == grid.rows - 1 { return -1 }
        return cell % grid.columns < grid.columns / 2 ? 0 : 1
    }

    /// Mole fractions that are the same all over each side, ppm.
    @NetCDFThread
    func writeCurtain(_ name: String, north: Double, east: Double, south: Double, west: Double) throws {
        var writer = try NetCDFWriter(replacing: path(name))
        let axes = [
            ("height", [500.0, 1500]), ("lat", Self.grid.latitude.centres),
            ("lon", Self.grid.longitude.centres),
        ]
        for (axis, values) in axes + [("time", [0.0])] {
            try writer.defineDimension(axis, length: values.count)
        }
        for (axis, _) in axes { try writer.defineVariable(axis, .double, dimensions: [axis], attributes: []) }
        try writer.defineVariable(
            "time",
            .double,
            dimensions: ["time"],
            attributes: [("units", "days since 2019-01-01")]
        )
        for (side, axis) in [("n", "lon"), ("e", "lat"), ("s", "lon"), ("w", "lat")] {
            try writer.defineVariable(
                "vmr_" + side,
                .double,
                dimensions: ["time", "height", axis],
                attributes: []
            )
        }
        for (axis, values) in axes { try writer.write(values, to: axis) }
        try writer.write([0.0], to: "time")
        for (side, value, count) in [
            ("n", north, Self.columns), ("e", east, Self.rows), ("s", south, Self.columns),
            ("w", west, Self.rows),
        ] {
            try writer.write([Double](repeating: value * 1e-6, count: 2 * count), to: "vmr_" + side)
        }
        try writer.commit()
    }

    static func flux(seed: UInt64, hole: Bool = true) -> [Double] {
        var random = SeededGenerator(seed: seed)
        return (0..<grid.cellCount).map { $0 == 5 && hole ? 0 : 0.01 + 0.1 * random.uniform() }
    }

    func write(_ text: String, to name: String) throws {
        try text.write(to: folder.file(name), atomically: true, encoding: .utf8)
    }

    /// One observation an hour of the name.
    func writeTable(_ name: String, values: [Double], of receptor: String = "TAC", sigma: Double = 0.5) throws
    {
        let lines = values.enumerated().map { hour, value in
            "\(receptor),\(Self.start.advanced(bySeconds: 3600 * Double(hour))),\(value),\(sigma),0"
        }
        try write(
            (["name,time,value_ppm,sigma_ppm,background_ppm"] + lines).joined(separator: "\n") + "\n",
            to: name
        )
    }
}
