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

/// Problems whose Jacobian is footprints times fluxes.
@Suite struct FootprintProblemTests {
    private func scene(hours: Int = 6, resolved: Bool = false) async throws -> (
        FootprintScene, [ReceptorFootprint]
    ) {
        let scene = FootprintScene(folder: try TemporaryFolder())
        let footprints = FootprintScene.footprints(hours: hours, seed: 1, resolved: resolved)
        try await scene.write(footprints, to: "foot.nc")
        try await scene.writeFlux([FootprintScene.flux(seed: 2)], to: "flux.nc")
        try await scene.writeMask("mask.nc")
        try scene.writeTable("obs.csv", values: (0..<hours).map { 2 + 0.1 * Double($0) })
        return (scene, footprints)
    }

    private func plan(_ scene: FootprintScene, _ fluxes: [String] = ["flux.nc"]) -> FootprintProblemPlan {
        FootprintProblemPlan(
            footprints: [scene.path("foot.nc")],
            fluxes: fluxes.map { .init(file: scene.path($0), sector: fluxes.count > 1 ? $0 : "") }
        )
    }

    private func prepare(_ plan: FootprintProblemPlan, _ scene: FootprintScene) async throws
        -> FootprintProblem
    {
        try await FootprintProblem.prepare(plan, from: [.table(scene.path("obs.csv"))])
    }

    private func expected(_ footprint: ReceptorFootprint, _ flux: [Double]) -> Double {
        let layers = footprint.layers + (footprint.residual.map { [$0] } ?? [])
        return layers.reduce(0) { sum, layer in
            zip(layer.cells, layer.values).reduce(sum) { $0 + $1.1 * flux[Int($1.0)] }
        }
    }

    @Test(arguments: ["native", "regions", "quadtree=7", "clusters=5"])
    func rowsTimesAPriorOfOneAreFootprintTimesFlux(basis: String) async throws {
        let (scene, footprints) = try await scene()
        var plan = plan(scene)
        plan.basis = try #require(CellBasis(basis))
        plan.regions = scene.path("mask.nc")
        let problem = try await prepare(plan, scene)
        let input = try await problem.input()
        let modelled = input.problem.jacobian.times(input.problem.priorMean)
        for (value, footprint) in zip(modelled, footprints) {
            #expect(abs(value / expected(footprint, FootprintScene.flux(seed: 2)) - 1) < 1e-12)
        }
        let kilotonnes = try #require(input.emissions).perUnit.reduce(0, +)
        #expect(abs(problem.summary.sectors[0].priorKilotonnesPerYear / kilotonnes - 1) < 1e-12)
        let regions = try #require(problem.regionWeights)
        let own = regions.weights.times(input.problem.priorMean)
        let area = (0..<FootprintScene.grid.cellCount).filter { $0 / 8 < 5 && $0 % 8 < 4 }.reduce(0.0) {
            sum,
            cell in
            sum + FootprintScene.flux(seed: 2)[cell] * FootprintScene.grid.cellAreaSquareMetres(row: cell / 8)
        }
        #expect(abs(own[0] / (area * 16.0425 * 31_536_000e-15) - 1) < 1e-12)
        #expect(
            input.state?.elements.allSatisfy { ["west", "east", "elsewhere"].contains($0.region) } == true
        )
        if basis == "native" { #expect(input.problem.stateCount == FootprintScene.grid.cellCount - 1) }
        if basis == "regions" { #expect(input.problem.stateNames == ["west", "east", "elsewhere"]) }
    }

    @Test func eachHourMeetsItsFluxWhereFootprintsAreByTime() async throws {
        let (scene, footprints) = try await scene(hours: 4, resolved: true)
        let hours = (0..<6).map { FootprintScene.flux(seed: 10 + UInt64($0), hole: false) }
        try await scene.writeFlux(hours, to: "hourly.nc")
        var plan = plan(scene, ["hourly.nc"])
        plan.basis = .regions
        plan.regions = scene.path("mask.nc")
        let input = try await prepare(plan, scene).input()
        let modelled = input.problem.jacobian.times(input.problem.priorMean)
        let mean = (0..<hours[0].count).map { cell in hours.reduce(0) { $0 + $1[cell] } / 6 }
        for (hour, footprint) in footprints.enumerated() {
            var sum = 0.0
            for (back, layer) in footprint.layers.enumerated() {
                sum += zip(layer.cells, layer.values).reduce(0) {
                    $0 + $1.1 * hours[2 + hour - back][Int($1.0)]
                }
            }
            let residual = try #require(footprint.residual)
            sum += zip(residual.cells, residual.values).reduce(0) { $0 + $1.1 * mean[Int($1.0)] }
            #expect(abs(modelled[hour] / sum - 1) < 1e-12)
        }
        plan.isIntegrated = true
        let whole = try await prepare(plan, scene).input()
        let first = whole.problem.jacobian.times(whole.problem.priorMean)[0]
        #expect(abs(first / expected(footprints[0], mean) - 1) < 1e-12)
    }

    @Test func sectorsStandSideBySideWithTotalsOfTheirOwn() async throws {
        let (scene, footprints) = try await scene()
        try await scene.writeFlux([FootprintScene.flux(seed: 3)], to: "other.nc")
        var plan = plan(scene, ["flux.nc", "other.nc"])
        plan.basis = .regions
        plan.regions = scene.path("mask.nc")
        let problem = try await prepare(plan, scene)
        let input = try await problem.input()
        #expect(input.problem.stateCount == 6)
        #expect(input.problem.stateNames[3] == "west, other.nc")
        let both = zip(FootprintScene.flux(seed: 2), FootprintScene.flux(seed: 3)).map { $0 + $1 }
        let modelled = input.problem.jacobian.times(input.problem.priorMean)
        #expect(abs(modelled[0] / expected(footprints[0], both) - 1) < 1e-12)
        let names = try #require(try input.totalsPlan()).names
        #expect(names.contains("west") && names.contains("other.nc") && names.contains("west, other.nc"))
        plan.fluxes[1].sector = "flux.nc"
        await #expect(throws: FootprintProblemError.repeatedSector("flux.nc")) {
            try await prepare(plan, scene)
        }
    }

    @Test func fluxesAreFoundAsTheirFactorsAre() async throws {
        let (scene, _) = try await scene()
        var plan = plan(scene)
        plan.basis = .quadtree(4)
        let factors = try await prepare(plan, scene).input()
        plan.unknown = .flux
        let fluxes = try await prepare(plan, scene).input()
        let posteriors = try [factors, fluxes].map { try GaussianSolver.solve($0.problem) }
        for element in 0..<4 {
            let prior = fluxes.problem.priorMean[element]
            #expect(abs(posteriors[1].mean[element] / prior - posteriors[0].mean[element]) < 1e-9)
        }
        let kilotonnes = zip([factors, fluxes], posteriors).map { input, posterior in
            zip(input.emissions?.perUnit ?? [], posterior.mean).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(abs(kilotonnes[0] / kilotonnes[1] - 1) < 1e-9)
        // Where there is no flux a priori, one can be looked for.
        plan.basis = .native
        await #expect(throws: FootprintProblemError.noPriorFlux(element: "cell 5")) {
            try await prepare(plan, scene)
        }
        plan.leastFluxSigma = 0.01
        let native = try await prepare(plan, scene).input()
        #expect(native.problem.stateCount == FootprintScene.grid.cellCount)
        #expect(native.problem.priorError.sigma[5] == 0.01)
    }

    @Test func nothingIsDroppedWithoutSayingSo() async throws {
        let (scene, footprints) = try await scene()
        let lower = FootprintScene.footprints(hours: 1, seed: 8, name: "two")
        let upper = lower.map { own in
            ReceptorFootprint(
                receptor: own.receptor,
                time: own.time,
                averagingSeconds: 3600,
                place: ReceptorPoint(longitude: 1, latitude: 52, heightMetres: 50),
                grid: own.grid,
                layers: own.layers
            )
        }
        try await scene.write(footprints + lower + upper, to: "foot.nc")
        try scene.write(
            """
            station,time,value_ppb,sigma_ppb,height_m,offset_ppb,background_ppb
            tac,2019-01-01T00:30:00Z,2000,5,,10,1900
            TAC,2019-01-01T01:00:00Z,,5,,,
            TAC,2018-12-31T23:59:59Z,2000,5,,,
            TAC,2019-01-01T06:00:00Z,2000,5,,,
            MHD,2019-01-01T00:00:00Z,2000,5,,,
            two,2019-01-01T00:00:00Z,2000,5,,,
            two,2019-01-01T00:00:00Z,2000,5,50,,1900
            """,
            to: "obs.csv"
        )
        let problem = try await prepare(plan(scene), scene)
        let summary = problem.summary
        #expect(summary.used == 2 && summary.observations == 6 && summary.withoutValue == 1)
        #expect(summary.excluded == ["no_footprint": 3, "ambiguous_footprint": 1])
        #expect(summary.observationsWithoutFootprint.map(\.name) == ["MHD", "TAC"])
        #expect(summary.observationsWithoutFootprint.map(\.count) == [1, 2])
        #expect(summary.footprintsWithoutObservation.map(\.name) == ["TAC", "two"])
        #expect(summary.footprintsWithoutObservation.map(\.count) == [5, 1])
        #expect(problem.observations.count { $0.exclusion == nil } == 2)
        #expect(abs(problem.labels.problem.observations[0] - 0.090) < 1e-12)
        try scene.writeTable("obs.csv", values: [2], of: "nowhere")
        await #expect(throws: FootprintProblemError.noObservations(reasons: ["1 no_footprint"])) {
            try await prepare(plan(scene), scene)
        }
    }

    @Test func footprintsBeyondTheFluxAreLeftOut() async throws {
        let (scene, _) = try await scene()
        // Half the grid of the footprints, and another step.
        let latitude = try #require(UniformAxis(origin: 50, step: 0.25, count: 12))
        let longitude = try #require(UniformAxis(origin: -1, step: 0.25, count: 8))
        let half = try #require(LatitudeLongitudeGrid(latitude: latitude, longitude: longitude))
        let values = [Double](repeating: 0.1, count: half.cellCount)
        try await scene.writeFlux([values], to: "half.nc", grid: half)
        await #expect(throws: FootprintProblemError.noObservations(reasons: ["6 missing_flux"])) {
            try await prepare(plan(scene, ["half.nc"]), scene)
        }
        try await scene.writeFlux([values], to: "co2.nc", grid: half, gas: "co2")
        let error = await #expect(throws: FootprintProblemError.self) {
            try await prepare(plan(scene, ["flux.nc", "co2.nc"]), scene)
        }
        #expect(error?.line.contains("the flux is of co2, another of ch4") == true)
    }

    @Test func theBoundaryHasAFactorForEachSide() async throws {
        let (scene, footprints) = try await scene()
        // The last of them lost a third of its particles, the one before a twentieth.
        try await scene.write(footprints, to: "foot.nc", west: [0.1, 0.1, 0.1, 0.1, 0.05, -0.25])
        try await scene.writeCurtain("bc.nc", north: 1.9, east: 1.8, south: 1.7, west: 2)
        var plan = plan(scene)
        plan.basis = .clusters(2)
        plan.boundary = .init(file: scene.path("bc.nc"))
        let problem = try await prepare(plan, scene)
        #expect(problem.summary.excluded == ["incomplete_footprint": 1])
        let input = try await problem.input()
        let jacobian = input.problem.jacobian
        #expect(
            input.problem.stateNames[2...] == [
                "boundary north", "boundary east", "boundary south", "boundary west",
            ]
        )
        for (column, value) in zip(2..<6, [0.4 * 1.9, 0.3 * 1.8, 0.2 * 1.7, 0.1 * 2]) {
            #expect(abs(jacobian[0, column] - value) < 1e-6)
            #expect(abs(jacobian[4, column] - (column == 5 ? 0.1 : value) / 0.95) < 1e-6)
        }
        #expect(input.problem.priorError.sigma[5] == 0.1)
        plan.boundary?.isNormalised = false
        plan.boundary?.bandTops = [1000]
        let bands = try await prepare(plan, scene).input()
        #expect(
            bands.problem.stateNames[2...3] == ["boundary north 0-1000 m", "boundary north above 1000 m"]
        )
        #expect(abs(bands.problem.jacobian[4, 9] - 0.05) < 1e-6)
        try await scene.write(footprints, to: "foot.nc")
        await #expect(throws: FootprintProblemError.noBoundary(file: scene.path("bc.nc"))) {
            try await prepare(plan, scene)
        }
    }

    @Test func denseAndSparseFilesHoldTheSameRows() async throws {
        let (scene, _) = try await scene(hours: 20)
        var plan = plan(scene)
        plan.storage = .sparse
        let sparse = try await prepare(plan, scene)
        try await sparse.write(to: scene.path("sparse.nc"), provenance: [("history", "test")])
        plan.storage = .dense
        let dense = try await prepare(plan, scene)
        try await dense.write(to: scene.path("dense.nc"), provenance: [])
        let (matrix, read) = (
            try await dense.input(), try await LinearProblemFile.read(scene.path("dense.nc"))
        )
        #expect(read.problem.jacobian == matrix.problem.jacobian)
        #expect(read.problem.observations == matrix.problem.observations)
        #expect(
            read.emissions == matrix.emissions && read.groups == matrix.groups && read.times == matrix.times
        )
        #expect(try await LargeProblemFile.isLarge(scene.path("sparse.nc")))
        let large = try await LargeProblemFile.read(scene.path("sparse.nc"))
        #expect(large.elementCount == matrix.problem.jacobian.storage.count { $0 != 0 })
        let ones = [Double](repeating: 1, count: matrix.problem.stateCount)
        let exact = try GaussianSolver.solve(matrix.problem)
        let iterated = try await MatrixFreeSolver(
            gradientReduction: 1e-10,
            mostIterations: 500,
            keptVectors: 0
        )
        .solve(large.problem)
        #expect(ones.indices.allSatisfy { abs(iterated.mean[$0] - exact.mean[$0]) < 1e-7 })
    }

    @Test func rowsThatAreNotKeptAreMadeAgain() async throws {
        let (scene, _) = try await scene(hours: 5)
        let sequence = try await FootprintSequence([scene.path("foot.nc")])
        let plan = plan(scene)
        let problem = try await prepare(plan, scene)
        let table = try ReceptorObservationTable.read(scene.path("obs.csv")).observations
        let again = try await Self.matrix(sequence, plan, table, states: problem.labels.problem.stateCount)
        #expect(again == (try await problem.input().problem.jacobian))
    }

    @NetCDFThread
    private static func matrix(
        _ sequence: FootprintSequence,
        _ plan: FootprintProblemPlan,
        _ table: [ReceptorObservation],
        states: Int
    ) async throws -> Matrix {
        let flux = try await SectorFlux.read(plan, on: sequence.grid)[0]
        let parts = try Basis.regions(labels: flux.hasFlux.enumerated().map { $1 ? Int32($0) : -1 })
        let state = try FootprintState([SectorElements(flux, parts, mask: nil, plan: plan)], plan, biases: [])
        var observations = table.map(FootprintObservation.init)
        let rows = try FootprintRows(
            FootprintJacobian(sequence, state, plan),
            FootprintMatch(observations, sequence.receptors).pairs,
            &observations,
            mostKept: 0
        )
        return try rows.matrix(states: states)
    }

    @Test func systematicErrorsAreElementsOfTheirOwn() async throws {
        let (scene, _) = try await scene()
        let times = (0..<6).map { FootprintScene.start.advanced(bySeconds: 3600 * Double($0)) }
        let lines = times.enumerated().map { "TAC,\($1),0.8,0.1,\($0 % 2 == 0 ? "a" : "")" }
        try scene.write(
            (["name,time,value_ppm,sigma_ppm,bias"] + lines).joined(separator: "\n"),
            to: "obs.csv"
        )
        var plan = plan(scene)
        plan.biasSigma = 0.3
        plan.modelErrorPartsPerMillion = 0.2
        let input = try await prepare(plan, scene).input()
        let last = input.problem.stateCount - 1
        #expect(input.problem.stateNames[last] == "bias of a")
        #expect((0..<6).map { input.problem.jacobian[$0, last] } == [1, 0, 1, 0, 1, 0])
        #expect(input.problem.priorMean[last] == 0 && input.problem.priorError.sigma[last] == 0.3)
        #expect(abs(input.problem.observationError.sigma[0] - 0.05.squareRoot()) < 1e-15)
    }

    @Test func whatParticlesDoNotCarryOfAColumnIsItsPrior() {
        let column = ColumnAir(weights: [0.2, 0.3, 0.5], moleFractions: [300, 400, 500])
        #expect(column.above(releasedWeight: 1) == 0)
        #expect(abs(column.above(releasedWeight: 0.9) - 30) < 1e-9)
        #expect(abs(column.above(releasedWeight: 0.6) - (60 + 80)) < 1e-9)
    }
}
