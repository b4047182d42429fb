import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// The valley of Rosenbrock (1960) in pairs of variables.
private struct Valley: SmoothFunction {
    let dimension: Int

    func value(at point: [Double], gradient: inout [Double]) -> Double {
        var sum = 0.0
        for pair in stride(from: 0, to: dimension, by: 2) {
            let (x, y) = (point[pair], point[pair + 1])
            let bend = y - x * x
            sum += 100 * bend * bend + (1 - x) * (1 - x)
            gradient[pair] = -400 * x * bend - 2 * (1 - x)
            gradient[pair + 1] = 200 * bend
        }
        return sum
    }
}

/// x - ln x, which is not defined at or below zero.
private struct Barrier: SmoothFunction {
    let dimension = 1

    func value(at point: [Double], gradient: inout [Double]) -> Double {
        guard point[0] > 0 else { return .infinity }
        gradient[0] = 1 - 1 / point[0]
        return point[0] - log(point[0])
    }
}

@Suite struct BoundedMinimiserTests {
    @Test(arguments: [2, 10, 60]) func theValleyEndsAtOne(dimension: Int) throws {
        let start = (0..<dimension).map { $0 % 2 == 0 ? -1.2 : 1 }
        let found = try BoundedMinimiser().minimise(
            Valley(dimension: dimension),
            from: start,
            bounds: .none(dimension)
        )
        #expect(distance(found.point, [Double](repeating: 1, count: dimension)) < 1e-8)
        #expect(found.projectedGradient <= 1e-8)
        #expect(found.evaluations < 100)
    }

    @Test func theValleyInsideABoxEndsWhereTheBoxMeetsIt() throws {
        // With x at most 1/2 the best y is x², and the value (1 - x)².
        let bounds = try Bounds(lower: [-2, -2], upper: [0.5, 2])
        let found = try BoundedMinimiser().minimise(Valley(dimension: 2), from: [-1.2, 1], bounds: bounds)
        #expect(distance(found.point, [0.5, 0.25]) < 1e-9)
        #expect(abs(found.value - 0.25) < 1e-12)
        #expect(found.states == [.atUpper, .free])
        #expect(found.point[0] == 0.5)
    }

    @Test func aStartOutsideIsMovedInside() throws {
        let bounds = try Bounds(lower: [1.5, -5], upper: [3, 5])
        let found = try BoundedMinimiser().minimise(Valley(dimension: 2), from: [-100, 100], bounds: bounds)
        #expect(found.point[0] == 1.5)
        #expect(abs(found.point[1] - 2.25) < 1e-9)
    }

    @Test func stepsWhereTheFunctionIsUndefinedAreShortened() throws {
        let found = try BoundedMinimiser().minimise(Barrier(), from: [40], bounds: .none(1))
        #expect(abs(found.point[0] - 1) < 1e-7)
    }

    @Test(arguments: 0..<30 as Range<UInt64>) func quadraticProblemsAgreeWithTheExactSolver(seed: UInt64)
        throws
    {
        let problem = Problems.random(seed: seed)
        let bounds = try Problems.tightBounds(problem.stateCount, seed: seed)
        let exact = try BoundedSolver.solve(problem, bounds: bounds)
        let density = try GaussianDensity(problem, bounds: bounds)
        let found = try density.mostProbable(
            from: problem.priorMean,
            minimiser: BoundedMinimiser(tolerance: 1e-9)
        )
        #expect(distance(found.point, exact.mean) < 1e-8)
        #expect(found.states == exact.states)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func withoutBoundsItIsTheGaussianSolution(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let found = try GaussianDensity(problem).mostProbable(
            from: problem.priorMean,
            minimiser: BoundedMinimiser(tolerance: 1e-10)
        )
        #expect(distance(found.point, try GaussianSolver.solve(problem).mean) < 1e-8)
    }

    @Test func aSearchThatIsCutShortSaysSo() {
        let minimiser = BoundedMinimiser(maximumIterations: 3)
        do {
            _ = try minimiser.minimise(Valley(dimension: 2), from: [-1.2, 1], bounds: .none(2))
            Issue.record("three steps are not enough")
        } catch {
            guard case .notConverged(_, let iterations, let residual) = error else {
                Issue.record("unexpected \(error)")
                return
            }
            #expect(iterations == 3)
            #expect(residual > 1e-8)
        }
    }

    @Test func badStartsAreRefused() {
        let minimiser = BoundedMinimiser()
        #expect(throws: InversionError.notFinite("start", index: 1)) {
            try minimiser.minimise(Valley(dimension: 2), from: [0, .nan], bounds: .none(2))
        }
        #expect(throws: InversionError.wrongLength(of: "start", expected: 2, actual: 1)) {
            try minimiser.minimise(Valley(dimension: 2), from: [0], bounds: .none(2))
        }
        #expect(throws: InversionError.notFinite("value at the start", index: 0)) {
            try minimiser.minimise(Barrier(), from: [-1], bounds: .none(1))
        }
    }
}
