import Formats
import Foundation
import Geo
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@testable import Pipeline

/// Observations that are there twice, and fluxes without a value, in problems of footprints.
@Suite struct RepeatedObservationTests {
    private func scene(flux: [Double] = FootprintScene.flux(seed: 2)) async throws -> FootprintScene {
        let scene = FootprintScene(folder: try TemporaryFolder())
        try await scene.write(FootprintScene.footprints(hours: 4, seed: 1), to: "foot.nc")
        try await scene.writeFlux([flux], to: "flux.nc")
        try scene.writeTable("obs.csv", values: [2, 2.1, 2.2, 2.3])
        return scene
    }

    private func prepare(
        _ scene: FootprintScene,
        _ tables: [String] = ["obs.csv"],
        blankIsZero: Bool = false
    ) async throws -> FootprintProblem {
        var plan = FootprintProblemPlan(
            footprints: [scene.path("foot.nc")],
            fluxes: [.init(file: scene.path("flux.nc"))]
        )
        plan.setBlankIsZero(blankIsZero)
        return try await FootprintProblem.prepare(plan, from: tables.map { .table(scene.path($0)) })
    }

    @Test func theSameTableTwiceCountsOnce() async throws {
        let scene = try await scene()
        let (once, twice) = (try await prepare(scene), try await prepare(scene, ["obs.csv", "obs.csv"]))
        #expect(twice.summary.used == 4 && twice.summary.excluded == ["repeated": 4])
        #expect(twice.summary.warnings.contains { $0.hasPrefix("4 observations are there once more") })
        #expect(once.summary.warnings.isEmpty)
        #expect(try await twice.input().problem.jacobian == once.input().problem.jacobian)
    }

    @Test func twoThatContradictEachOtherAreRefused() async throws {
        let scene = try await scene()
        try scene.writeTable("other.csv", values: [2, 2.1, 2.25])
        let error = await #expect(throws: FootprintProblemError.self) {
            try await prepare(scene, ["obs.csv", "other.csv"])
        }
        #expect(error?.what.contains("value 2.2 and 2.25 ppm") == true && error?.exitStatus == .badData)
        #expect(error?.place == "TAC, 2019-01-01T02:00:00Z")
    }

    @Test func instrumentsOfTheirOwnAreNotTheSame() async throws {
        let scene = try await scene()
        let head = "name,time,value_ppm,sigma_ppm,background_ppm,group\n"
        let lines = ["one", "two"].map { "TAC,2019-01-01T00:00:00Z,2,0.5,0,\($0)\n" }
        try scene.write(head + lines.joined(), to: "pair.csv")
        #expect(try await prepare(scene, ["pair.csv"]).summary.used == 2)
    }

    @Test func anUnknownFluxIsNotZero() async throws {
        var flux = FootprintScene.flux(seed: 2)
        for cell in 10..<20 { flux[cell] = .nan }
        let scene = try await scene(flux: flux)
        let error = await #expect(throws: FootprintProblemError.self) { try await prepare(scene) }
        #expect(error?.place.contains("4 missing_flux") == true, "\(error?.line ?? "")")
        #expect(error?.remedy.contains("--blank-is-zero") == true)
        let told = try await prepare(scene, blankIsZero: true)
        #expect(
            told.summary.used == 4 && told.summary.warnings.contains { $0.contains("10 cells have no value") }
        )
    }

    @Test func aFluxWithoutAnyValueIsRefusedEitherWay() async throws {
        let scene = try await scene(flux: [Double](repeating: .nan, count: FootprintScene.grid.cellCount))
        for blankIsZero in [false, true] {
            let error = await #expect(throws: FootprintProblemError.self) {
                try await prepare(scene, blankIsZero: blankIsZero)
            }
            #expect(error?.what == "no cell has a value")
        }
    }
}
