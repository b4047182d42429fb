import Formats
import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// Diagnostics of the overpass over Berlin and Jänschwalde: 18584 observations of a few sources.
@Suite struct OverpassDiagnosticsTests {
    private func read(_ name: String) async throws -> LinearProblem {
        try await LinearProblemFile.read(Places.deploy.appending(path: "cases/berlin/\(name).nc").path)
            .problem
    }

    /// Variances of the reference solution (NumPy, in the space of the state), by element.
    private static let sources = [
        0.0008326247743922982, 0.013585468860387423, 0.0030884313983075696, 0.03600058621163807,
        0.00790077952392903, 0.0007567556650803415,
    ]
    private static let sectors = [
        0.0008327663777707436, 0.08687646114790103, 0.08911673786922099, 0.22398511462733997,
        0.0030883301925012153, 0.03604148051787353, 0.007910117103054577, 0.0007567390371527711,
    ]

    @Test(arguments: [
        ("osse_sources", sources, 5.441424191585158), ("osse_berlin_sectors", sectors, 5.895294535426933),
    ]) func degreesOfEachElementAreThoseOfTheReference(
        name: String,
        variances: [Double],
        degrees: Double
    ) async throws {
        let problem = try await read(name)
        let posterior = try GaussianSolver.solve(problem)
        let names = LabelGroups(labels: problem.stateNames)
        let signal = try Diagnostics.signalDegrees(of: posterior, groups: names)
        #expect(abs(signal.total - degrees) < 1e-6)
        for (element, variance) in variances.enumerated() {
            let prior = problem.priorError.sigma[element]
            // Independent priors: A_ii = 1 - S_ii / B_ii.
            #expect(abs(signal.elements[element] - (1 - variance / (prior * prior))) < 1e-6)
        }
        let preview = try Preview(
            of: problem,
            totals: .elements(of: problem.stateNames),
            rate: ArithmeticRate(products: 1e10, vectors: 1e9)
        )
        #expect(abs(preview.degreesOfFreedomForSignal - posterior.degreesOfFreedomForSignal) < 1e-10)
        #expect(preview.costs.first?.solver == .state)
    }

    /// Strips of the swath, left out without solving again and with it.
    @Test func aStripIsPredictedByTheOthers() async throws {
        let problem = try await read("osse_sources")
        let posterior = try GaussianSolver.solve(problem)
        let count = problem.observationCount
        let strips = LabelGroups(labels: (0..<count).map { "strip \($0 * 6 / count)" })
        let groups = try Diagnostics.withheldGroups(of: problem, posterior, groups: strips)
        for group in [groups[0], groups[3]] {
            let refit = try GaussianSolver.solve(problem.leavingOut(observations: group.observations))
            let change = zip(posterior.mean, refit.mean).map { $0 - $1 }
            #expect(zip(change, group.meanChange).allSatisfy { abs($0 - $1) < 1e-10 })
            #expect(zip(refit.sigma, group.sigmaWithout).allSatisfy { abs($0 - $1) < 1e-10 })
            let modelled = problem.jacobian.times(refit.mean)
            let residuals = group.observations.map { problem.observations[$0] - modelled[$0] }
            #expect(zip(residuals, group.residuals).allSatisfy { abs($0 - $1) < 1e-10 })
        }
        let coverage = try Coverage(of: groups)
        #expect(coverage.count == count)
        #expect(abs(coverage.withinOneSigma - 0.683) < 0.015)
        #expect(abs(coverage.withinNinetyFive - 0.95) < 0.01)
        #expect(abs(coverage.inflation - 1) < 0.02)
        #expect(Diagnostics.chiSquareCheck(of: posterior).verdict == .consistent)
    }

    /// The noise was drawn with the stated errors.
    @Test func theDataTellTheNoise() async throws {
        let problem = try await read("osse_sources")
        let family = try ErrorFamily(of: problem, parameters: [.observationScale(), .priorScale()])
        let fit = try MaximumLikelihood.fit(family, intervals: .curvature)
        #expect(fit.estimates[0].ninetyFive.contains(1))
        #expect(abs(fit.estimates[0].value - 1) < 0.02)
        #expect(fit.estimates[0].standing == .determined)
    }
}
