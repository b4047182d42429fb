import Formats
import Foundation
import Geo
import Inversion
import LinearAlgebra
import NetCDF
import Observations
import Quantities
import TestSupport
import Testing
import Transport

@testable import Pipeline

/// Soundings in a problem of footprints: what their prior and their kernel add.
@Suite struct ColumnObservationTests {
    private let prior = [380.0, 390, 400, 410]
    private let kernel = [0.3, 0.9, 1, 1.1]
    private let shares = [0.1, 0.3, 0.3, 0.3]

    private func batch() -> SoundingBatch {
        var batch = SoundingBatch(product: "test", gas: .co2, scale: .co2X2007, levels: 4)
        batch.ids = [77]
        batch.times = [FootprintScene.start]
        batch.longitudes = [1]
        batch.latitudes = [52]
        batch.columns = [400]
        batch.uncertainties = [0.6]
        batch.priorColumns = [399]
        batch.averagingKernels = kernel
        batch.pressureWeights = shares
        batch.priorProfiles = prior
        return batch
    }

    /// Sum over the levels of a weight times the prior.
    private func sum(_ weight: (Int) -> Double) -> Double {
        prior.indices.reduce(0) { $0 + weight($1) * shares[$1] * prior[$1] }
    }

    @Test func thePriorFillsWhatTheKernelDoesNotSee() throws {
        let observation = SoundingObservations.observation(batch(), 0)
        #expect(observation.measured.name == "co2-77")
        #expect(observation.group == "test" && observation.measured.bias == "test")
        #expect(abs(observation.measured.offset - sum { 1 - kernel[$0] }) < 1e-9)
        #expect(abs(try #require(observation.measured.background) - sum { kernel[$0] }) < 1e-9)
        // Particles carry all but the topmost level, and a third of the next.
        let column = try #require(observation.column)
        let released = 0.2 * 0.9 + 0.3 * 1 + 0.3 * 1.1
        let above = 0.1 * 0.3 * 380 + 0.1 * 0.9 * 390
        #expect(abs(column.above(releasedWeight: released) - above) < 1e-9)
    }

    @Test func aColumnWithABoundaryIsItsPartsAddedUp() async throws {
        let scene = FootprintScene(folder: try TemporaryFolder())
        let released = 0.2 * 0.9 + 0.3 * 1 + 0.3 * 1.1
        let footprint = ReceptorFootprint(
            receptor: "co2-77",
            time: FootprintScene.start,
            averagingSeconds: 0,
            place: ReceptorPoint(longitude: 1, latitude: 52, heightMetres: 900, weight: released),
            grid: .longitudeLatitude(FootprintScene.grid),
            layers: [FootprintLayer(emission: nil, cells: [10, 20], values: [0.5, 1])]
        )
        try await scene.write([footprint], to: "foot.nc", west: [0.1])
        var flux = [Double](repeating: 0, count: FootprintScene.grid.cellCount)
        (flux[10], flux[20]) = (2, 3)
        try await scene.writeFlux([flux], to: "flux.nc", gas: "co2")
        try await scene.writeCurtain("bc.nc", north: 405, east: 405, south: 405, west: 405)
        var plan = FootprintProblemPlan(
            footprints: [scene.path("foot.nc")],
            fluxes: [.init(file: scene.path("flux.nc"))]
        )
        plan.boundary = .init(file: scene.path("bc.nc"))
        let made = try await FootprintProblem.prepare(
            plan,
            from: [.given([SoundingObservations.observation(batch(), 0)])]
        )
        let input = try await made.input()
        let modelled = input.problem.jacobian.times(input.problem.priorMean)[0]
        #expect(abs(modelled - (0.5 * 2 + 1 * 3 + released * 405)) < 1e-4)
        let above = 0.1 * 0.3 * 380 + 0.1 * 0.9 * 390
        #expect(abs(input.problem.observations[0] - (400 - sum { 1 - kernel[$0] } - above)) < 1e-9)
    }
}
