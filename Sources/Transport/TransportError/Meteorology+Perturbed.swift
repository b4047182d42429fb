import Concurrent
import Foundation
import Geo
import Quantities

extension Meteorology {
    /// The same weather with the errors of one member of an ensemble: what particles of that member move in.
    ///
    /// The wind error of Lin and Gerbig (2005, Geophys. Res. Lett. 32, L01802) and the mixing-height error of Gerbig
    /// et al. (2008, Atmos. Chem. Phys. 8, 591), drawn as fields over the grid of the model. A particle that moves
    /// through them meets an error that forgets itself along its path, and particles nearer to each other than a
    /// correlation length meet the same. The winds at 10 m get the error of the ground. The same options and member
    /// give the same fields, whatever the grid or the hours.
    ///
    /// - Parameters:
    ///   - member: from 0; members are independent.
    /// Boundary-layer heights that the model does not give stay absent: diagnose them first.
    public func perturbed(by options: TransportErrorOptions, member: Int) async -> Meteorology {
        guard !options.isNone else { return self }
        let error = MemberError(options, member: member, grid: grid)
        let hours = hours
        let changed = await parallelParts(chunks: hours.count) { error.applied(to: hours[$0]) }
        return Meteorology(grid: grid, hours: changed, sources: sources)
    }
}

/// The errors of one member over a grid.
private struct MemberError: Sendable {
    private let options: TransportErrorOptions
    private let across: CorrelatedField
    private let along: CorrelatedField
    private let mixing: CorrelatedField
    /// Places of the cells, metres.
    private let east: [Double]
    private let north: [Double]

    init(_ options: TransportErrorOptions, member: Int, grid: CellGrid) {
        func field(_ scales: ErrorScales, _ kind: UInt64) -> CorrelatedField {
            CorrelatedField(
                scales,
                seed: options.seed,
                stream: UInt64(truncatingIfNeeded: member) &* 3 &+ kind
            )
        }
        self.options = options
        across = field(options.windScales, 0)
        along = field(options.windScales, 1)
        mixing = field(options.mixingHeightScales, 2)
        let plane = grid.plane
        let rows = (0..<grid.rows).map(plane.along.centre)
        let columns = (0..<grid.columns).map(plane.across.centre)
        guard grid.projected == nil else {
            east = rows.flatMap { _ in columns }
            north = rows.flatMap { row in columns.map { _ in row } }
            return
        }
        // Distances are right at the middle of the grid, which is all that a correlation length asks for.
        let degree = Earth.meanRadiusMetres * .pi / 180
        let parallel = degree * cos((plane.along.origin + plane.along.end) / 2 * .pi / 180)
        east = rows.flatMap { _ in columns.map { $0 * parallel } }
        north = rows.flatMap { row in columns.map { _ in row * degree } }
    }

    func applied(to hour: MeteorologyHour) -> MeteorologyHour {
        let seconds = hour.time.secondsSince1970
        var surface = hour.surface
        surface.alongColumns = winded(surface.alongColumns, heights: [], across, seconds)
        surface.alongRows = winded(surface.alongRows, heights: [], along, seconds)
        surface.boundaryLayerMetres = scaled(surface.boundaryLayerMetres, seconds)
        return MeteorologyHour(
            time: hour.time,
            heightMetres: hour.heightMetres,
            alongColumns: winded(hour.alongColumns, heights: hour.heightMetres, across, seconds),
            alongRows: winded(hour.alongRows, heights: hour.heightMetres, along, seconds),
            upward: hour.upward,
            temperatureKelvin: hour.temperatureKelvin,
            pressurePascal: hour.pressurePascal,
            specificHumidity: hour.specificHumidity,
            surface: surface,
            filledLevels: hour.filledLevels
        )
    }

    /// - Parameter heights: m above ground, or empty for the ground.
    private func winded(
        _ winds: [Float],
        heights: [Float],
        _ field: CorrelatedField,
        _ seconds: Double
    ) -> [Float] {
        guard options.windMetresPerSecond > 0, !east.isEmpty else { return winds }
        return winds.indices.map { index in
            let cell = index % east.count
            let error = field.value(
                east: east[cell],
                north: north[cell],
                up: heights.isEmpty ? 0 : Double(heights[index]),
                seconds: seconds
            )
            return winds[index] + Float(options.windMetresPerSecond * error)
        }
    }

    private func scaled(_ heights: [Float], _ seconds: Double) -> [Float] {
        guard options.mixingHeightLogarithm > 0, !east.isEmpty else { return heights }
        return heights.indices.map { index in
            let cell = index % east.count
            let error = mixing.value(east: east[cell], north: north[cell], up: 0, seconds: seconds)
            return heights[index] * Float(exp(options.mixingHeightLogarithm * error))
        }
    }
}
