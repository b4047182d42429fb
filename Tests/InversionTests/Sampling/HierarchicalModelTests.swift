import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// The UK methane inversion of RHIME's test data: four regions, four boundaries, one relative error.
enum RhimeCase {
    static func model(minimumError: [Double]? = nil) throws -> HierarchicalModel {
        let text = try String(
            contentsOf: Places.fixtures.appending(path: "rhime-uk-model.csv"),
            encoding: .utf8
        )
        let rows = text.split(separator: "\n").dropFirst().map { line in
            line.split(separator: ",").compactMap { Double($0) }
        }
        let region = ParameterPrior.truncatedNormal(mean: 1, sigma: 1, lower: 0, upper: .infinity)
        let boundary = ParameterPrior.truncatedNormal(mean: 1, sigma: 0.1, lower: 0, upper: .infinity)
        return try HierarchicalModel(
            jacobian: Matrix(rows: rows.count, columns: 8, storage: rows.flatMap { $0[2...] }),
            observations: rows.map { $0[0] },
            observationSigma: rows.map { $0[1] },
            statePriors: [region, region, region, region, boundary, boundary, boundary, boundary],
            errorPriors: [.uniform(lower: 0.1, upper: 3)],
            isEnhancement: [true, true, true, true, false, false, false, false],
            minimumError: minimumError
        )
    }

    static let names = ["x0", "x1", "x2", "x3", "north", "east", "south", "west", "error"]
    /// The most probable point as published, to three digits.
    static let published = [3.862, 1.395, 1.280, 17.519, 1.197, 1.004, 0.999, 1.800, 3.0]
}

@Suite struct HierarchicalModelTests {
    @Test func theDensityAtThePublishedPointIsThePublishedOne() throws {
        let model = try RhimeCase.model()
        var gradient = [Double](repeating: 0, count: 9)
        let value = model.logDensity(at: RhimeCase.published, gradient: &gradient)
        #expect(abs(value + 492.4848) < 1e-4)
    }

    @Test(arguments: 0..<12 as Range<UInt64>) func theGradientIsTheSlope(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let floor = seed % 2 == 0 ? nil : (0..<24).map { $0 % 3 == 0 ? 80.0 : 0 }
        let model = try RhimeCase.model(minimumError: floor)
        let point = (0..<9).map { index in
            index < 4
                ? 0.2 + 4 * random.uniform() : index < 8 ? 0.5 + random.uniform() : 0.3 + 2 * random.uniform()
        }
        var gradient = [Double](repeating: 0, count: 9)
        var ignored = gradient
        _ = model.logDensity(at: point, gradient: &gradient)
        for index in point.indices {
            let step = 1e-5 * point[index]
            var (above, below) = (point, point)
            above[index] += step
            below[index] -= step
            let rise =
                model.logDensity(at: above, gradient: &ignored)
                - model.logDensity(at: below, gradient: &ignored)
            #expect(abs(rise / (2 * step) - gradient[index]) < 1e-5 * (1 + abs(gradient[index])))
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>) func theMostProbablePointIsFoundFromAnywhere(seed: UInt64) throws
    {
        var random = SeededGenerator(seed: seed)
        let model = try RhimeCase.model()
        let start = (0..<9).map { index in
            index < 4
                ? 0.2 + 4 * random.uniform()
                : index < 8 ? 0.8 + 0.4 * random.uniform() : 0.3 + 2 * random.uniform()
        }
        let found = try model.mostProbable(from: start, minimiser: BoundedMinimiser(tolerance: 1e-5))
        // By scipy 1.15 (L-BFGS-B) from four starts; the published point has 492.4848.
        #expect(abs(found.value - 492.441235568) < 1e-7)
        let expected = [3.80140, 1.21759, 1.05420, 17.52540, 1.196547, 1.002110, 0.999637, 1.801321, 3]
        #expect(distance(found.point, expected) < 5e-4)
        #expect(found.states[8] == .atUpper)
        #expect(found.states.dropLast().allSatisfy { $0 == .free })
    }

    @Test func theDrawsAreThoseOfTheReference() async throws {
        let model = try RhimeCase.model()
        let sampled = try await HamiltonianSampler(
            SamplerSettings(chains: 2, warmUp: 300, draws: 500, seed: 2)
        )
        .sample(model, names: RhimeCase.names, start: model.typicalPoint)
        // Random-walk Metropolis with 400,000 draws; tolerances of the reference and of this run.
        let mean = [3.8205, 1.4294, 1.3143, 17.5739]
        let sigma = [0.969, 0.830, 0.802, 0.545]
        for index in 0..<4 {
            let diagnostic = sampled.diagnostics[index]
            #expect(abs(sampled.mean[index] - mean[index]) < 0.02 + 3 * diagnostic.meanError)
            #expect(
                abs(sampled.sigma[index] / sigma[index] - 1) < 0.1 + 3 * diagnostic.sigmaError / sigma[index]
            )
            #expect(diagnostic.rHat < 1.02)
        }
        #expect(distance(Array(sampled.mean[4...]), [1.196, 1.007, 0.999, 1.803, 2.990]) < 0.02)
        #expect(sampled.divergences == 0)
    }

    @Test func theFloorHoldsWhereTheErrorIsSmaller() throws {
        let floor = (0..<24).map { $0 < 12 ? 200.0 : 0 }
        let errors = try RhimeCase.model(minimumError: floor).errors(RhimeCase.published)
        let free = try RhimeCase.model().errors(RhimeCase.published)
        for index in 0..<12 where free[index] < 200 { #expect(errors[index] == 200) }
        #expect(Array(errors[12...]) == Array(free[12...]))
        #expect(free.contains { $0 < 200 })
    }

    @Test func errorsOfGroupsAreTheirOwn() throws {
        let model = try HierarchicalModel(
            jacobian: Matrix(rows: 2, columns: 2, storage: [2, 100, 3, 100]),
            observations: [0, 0],
            observationSigma: [1, 1],
            statePriors: [.normal(mean: 0, sigma: 1), .normal(mean: 0, sigma: 1)],
            errorPriors: [.uniform(lower: 0, upper: 3), .lognormal(median: 1, logSigma: 1)],
            isEnhancement: [true, false],
            errorGroups: [1, 0],
            exponent: 2
        )
        // sqrt(1 + (0.5 · 2)²) and sqrt(1 + (2 · 3)²); the background does not count.
        #expect(distance(model.errors([1, 1, 2, 0.5]), [sqrt(2), sqrt(37)]) < 1e-14)
    }

    @Test func partsThatDoNotFitAreNamed() throws {
        func refusal(_ groups: [Int]?, _ prior: ParameterPrior, _ sigma: Double = 1) -> InversionError? {
            do {
                _ = try HierarchicalModel(
                    jacobian: Matrix(rows: 1, columns: 1, storage: [1]),
                    observations: [1],
                    observationSigma: [sigma],
                    statePriors: [.normal(mean: 1, sigma: 1)],
                    errorPriors: [prior],
                    errorGroups: groups
                )
                return nil
            } catch { return error }
        }
        let uniform = ParameterPrior.uniform(lower: 0.1, upper: 3)
        #expect(refusal(nil, uniform) == nil)
        #expect(refusal([1], uniform) == .wrongLength(of: "error priors", expected: 2, actual: 1))
        #expect(refusal(nil, uniform, 0) == .notPositive("observation_sigma", index: 0, value: 0))
        #expect(refusal(nil, .uniform(lower: 3, upper: 1)) == .boundsCross(index: 1, lower: 3, upper: 1))
        #expect(
            refusal(nil, .normal(mean: 1, sigma: 1))
                == .notPositive("error prior", index: 0, value: -.infinity)
        )
        #expect(
            refusal(nil, .lognormal(median: 1, logSigma: -1))
                == .notPositive("error prior sigma", index: 1, value: -1)
        )
    }
}
