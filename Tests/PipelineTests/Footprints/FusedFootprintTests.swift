import Formats
import Foundation
import Geo
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@testable import Pipeline

/// Two stations, a drive and a column with footprints of our own, in one inversion of a world that is known.
@Suite struct FusedFootprintTests {
    private static let weather = ["pl", "sl"].map { "met/era5-matimba/Matimba_ERA5-\($0)-20210725.nc" }
    private static let hours = 10..<18

    private static var receptors: String {
        let inlets = hours.flatMap { hour in
            [("north", 27.6, -23.6), ("south", 27.9, -24.1)].map { name, longitude, latitude in
                """
                {kind: "inlet", name: "\(name)", time: "2021-07-25T\(hour):00:00Z",
                 end: "2021-07-25T\(hour + 1):00:00Z",
                 longitude: \(longitude), latitude: \(latitude), height: 30}
                """
            }
        }
        let fixes = (0..<5).map { fix in
            "{time: \"2021-07-25T15:0\(fix):00Z\", longitude: \(27.5 + 0.02 * Double(fix)), latitude: -23.8}"
        }
        let drive = "{kind: \"drive\", name: \"car\", height: 2, fixes: [\(fixes.joined(separator: ","))]}"
        let column = """
            {kind: "column", name: "co2-1", time: "2021-07-25T14:00:00Z", longitude: 27.7, latitude: -23.9,
             surface_pressure_hpa: 910, top: 1000}
            """
        return "{receptors: [\((inlets + [drive, column]).joined(separator: ",\n"))]}"
    }

    /// Prior fluxes of two sectors, umol m-2 s-1.
    private func flux(_ grid: LatitudeLongitudeGrid, sector: Int) -> [Double] {
        (0..<grid.cellCount).map { cell in
            let (row, column) = (cell / grid.columns, cell % grid.columns)
            return sector == 0 ? 2 : row % 5 == 0 || column % 7 == 0 ? 6 : 0
        }
    }

    /// The quarters of the grid.
    private func quarters(_ grid: LatitudeLongitudeGrid) -> [Int32] {
        (0..<grid.cellCount).map { cell in
            (cell / grid.columns < grid.rows / 2 ? 0 : 2) + (cell % grid.columns < grid.columns / 2 ? 0 : 1)
        }
    }

    private func footprints(_ scene: FootprintScene) async throws {
        try scene.write(Self.receptors, to: "receptors.json5")
        let run = try await ProgramRun.run(
            Places.crosswind,
            ["footprint", "--meteorology"] + Self.weather.compactMap { Places.shared($0)?.path }
                + ["--receptors", scene.path("receptors.json5"), "--box", "26,-25,29,-23", "--step", "0.1"]
                + ["--hours", "4", "--particles", "60", "--output", scene.path("foot.nc")]
        )
        try #require(run.status == 0, "\(run.standardError)")
    }

    @Test(.enabled(if: weather.allSatisfy { Places.shared($0) != nil }))
    func theTruthIsFoundWithinWhatIsSaid() async throws {
        let scene = FootprintScene(folder: try TemporaryFolder())
        try await footprints(scene)
        let sequence = try await FootprintSequence([scene.path("foot.nc")])
        let grid = try #require(await sequence.grid.longitudeLatitude)
        let (parts, count) = (quarters(grid), await sequence.count)
        for sector in 0..<2 {
            try await scene.writeFlux(
                [flux(grid, sector: sector)],
                to: "s\(sector).nc",
                grid: grid,
                gas: "co2"
            )
        }
        try await scene.writeMask("mask.nc", index: parts, names: ["sw", "se", "nw", "ne"], grid: grid)
        var (observed, footprints) = ([FootprintObservation](), [ReceptorFootprint]())
        for index in 0..<count {
            let footprint = try await sequence.footprint(at: index)
            var own = ReceptorObservation(
                name: footprint.receptor,
                time: footprint.time,
                value: 0,
                sigma: 0.3
            )
            let isFixed = ["north", "south"].contains(own.name)
            own.bias = isFixed ? "" : own.name
            own.background = own.name == "co2-1" ? 411 : 415
            observed.append(FootprintObservation(own))
            footprints.append(footprint)
        }
        await sequence.close()
        #expect(count == 2 * Self.hours.count + 2)
        var zSquares = [Double]()
        var reduction = 1.0
        for world in 0..<30 as Range<UInt64> {
            var random = SeededGenerator(seed: world)
            let factors = (0..<8).map { _ in 1 + 0.5 * random.normal() }
            let biases = ["car": 0.5 * random.normal(), "co2-1": 0.5 * random.normal()]
            let truth = (0..<grid.cellCount).map { cell in
                (0..<2).reduce(0) { $0 + factors[4 * $1 + Int(parts[cell])] * flux(grid, sector: $1)[cell] }
            }
            let history = try FluxHistory(
                grid: .longitudeLatitude(grid),
                periods: [
                    Period(start: FootprintScene.start, end: FootprintScene.start.advanced(bySeconds: 3600))
                ],
                values: truth
            )
            let operation = FootprintOperator(flux: history, timing: .integrated)
            for (index, footprint) in footprints.enumerated() {
                var own = observed[index].measured
                own.value = (own.background ?? 0) + (try operation.enhancement(footprint).partsPerMillion)
                own.value += (biases[own.name] ?? 0) + own.sigma * random.normal()
                observed[index].measured = own
            }
            let (posterior, names) = try await solve(scene, observed)
            let known =
                factors + names.dropFirst(8).map { biases[String($0.dropFirst("bias of ".count))] ?? .nan }
            zSquares += zip(zip(posterior.mean, posterior.sigma), known).map {
                ($0.0 - $1) * ($0.0 - $1) / ($0.1 * $0.1)
            }
            reduction = min(reduction, zip(posterior.sigma, posterior.priorSigma).map { $0 / $1 }.min() ?? 1)
        }
        // Ten elements, of which some are correlated: the mean of 300 squares is within a tenth or two of one.
        let mean = zSquares.reduce(0, +) / Double(zSquares.count)
        #expect(zSquares.count == 300 && abs(mean - 1) < 0.3, "\(mean)")
        #expect(zSquares.allSatisfy { $0 < 16 })
        #expect(reduction < 0.5, "\(reduction)")
    }

    private func solve(_ scene: FootprintScene, _ observed: [FootprintObservation]) async throws -> (
        Posterior, [String]
    ) {
        var plan = FootprintProblemPlan(
            footprints: [scene.path("foot.nc")],
            fluxes: (0..<2).map { .init(file: scene.path("s\($0).nc"), sector: "s\($0)") }
        )
        plan.basis = .regions
        plan.regions = scene.path("mask.nc")
        plan.priorSigma = 0.5
        plan.biasSigma = 0.5
        let input = try await FootprintProblem.prepare(plan, from: [.given(observed)]).input()
        #expect(input.problem.stateCount == 10 && input.groups?.names.count == 4)
        return (try GaussianSolver.solve(input.problem), input.problem.stateNames)
    }
}
