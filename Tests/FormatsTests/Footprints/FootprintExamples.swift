import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Transport

/// Made-up footprints that a seed reproduces.
enum FootprintExamples {
    static let grid: CellGrid = {
        guard let latitude = UniformAxis(origin: 39.6, step: 0.1, count: 9),
            let longitude = UniformAxis(origin: 115.3, step: 0.12, count: 14),
            let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
        else { preconditionFailure("no grid") }
        return .longitudeLatitude(grid)
    }()

    static let provenance = FileProvenance(
        command: "crosswind footprint",
        configuration: "{}",
        seed: 7,
        inputs: [.init(name: "met.arl", sha256: "00")],
        created: Instant(iso8601: "2026-01-01T00:00:00Z")
    )

    /// 2024-03-01T12:00:00Z.
    static let start = Instant(microseconds: 1_709_294_400_000_000)

    static func layer(
        _ emission: Period?,
        _ grid: CellGrid,
        fill: Double,
        _ generator: inout SeededGenerator
    ) -> FootprintLayer {
        let cells = (0..<Int32(grid.cellCount)).filter { _ in generator.uniform() < fill }
        // Numbers that single precision holds.
        let values = cells.map { _ in Double(Float(generator.uniform() * 1e-3 + 1e-9)) }
        return FootprintLayer(emission: emission, cells: cells, values: values)
    }

    /// Hourly ones with a residual, backward from each receptor's time.
    static func hourly(
        seed: UInt64,
        grid: CellGrid = grid,
        receptors: Int = 3,
        hours: Int = 5,
        fill: Double = 0.2,
        hasResidual: Bool = true,
        name: String? = nil
    ) -> [ReceptorFootprint] {
        var generator = SeededGenerator(seed: seed)
        return (0..<receptors).map { index in
            let time = start.advanced(bySeconds: 3600 * Double(index))
            let layers = (0..<hours).map { hour in
                let end = time.advanced(bySeconds: -3600 * Double(hour))
                let emission = Period(start: end.advanced(bySeconds: -3600), end: end)
                return layer(emission, grid, fill: fill, &generator)
            }
            let place = ReceptorPoint(
                longitude: 116.1 + 0.01 * generator.uniform(),
                latitude: 40 + 0.1 * generator.uniform(),
                heightMetres: 10,
                weight: 0.25,
                secondsAfter: 12.5
            )
            return ReceptorFootprint(
                receptor: name ?? "R\(index)",
                time: time,
                averagingSeconds: 600,
                place: place,
                grid: grid,
                layers: layers,
                residual: hasResidual ? layer(nil, grid, fill: fill, &generator) : nil
            )
        }
    }

    static func integrated(seed: UInt64, grid: CellGrid = grid, place: ReceptorPoint?) -> ReceptorFootprint {
        var generator = SeededGenerator(seed: seed)
        return ReceptorFootprint(
            receptor: "column",
            time: start,
            averagingSeconds: 0,
            place: place,
            grid: grid,
            layers: [layer(nil, grid, fill: 0.4, &generator)]
        )
    }

    static func boundary(seed: UInt64, grid: CellGrid = grid) throws -> BoundarySensitivity {
        var generator = SeededGenerator(seed: seed)
        var faces: [BoundaryFace: BoundarySensitivity.Face] = [:]
        for side in BoundaryFace.allCases {
            let axis = side.runsAlongLongitude ? grid.plane.across : grid.plane.along
            let cells = try BoundaryFaceCells(heightMetres: [500.0, 1500, 2500], places: axis.centres)
            let values = (0..<cells.count).map { _ in Double(Float(generator.uniform() / 500)) }
            faces[side] = BoundarySensitivity.Face(cells: cells, shares: values)
        }
        return try BoundarySensitivity(receptor: "R", time: start, faces: faces)
    }
}

/// Whether two are the same in all that they hold.
func isSame(_ a: ReceptorFootprint, _ b: ReceptorFootprint) -> Bool {
    a.receptor == b.receptor && a.time == b.time && a.averagingSeconds == b.averagingSeconds
        && a.place == b.place && a.grid == b.grid && a.layers == b.layers && a.residual == b.residual
}
