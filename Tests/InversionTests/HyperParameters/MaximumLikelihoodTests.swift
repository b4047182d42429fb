import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Inversion

@Suite struct MaximumLikelihoodTests {
    /// Distances on a line, and a family with every kind of parameter.
    private func family(_ problem: LinearProblem) throws -> (family: ErrorFamily, values: [Double]) {
        let (states, count) = (problem.stateCount, problem.observationCount)
        var distances = Matrix(rows: states, columns: states)
        for row in 0..<states {
            for column in 0..<states { distances[row, column] = abs(Double(row - column)) }
        }
        // The last element is of another sector.
        for index in 0..<(states - 1) {
            distances[states - 1, index] = .infinity
            distances[index, states - 1] = .infinity
        }
        let half = Array(0..<(count / 2))
        let parameters = [
            try HyperParameter.priorScale("first", elements: [0]),
            try HyperParameter("length", .correlationLength, start: 1, lower: 0.1, upper: 30),
            try HyperParameter.observationScale("half", observations: half),
            try HyperParameter("model", .modelError(observations: nil), start: 0.5, lower: 0.01, upper: 9),
        ]
        let form: PriorCorrelation.Form = count % 2 == 0 ? .exponential : .matern32
        let family = try ErrorFamily(
            of: problem,
            parameters: parameters,
            priorCorrelation: PriorCorrelation(form: form, distances: distances)
        )
        return (family, [1.3, 2.1, 0.8, 0.4])
    }

    @Test(arguments: 0..<24 as Range<UInt64>) func theGradientIsTheSlopeOfTheEvidence(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        guard problem.stateCount > 1 else { return }
        let (family, values) = try family(problem)
        let function = LogEvidence(family: family)
        let point = values.map { log($0) }
        var gradient = [Double](repeating: 0, count: 4)
        var unused = gradient
        let value = function.value(at: point, gradient: &gradient)
        let solved = try GaussianSolver.solve(family.problem(at: values))
        #expect(abs(value + solved.logEvidence) < 1e-10)
        for index in point.indices {
            let step = 1e-5
            var (above, below) = (point, point)
            above[index] += step
            below[index] -= step
            let slope =
                (function.value(at: above, gradient: &unused) - function.value(at: below, gradient: &unused))
                / (2 * step)
            #expect(abs(gradient[index] - slope) < 1e-5 * max(1, abs(slope)))
        }
    }

    /// Without any sensitivity y ~ N(0, s² sigma²): the maximum is the mean square, and the profile is by hand.
    private func blind(_ count: Int, spread: Double) throws -> LinearProblem {
        var random = SeededGenerator(seed: 21)
        return LinearProblem(
            jacobian: Matrix(rows: count, columns: 1),
            observations: (0..<count).map { _ in spread * 0.5 * random.normal() },
            observationError: .independent([Double](repeating: 0.5, count: count)),
            priorMean: [0],
            priorError: .independent([1]),
            stateNames: ["x"]
        )
    }

    @Test func theScaleOfErrorsHasItsClosedForm() throws {
        let problem = try blind(40, spread: 3)
        let family = try ErrorFamily(of: problem, parameters: [.observationScale()])
        let fit = try MaximumLikelihood.fit(family)
        let best = (problem.observations.reduce(0) { $0 + $1 * $1 / 0.25 } / 40).squareRoot()
        let estimate = fit.estimates[0]
        #expect(abs(estimate.value / best - 1) < 1e-6)
        #expect(estimate.standing == .determined)
        #expect(fit.warnings.isEmpty)
        for (interval, half) in [
            (estimate.oneSigma, 0.5), (estimate.ninetyFive, 1.959963985 * 1.959963985 / 2),
        ] {
            for limit in [try #require(interval.lower), try #require(interval.upper)] {
                let ratio = best / limit
                #expect(abs(-40 * log(ratio) + 20 * (ratio * ratio - 1) - half) < 1e-3)
            }
        }
        let quick = try MaximumLikelihood.fit(family, intervals: .curvature).estimates[0]
        // -d² ln p / d(ln s)² = 2 n at the maximum.
        let half = 1 / 80.0.squareRoot()
        #expect(abs(try #require(quick.oneSigma.upper) / (best * exp(half)) - 1) < 1e-5)
        #expect(fit.logEvidence > fit.logEvidenceAtStart)
    }

    @Test func aFlatLikelihoodIsToldAsSuch() throws {
        let family = try ErrorFamily(of: blind(20, spread: 1), parameters: [.priorScale()])
        for intervals in [MaximumLikelihood.Intervals.profile, .curvature] {
            let fit = try MaximumLikelihood.fit(family, intervals: intervals)
            #expect(fit.estimates[0].standing == .flat)
            #expect(fit.problem.priorError == .independent([1]))
            #expect(fit.warnings.count == 1)
        }
    }

    /// A little sensitivity moves the maximum, to a value that means nothing.
    @Test func whereTheLikelihoodIsFlatTheStatedValueIsKept() throws {
        var problem = try blind(20, spread: 1)
        problem.jacobian = Matrix(rows: 20, columns: 1, storage: [Double](repeating: 1e-3, count: 20))
        let fit = try MaximumLikelihood.fit(ErrorFamily(of: problem, parameters: [.priorScale()]))
        #expect(fit.estimates[0].standing == .flat)
        #expect(abs(fit.estimates[0].value - 1) > 0.5)
        #expect(fit.estimates[0].adopted == 1)
        #expect(fit.problem.priorError == .independent([1]))
        #expect(fit.warnings[0].contains("stated"))
    }

    @Test func aMaximumAtALimitIsToldAsSuch() throws {
        let problem = try blind(200, spread: 0.9)
        let added = try HyperParameter(
            "model error",
            .modelError(observations: nil),
            start: 1,
            lower: 1e-3,
            upper: 100
        )
        let fit = try MaximumLikelihood.fit(ErrorFamily(of: problem, parameters: [added]))
        #expect(fit.estimates[0].isAtLimit)
        #expect(fit.estimates[0].standing == .upperLimitOnly)
        #expect(abs(fit.estimates[0].value - 1e-3) < 1e-12)
        #expect(fit.warnings[0].contains("upper limit"))
    }

    @Test func parametersThatGovernTheSameAreRefused() throws {
        let problem = Problems.pair
        let scale = try HyperParameter.observationScale()
        #expect(throws: InversionError.duplicate("again", index: 1)) {
            try ErrorFamily(of: problem, parameters: [scale, .observationScale("again", observations: [1])])
        }
        #expect(throws: InversionError.outOfRange("far", index: 1)) {
            try ErrorFamily(of: problem, parameters: [.priorScale("far", elements: [0, 2])])
        }
        #expect(throws: InversionError.empty("parameters of the error model")) {
            try ErrorFamily(of: problem, parameters: [])
        }
        let length = try HyperParameter("length", .correlationLength, start: 1, lower: 0.1, upper: 9)
        #expect(throws: InversionError.empty("distances for the correlation length")) {
            try ErrorFamily(of: problem, parameters: [length])
        }
        #expect(throws: InversionError.self) {
            try HyperParameter("x", .correlationLength, start: 10, lower: 0.1, upper: 9)
        }
    }

    /// For a scale of B the maximum is where the prior part of the cost equals the degrees of freedom.
    @Test func theScaleOfThePriorBalancesItsCost() throws {
        var problem = Problems.random(seed: 12)
        problem.observations = problem.observations.map { 4 * $0 }
        let fit = try MaximumLikelihood.fit(
            ErrorFamily(of: problem, parameters: [.priorScale(), .observationScale()])
        )
        let posterior = try GaussianSolver.solve(fit.problem)
        let increment = zip(posterior.mean, problem.priorMean).map { $0 - $1 }
        let whitened = try Cholesky(factoring: fit.problem.priorError.matrix).forwardSolve(increment)
        let cost = whitened.reduce(0) { $0 + $1 * $1 }
        #expect(abs(cost - posterior.degreesOfFreedomForSignal) < 1e-3)
        // And both scales together make chi2 the number of observations.
        #expect(abs(posterior.innovationChiSquare - Double(problem.observationCount)) < 1e-3)
    }
}
