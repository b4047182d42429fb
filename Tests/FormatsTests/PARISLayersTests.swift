import Foundation
import Geo
import Inversion
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

/// Layers that do not share their periods, and countries that are none.
@Suite struct PARISLayersTests {
    private static let day = 86_400.0

    /// The made problem with layers of other days: per layer the sector, the first day and the one after the last.
    private func input(_ layers: [(Int, Int, Int)], countries: [String] = ["CHINA", "MONGOLIA"]) throws
        -> LinearProblemInput
    {
        var input = try GriddedProblem.input()
        let map = GriddedProblem.map(countries: countries)
        let moved = layers.map { sector, first, last in
            let own = map.layers[sector]
            let period = Period(
                start: GriddedProblem.start.advanced(bySeconds: Self.day * Double(first)),
                end: GriddedProblem.start.advanced(bySeconds: Self.day * Double(last))
            )
            return FluxMap.Layer(sector: own.sector, period: period, flux: own.flux, element: own.element)
        }
        input.fluxMap = FluxMap(gas: .co2, grid: map.grid, layers: moved, countries: map.countries)
        return input
    }

    @NetCDFThread
    private func write(_ input: LinearProblemInput, to path: String) throws {
        try PARISFluxFile.write(
            try #require(input.fluxMap),
            SolvedState(try GaussianSolver.solve(input.problem), solver: "exact"),
            of: input.problem,
            to: path,
            publication: PARISPublication(
                publisher: Level3Publication(),
                transportModel: "made",
                experiment: "test"
            ),
            provenance: FileProvenance(
                command: "crosswind invert",
                configuration: "",
                seed: nil,
                inputs: [],
                created: Instant(microseconds: 0)
            )
        )
    }

    /// Ten days of one sector beside two halves of the other give two halves, in each of which both flow.
    @NetCDFThread
    @Test func aTotalIsTheSumOfWhatFlowsAtTheTime() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("flux.nc").path
        try write(try input([(0, 0, 10), (1, 0, 4), (1, 4, 10)]), to: path)
        let file = try NetCDFFile(reading: path)
        let bounds = try file.doubles("time_bnds", shape: [2, 2])
        #expect(bounds[1] - bounds[0] == 4 && bounds[2] == bounds[1] && bounds[3] - bounds[2] == 6)
        #expect(file.text("frequency") == "irregular")
        for (total, parts) in [
            ("flux_total_posterior", ["flux_fossilfuel_posterior", "flux_land_posterior"]),
            (
                "flux_total_posterior_country",
                ["flux_fossilfuel_posterior_country", "flux_land_posterior_country"]
            ),
        ] {
            let whole = try file.doubles(total)
            let (first, second) = (try file.doubles(parts[0]), try file.doubles(parts[1]))
            let count = whole.count / 2
            for index in whole.indices {
                #expect(first[index] > 0 && second[index] < 0)
                #expect(abs((first[index] + second[index]) / whole[index] - 1) < 1e-5)
                #expect(whole[index] == whole[index % count])
            }
        }
    }

    @Test func aSectorThatIsMissingForATimeIsRefused() throws {
        for layers in [[(0, 0, 10), (1, 5, 10)], [(0, 0, 10), (1, 5, 15)], [(0, 0, 10), (1, 10, 20)]] {
            let map = try #require(try input(layers).fluxMap)
            let refusal = try #require(PARISFluxFile.refusal(map), "\(layers)")
            #expect(refusal.place == "layer_bounds" && refusal.what.contains("`land` has no flux from"))
        }
        // Days without anything are no gap of one sector.
        let apart = try #require(try input([(0, 0, 5), (1, 0, 5), (0, 7, 9), (1, 7, 9)]).fluxMap)
        #expect(PARISFluxFile.refusal(apart) == nil && apart.periods.count == 2)
    }

    @NetCDFThread
    @Test func regionsThatAreNoCountriesAreNotCalledCodes() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("flux.nc").path
        let input = try input([(0, 0, 10), (1, 0, 10)], countries: ["CHINA", "NORTH SEA"])
        try write(input, to: path)
        let file = try NetCDFFile(reading: path)
        #expect(try file.strings("country") == ["CHN", "NORTH SEA"])
        #expect(file.text("long_name", of: "country") == "country_or_region_name")
        #expect(file.text("comment", of: "country")?.contains("NORTH SEA") == true)
    }

    @Test func twoNamesOfOneCountryAreRefused() throws {
        let input = try input([(0, 0, 10), (1, 0, 10)], countries: ["CHINA", "CHN"])
        let refusal = PARISFluxFile.refusal(try #require(input.fluxMap))
        #expect(refusal == .sameCountry("CHINA", "CHN"))
    }
}
