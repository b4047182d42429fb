import Foundation
import Geo
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@testable import Formats
@testable import Pipeline

/// Problems on a basis beside the full ones.
@Suite struct ReducedProblemTests {
    /// A grid of 4 x 6 cells in two sectors with a bias, seen 20 times; two totals, one of a row of cells.
    private func input() throws -> LinearProblemInput {
        var random = SeededGenerator(seed: 5)
        var elements: [StateElement] = []
        var places: [Position?] = []
        for sector in ["power", "traffic"] {
            for row in 0..<4 {
                for column in 0..<6 {
                    let region = column < 3 ? "west" : "east"
                    elements.append(
                        StateElement(
                            "\(sector) \(row) \(column)",
                            kind: .flux,
                            region: region,
                            sector: sector
                        )
                    )
                    places.append(Position(longitude: Double(column), latitude: 40 + Double(row) / 2))
                }
            }
        }
        elements.append(StateElement("bias", kind: .bias))
        places.append(nil)
        let (n, m) = (20, elements.count)
        let values = (0..<n * m).map { $0 % m == m - 1 ? 1 : random.uniform() }
        var input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: n, columns: m, storage: values),
                observations: (0..<n).map { _ in 25 + 2 * random.normal() },
                observationError: .independent((0..<n).map { _ in 0.5 + random.uniform() }),
                priorMean: (0..<m).map { $0 < m - 1 ? 1 : 0 },
                priorError: .independent((0..<m).map { _ in 0.2 + random.uniform() }),
                stateNames: elements.map(\.name)
            ),
            unit: "ppm"
        )
        input.state = try StateVector(elements)
        input.statePlaces = places
        let all = (0..<m).map { $0 < m - 1 ? Double(1 + $0 % 3) : 0 }
        let row = (0..<m).map { $0 < 6 ? 1.0 : 0 }
        input.totals = try LinearFunctionals(
            names: ["all", "row"],
            weights: Matrix(rows: 2, columns: m, storage: all + row),
            offsets: [3, 0]
        )
        return input
    }

    @Test(arguments: [BasisChoice.regions, .clusters(3), .quadtree(4)])
    func reducedTotalIsThatOfTheFullProblem(choice: BasisChoice) throws {
        var full = try input()
        // The total of everything alone sets the weights, so that the basis can follow it.
        full.totals = try full.totals.map {
            try LinearFunctionals(names: ["all"], weights: $0.weights.rows(0..<1), offsets: [3])
        }
        let reduced = try ReducedProblem(full, on: choice)
        #expect(reduced.droppedTotals.isEmpty && reduced.meanError > 0)
        let expected = try #require(full.totals).totals(
            of: GaussianSolver.solve(full.problem),
            priorError: full.problem.priorError
        )
        let found = try #require(reduced.input.totals).totals(
            of: GaussianSolver.solve(reduced.input.problem),
            priorError: reduced.input.problem.priorError
        )
        #expect(abs(found.mean[0] - expected.mean[0]) < 1e-8 * abs(expected.mean[0]))
        let (a, b) = (found.posterior[0].standardDeviation, expected.posterior[0].standardDeviation)
        #expect(abs(a - b) < 1e-8 * b)
        #expect(abs(found.priorMean[0] - expected.priorMean[0]) < 1e-9)
    }

    @Test(arguments: [BasisChoice.regions, .clusters(2), .quadtree(3)])
    func regionsSectorsAndSinksAreThoseOfTheFullProblem(choice: BasisChoice) throws {
        var full = try input()
        full.totals = nil
        // Every fifth element takes up.
        var perUnit: [Double] = []
        for index in 0..<(full.problem.stateCount - 1) {
            let size = Double(1 + index % 4)
            perUnit.append(index % 5 == 2 ? -size : size)
        }
        perUnit.append(0)
        full.emissions = StateEmissions(perUnit: perUnit, unit: "t/h")
        let reduced = try ReducedProblem(full, on: choice).input
        let expected = try #require(try full.totalsPlan()).functionals.totals(
            of: GaussianSolver.solve(full.problem),
            priorError: full.problem.priorError
        )
        let found = try #require(try reduced.totalsPlan()).functionals.totals(
            of: GaussianSolver.solve(reduced.problem),
            priorError: reduced.problem.priorError
        )
        #expect(Set(found.names) == Set(expected.names) && found.names.contains("west"))
        for (index, name) in expected.names.enumerated() {
            let place = try #require(found.names.firstIndex(of: name))
            #expect(abs(found.mean[place] - expected.mean[index]) < 1e-8, "\(name)")
            let (a, b) = (found.posterior[place], expected.posterior[index])
            #expect(abs(a.standardDeviation - b.standardDeviation) < 1e-8, "\(name)")
        }
    }

    @Test func boundsOfAPartAreThoseOfItsMean() throws {
        var full = try input()
        full.lowerBounds = full.problem.stateNames.map { $0 == "bias" ? -.infinity : 0 }
        full.upperBounds = full.problem.stateNames.indices.map { $0 == 3 ? 5 : .infinity }
        let reduced = try ReducedProblem(full, on: .regions).input
        #expect(reduced.lowerBounds == [0, 0, 0, 0, -.infinity])
        #expect(reduced.upperBounds?.allSatisfy { $0 == .infinity } == true)
    }

    @Test func sectorsAreNotMixedAndBiasStays() throws {
        let reduced = try ReducedProblem(try input(), on: .regions)
        #expect(
            reduced.input.problem.stateNames == [
                "west power (12)", "east power (12)", "west traffic (12)", "east traffic (12)", "bias",
            ]
        )
        #expect(reduced.droppedTotals.contains("row"))
    }

    @Test func choicesAreReadAndRefused() throws {
        #expect(BasisChoice("regions") == .regions && BasisChoice("clusters=12") == .clusters(12))
        #expect(BasisChoice("quadtree=3") == .quadtree(3))
        for text in ["", "regions=3", "clusters", "clusters=0", "clusters=-1", "quadtree=x", "native"] {
            #expect(BasisChoice(text) == nil, "\(text)")
        }
        var input = try input()
        input.statePlaces = nil
        #expect(throws: ProblemChoiceError.noPlaces) { try ReducedProblem(input, on: .clusters(2)) }
        input.state = nil
        #expect(throws: ProblemChoiceError.noRegions) { try ReducedProblem(input, on: .regions) }
        var bent = try self.input()
        bent.statePlaces?[3] = Position(longitude: 3.3, latitude: 40)
        #expect(throws: ProblemChoiceError.noGrid) { try ReducedProblem(bent, on: .quadtree(2)) }
    }
}
