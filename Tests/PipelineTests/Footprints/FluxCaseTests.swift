import Formats
import Foundation
import Inversion
import LinearAlgebra
import Quantities
import Report
import TestSupport
import Testing
import Verification

@testable import Pipeline

/// Cases that multiply footprints with fluxes themselves.
@Suite struct FluxCaseTests {
    private func scene() async throws -> FootprintScene {
        let scene = FootprintScene(folder: try TemporaryFolder())
        let footprints = FootprintScene.footprints(hours: 26, seed: 4)
        try await scene.write(footprints, to: "foot.nc", west: [Double](repeating: 0.1, count: 26))
        // Some 60 ppb a priori.
        try await scene.writeFlux([FootprintScene.flux(seed: 2).map { $0 * 0.06 }], to: "flux.nc")
        try await scene.writeMask("mask.nc")
        try await scene.writeCurtain("bc.nc", north: 1.92, east: 1.91, south: 1.9, west: 1.93)
        try scene.write(Self.text, to: "case.json5")
        return scene
    }

    private static var text: String {
        """
        {
          name: "tower", title: {en: "Tower", zh: "塔"}, summary: {en: "Tower.", zh: "塔。"}, gas: "ch4",
          period: {start: "2019-01-01T00:00:00Z", end: "2019-01-02T00:00:00Z"},
          stations: {networks: ["\(Places.repository.path)/stations/tacolneston.json"], flags: ["good"]},
          footprints: [{file: "foot.nc", credit: "made up"}],
          flux: [{file: "flux.nc", credit: "made up"}],
          boundary: {file: "bc.nc", credit: "made up", bands_m: [1000]},
          region_mask: {file: "mask.nc", credit: "made up"},
          regions: [{key: "west", name: {en: "West", zh: "西部"}}, {key: "east", name: {en: "East", zh: "东部"}}],
          inventory: {label: "made up", credit: "made up", relative_sigma: 0.2, is_prior: true},
          inversion: {
            basis: "quadtree=4", prior_sigma_flux: 1.0, prior_sigma_boundary: 0.1, prior_sigma_bias: 0.01,
            model_error: {ppm: 0.02},
          },
          map: {box: [-1, 50, 3, 53], boundary_credit: "made up"},
        }
        """
    }

    @Test func readingsMeetTheFootprintsOfTheirHour() async throws {
        let scene = try await scene()
        let store = try await FilledStore.make(in: scene.folder)
        let definition = try CaseFile.read(scene.path("case.json5"))
        let outcome = try await CaseRun(
            definition: definition,
            store: store,
            output: scene.path("out"),
            command: "crosswind run tower"
        ).run()
        let result = outcome.result.problems[0]
        let rows = result.prepared.observations
        #expect(rows.count == 24 && rows.allSatisfy { $0.isUsed && $0.rawMessage != nil })
        #expect(rows[0].source.chinese.hasPrefix("塔科尔内斯顿"))
        #expect(result.prepared.scale.rawValue == "WMO-CH4-X2004A")
        // The record of the network is of the hours themselves: a mean of one reading is that reading.
        let record = Places.deploy.appending(path: "cases/uk-methane/standard_rhime_outs.nc").path
        let model = try await RHIMEOutputFile.read(record, gas: .ch4)
        for (row, value) in zip(rows, model.observations) {
            #expect(abs(try #require(row.value) - value) < 1e-9)
        }
        let problem = result.prepared.problem
        // Four parts at least, eight factors of the boundary, the bias of one instrument.
        #expect(problem.stateNames.last == "bias of TAC g2301-ch4-100m")
        #expect(problem.stateNames.count { $0.hasPrefix("boundary ") } == 8)
        #expect(problem.observationError.sigma.allSatisfy { $0 > 0.02 })
        #expect(try #require(result.spaceDisagreement) < 1e-8)
        for comparison in result.comparisons {
            #expect(abs(comparison.inventory.mean / comparison.prior.mean - 1) < 1e-12)
            #expect(comparison.posterior.standardDeviation <= comparison.prior.standardDeviation)
        }
        let inputs = outcome.result.report.provenance.inputs
        #expect(
            Set(inputs.map(\.name)).isSuperset(of: ["foot.nc", "flux.nc", "bc.nc", "mask.nc", "case.json5"])
        )
        for name in ["report-en.html", "report-zh.html", "posterior.nc", "observations.csv"] {
            #expect(FileManager.default.fileExists(atPath: scene.path("out/" + name)), "\(name)")
        }
    }

    @Test func aTableStandsForAStore() async throws {
        let scene = try await scene()
        try scene.writeTable("obs.csv", values: (0..<26).map { 1.95 + 0.001 * Double($0) }, sigma: 0.01)
        let text = Self.text.split(separator: "\n").filter { !$0.contains("stations:") }.joined(
            separator: "\n"
        )
        .replacing("boundary: {", with: "observations: [{file: \"obs.csv\", credit: \"x\"}], boundary: {")
        try scene.write(text, to: "case.json5")
        let definition = try CaseFile.read(scene.path("case.json5"))
        let result = try await CaseRun(definition: definition, store: nil, output: nil, command: "").solve()
        let rows = result.problems[0].prepared.observations
        #expect(rows.count == 26 && rows.count { $0.isUsed } == 24)
        #expect(rows.suffix(2).allSatisfy { $0.exclusion == .outsidePeriod })
    }

    @Test(arguments: [
        ("basis: \"quadtree=4\"", "basis: \"quadtre=4\"", "is not native, regions"),
        ("bands_m:", "band_m:", "`bands_m`"),
        ("region_mask:", "region_msk:", "`region_mask`"),
        ("key: \"west\"", "key: \"wst\"", "`west`"),
        (
            "footprints: [{file: \"foot.nc\", credit: \"made up\"}]", "footprints: {file: \"foot.nc\"}",
            "an array"
        ),
        ("bands_m: [1000]", "bands_m: [1000, 500]", "ascending"),
    ])
    func whatIsWrongIsNamed(old: String, new: String, words: String) async throws {
        let scene = try await scene()
        try #require(Self.text.contains(old))
        try scene.write(Self.text.replacing(old, with: new), to: "case.json5")
        let store = try await FilledStore.make(in: scene.folder, hours: 2)
        let error = await #expect(throws: (any Error).self) {
            let definition = try CaseFile.read(scene.path("case.json5"))
            _ = try await CaseRun(definition: definition, store: store, output: nil, command: "").solve()
        }
        let line = try #require(error as? any Fault).line
        #expect(line.contains(words), "\(line)")
    }
}
