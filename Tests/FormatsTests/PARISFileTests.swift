import Foundation
import Geo
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

@Suite struct PARISFileTests {
    private let made = FileProvenance(
        command: "crosswind invert",
        configuration: "",
        seed: nil,
        inputs: [],
        created: Instant(microseconds: 0)
    )
    private let publication = PARISPublication(
        publisher: Level3Publication(),
        transportModel: "made",
        experiment: "test"
    )

    private func solved(_ input: LinearProblemInput, draws: Int = 0) async throws -> SolvedState {
        let posterior = try GaussianSolver.solve(input.problem)
        guard draws > 0 else { return SolvedState(posterior, solver: "exact") }
        let settings = SamplerSettings(chains: 2, warmUp: 0, draws: draws, seed: 1)
        let sampled = try await GibbsSampler(settings).sample(input.problem)
        var state = SolvedState(
            solver: "gibbs",
            stateNames: sampled.names,
            mean: sampled.mean,
            sigma: sampled.sigma
        )
        (state.covariance, state.draws) = (sampled.covariance, sampled)
        state.percentiles = Percentiles.sampled(sampled)
        return state
    }

    @NetCDFThread
    private func check(_ variables: [PARISLayout.Variable], in file: borrowing NetCDFFile) throws {
        for variable in variables {
            let name = variable.name
            let dimensions = try file.dimensionNames(of: name)
            #expect(dimensions == variable.dimensions, "\(name)")
            let unit = file.text("units", of: name) ?? ""
            let standardName = file.text("standard_name", of: name) ?? ""
            let longName = file.text("long_name", of: name) ?? ""
            #expect(unit == variable.unit && standardName == variable.standardName, "\(name)")
            #expect(!longName.isEmpty, "\(name)")
            let attributes = try file.attributeNames(of: name)
            #expect(attributes.contains("_FillValue") == variable.hasFill, "\(name)")
        }
    }

    @NetCDFThread
    @Test func fluxesHaveTheLayoutOfTheExchange() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("flux.nc").path
        let input = try GriddedProblem.input()
        let map = try #require(input.fluxMap)
        for draws in [0, 200] {
            try PARISFluxFile.write(
                map,
                try await solved(input, draws: draws),
                of: input.problem,
                to: path,
                publication: publication,
                provenance: made
            )
            let file = try NetCDFFile(reading: path)
            try check(PARISLayout.flux, in: file)
            for sector in ["fossilfuel", "land"] { try check(PARISLayout.products(sector), in: file) }
            if draws > 0 { try check(PARISLayout.percentiles, in: file) }
            let hasPercentiles = file.hasVariable("percentile")
            #expect(hasPercentiles == (draws > 0))
            for name in PARISLayout.attributes + PARISLayout.fluxAttributes {
                #expect(file.text(name)?.isEmpty == false, "\(name)")
            }
            #expect(file.text("frequency") == "monthly" && file.text("institution") == "not stated")
            #expect(try file.strings("country") == ["CHN", "MNG"])
            #expect(file.text("long_name", of: "country") == "country_ISO_3166_1_alpha3")
            #expect(try file.strings("sector") == ["fossilfuel", "land"])
            #expect(file.text("bounds", of: "time") == "time_bnds")
        }
    }

    @NetCDFThread
    @Test func concentrationsHaveTheLayoutOfTheExchange() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("concentrations.nc").path
        let input = try GriddedProblem.input()
        let solution = try await solved(input)
        try PARISConcentrationFile.write(
            input,
            solution,
            gas: .co2,
            to: path,
            publication: publication,
            provenance: made
        )
        let file = try NetCDFFile(reading: path)
        try check(PARISLayout.concentrations, in: file)
        for name in PARISLayout.attributes { #expect(file.text(name)?.isEmpty == false, "\(name)") }
        #expect(try file.strings("platform") == ["roof-10", "van"])
        #expect(try file.doubles("number_of_identifier").prefix(3) == [0, 1, 0])
        let middle = (GriddedProblem.start.secondsSince1970 + 1800) / 86_400
        #expect(abs(try file.doubles("time")[0] - middle) < 1e-9)
        let posterior = input.problem.jacobian.times(solution.mean)
        for (found, wanted) in zip(try file.doubles("mf_posterior"), posterior) {
            #expect(abs(found / wanted * 1e6 - 1) < 1e-6)
        }
        // Inflow and, at the van, its bias; the rest is what the fluxes add.
        let outside = try file.doubles("mf_bc_posterior")
        #expect(abs(outside[0] * 1e6 - 400 * solution.mean[4]) < 1e-4)
        #expect(abs(outside[1] * 1e6 - 400 * solution.mean[4] - solution.mean[5]) < 1e-4)
        #expect(abs(try file.doubles("mf_bias_posterior")[1] * 1e6 - solution.mean[5]) < 1e-6)
    }

    @NetCDFThread
    @Test func countriesAddUpTheirCells() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("flux.nc").path
        let input = try GriddedProblem.input()
        let map = try #require(input.fluxMap)
        let solution = try await solved(input)
        try PARISFluxFile.write(
            map,
            solution,
            of: input.problem,
            to: path,
            publication: publication,
            provenance: made
        )
        let file = try NetCDFFile(reading: path)
        let flux = try file.doubles("flux_total_posterior", shape: [1, 4, 6])
        let area = try file.doubles("cell_area", shape: [4, 6])
        let fraction = try file.doubles("country_fraction", shape: [2, 4, 6])
        let totals = try file.doubles("flux_total_posterior_country", shape: [1, 2])
        let covariance = try file.doubles("covariance_flux_total_posterior_country", shape: [1, 2, 2])
        for country in 0..<2 {
            // kg yr-1 = mol m-2 s-1 x m2 x 0.0440095 kg mol-1 x 365 x 86400 s of 2023.
            let sum = (0..<24).reduce(0) { $0 + flux[$1] * area[$1] * fraction[24 * country + $1] }
            #expect(abs(sum * 0.0440095 * 31_536_000 / totals[country] - 1) < 1e-5)
            let sigma = try file.doubles("stdev_flux_total_posterior_country", shape: [1, 2])[country]
            #expect(abs(sigma * sigma / covariance[3 * country] - 1) < 1e-5)
        }
        #expect(covariance[1] == covariance[2] && covariance[1] != 0)
        let sectors = try file.doubles("covariance_flux_sectors_posterior_country", shape: [1, 2, 2, 2])
        #expect(abs(sectors[0...3].reduce(0, +) / covariance[0] - 1) < 1e-4)
        // An uptake stays negative.
        #expect(try file.doubles("flux_land_posterior").allSatisfy { $0 < 0 })
        // The cell that is not solved for keeps its flux and has no error.
        #expect(abs(flux[23] / 1.23e-6 - 1) < 1e-6)
        #expect(try file.doubles("stdev_flux_total_posterior")[23] == 0)
    }

    @NetCDFThread
    @Test func percentilesOfDrawsSurroundTheMean() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("flux.nc").path
        let input = try GriddedProblem.input()
        let map = try #require(input.fluxMap)
        try PARISFluxFile.write(
            map,
            try await solved(input, draws: 1000),
            of: input.problem,
            to: path,
            publication: publication,
            provenance: made
        )
        let file = try NetCDFFile(reading: path)
        for key in ["total", "land"] {
            let mean = try file.doubles("flux_\(key)_posterior")
            let sigma = try file.doubles("stdev_flux_\(key)_posterior")
            let shares = try file.doubles("percentile_flux_\(key)_posterior", shape: [1, 5, 4, 6])
            for cell in 0..<23 {
                let deviates = (0..<5).map { (shares[24 * $0 + cell] - mean[cell]) / sigma[cell] }
                let normal = [-1.96, -0.994, 0, 0.994, 1.96]
                #expect(zip(deviates, normal).allSatisfy { abs($0 - $1) < 0.25 }, "\(key) \(deviates)")
            }
        }
    }

    @Test func whatIsNotKnownIsRefusedByName() throws {
        var input = try GriddedProblem.input()
        #expect(PARISConcentrationFile.refusal(input) == nil)
        input.altitudes = nil
        #expect(PARISConcentrationFile.refusal(input)?.line.contains("altitude of every observation") == true)
        input = try GriddedProblem.input()
        input.state = nil
        #expect(PARISConcentrationFile.refusal(input)?.place == "background")
        input.backgrounds = [Double](repeating: 400, count: GriddedProblem.rows)
        #expect(PARISConcentrationFile.refusal(input) == nil)
        input.unit = "m"
        #expect(PARISConcentrationFile.refusal(input) == .unit("m"))
    }

    @Test func countriesHaveCodesOfThreeLetters() throws {
        let wanted: [(String, String?)] = [
            ("CHINA", "CHN"), ("Germany", "DEU"),
            ("UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND", "GBR"),
            ("NIGER", "NER"), ("NIGERIA", "NGA"), ("OCEAN", nil), ("FRA", "FRA"), ("fra", "FRA"),
            ("CZECHIA", "CZE"), ("Türkiye", "TUR"), ("CONGO", "COG"), ("Côte d’Ivoire", "CIV"),
            ("Bolivia (Plurinational State of)", "BOL"), ("XYZ", nil), ("", nil),
        ]
        for (name, code) in wanted {
            #expect(CountryCode.code(ofName: name) == code, "\(name)")
        }
        #expect(CountryCode.twins(["CHINA", "OCEAN", "DEU"]) == nil)
        #expect(
            try #require(CountryCode.twins(["Czechia", "CHINA", "CZECH REPUBLIC"])) == (
                "Czechia", "CZECH REPUBLIC"
            )
        )
    }
}
