import Formats
import Foundation
import Geo
import Inventory
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Pipeline

private let mace = "footprints/name/MHD-10magl_UKV_hfo-1234zee_EUROPE_201401_test.nc"
private let column = "footprints/name/THW-column_NAME_UMG_EUROPE_TEST_inert_202304.nc"
private let edgar = "inversion/rhime-uk/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"
private let rhime = "inversion/rhime-uk/standard_rhime_outs.nc"

/// Rows of real NAME footprints and EDGAR against what numpy computes of the same files.
@Suite struct FootprintReferenceProblemTests {
    private func observations(_ name: String, _ start: String, hours: Int) throws -> [ReceptorObservation] {
        let first = try #require(Instant(iso8601: start))
        return (0..<hours).map { hour in
            let time = first.advanced(bySeconds: 3600 * Double(hour))
            return ReceptorObservation(name: name, time: time, value: 0.2, sigma: 0.01)
        }
    }

    private func modelled(_ footprint: String, _ observations: [ReceptorObservation], basis: CellBasis)
        async throws
        -> [Double]
    {
        let files = try [footprint, edgar].map { try #require(Places.shared($0)).path }
        var plan = FootprintProblemPlan(footprints: [files[0]], fluxes: [.init(file: files[1])])
        plan.basis = basis
        let made = try await FootprintProblem.prepare(
            plan,
            from: [.given(observations.map(FootprintObservation.init))]
        )
        // The reference counts 365.25 days, the year of the flux has 365.
        let kilotonnes = 72_329.74167133 * 365 / 365.25
        #expect(abs(made.summary.sectors[0].priorKilotonnesPerYear / kilotonnes - 1) < 1e-9)
        let input = try await made.input()
        return input.problem.jacobian.times(input.problem.priorMean).map { $0 * 1000 }
    }

    @Test(
        .enabled(if: [mace, column, edgar].allSatisfy { Places.shared($0) != nil }),
        arguments: [CellBasis.native, .quadtree(30)]
    )
    func rowSumsAreTheReferenceValues(basis: CellBasis) async throws {
        let tower = try await modelled(
            mace,
            observations("MHD", "2014-01-01T00:00:00Z", hours: 5),
            basis: basis
        )
        let known = [
            1.9700674024983953, 2.252416208307719, 2.769514271861773, 3.4568531287026665, 6.323338174056258,
        ]
        for (value, expected) in zip(tower, known) { #expect(abs(value / expected - 1) < 1e-9) }
        let total = try await modelled(
            column,
            observations("THW", "2023-04-02T14:00:00Z", hours: 4),
            basis: basis
        )
        let columns = [4.9761192734, 5.3075810876, 5.1752595592, 5.7213204069]
        for (value, expected) in zip(total, columns) { #expect(abs(value / expected - 1) < 1e-9) }
    }

    /// The basis functions of the published inversion and its prior flux. Its own footprints, of Tacolneston in
    /// January 2019, are in no file that is public, so that its sensitivities themselves cannot be made again.
    @Test(.enabled(if: [mace, edgar, rhime].allSatisfy { Places.shared($0) != nil }))
    func theBasisOfAPublishedInversionGivesItsRegions() async throws {
        let scene = FootprintScene(folder: try TemporaryFolder())
        let model = try await RHIMEOutputFile.read(try #require(Places.shared(rhime)).path, gas: .ch4)
        let grid = try #require(model.basisFunctions.grid.longitudeLatitude)
        try await scene.writeMask(
            "basis.nc",
            index: model.basisFunctions.index,
            names: ["a", "b", "c", "d"],
            grid: grid
        )
        var plan = FootprintProblemPlan(
            footprints: [try #require(Places.shared(mace)).path],
            fluxes: [.init(file: try #require(Places.shared(edgar)).path)]
        )
        plan.basis = .regions
        plan.regions = scene.path("basis.nc")
        let table = try observations("MHD", "2014-01-01T00:00:00Z", hours: 2).map(FootprintObservation.init)
        let made = try await FootprintProblem.prepare(plan, from: [.given(table)])
        let jacobian = try await made.input().problem.jacobian
        let numpy = [
            [0.24775192215338768, 0.042653786597146165, 0.2008952071256596, 1.4787664866222014],
            [0.19880958253221367, 0.04592876215613371, 0.24795398110302808, 1.759723882516344],
        ]
        for (row, values) in numpy.enumerated() {
            for (element, value) in values.enumerated() {
                #expect(abs(jacobian[row, element] * 1000 / value - 1) < 1e-9, "\(row), \(element)")
            }
        }
        // What each region emits, but for axes that one file has in single precision.
        let emitted = try #require(made.labels.emissions).perUnit
        for element in 0..<4 {
            var sum = 0.0
            for cell in 0..<grid.cellCount where model.basisFunctions.index[cell] == Int32(element) {
                sum += model.priorFlux.tonnesPerYear(cell: cell) / 1000
            }
            #expect(abs(emitted[element] / sum - 1) < 1e-6)
        }
    }
}
