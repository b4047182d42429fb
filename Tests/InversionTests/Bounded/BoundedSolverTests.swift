import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct BoundedSolverTests {
    @Test(arguments: 0..<30 as Range<UInt64>) func aSolutionInsideIsTheGaussianOne(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let gaussian = try GaussianSolver.solve(problem)
        let wide = try Bounds(
            lower: gaussian.mean.map { $0 - 1e-6 },
            upper: gaussian.mean.map { $0 + 1e-6 }
        )
        let bounded = try BoundedSolver.solve(problem, bounds: wide)
        #expect(distance(bounded.mean, gaussian.mean) < 1e-15)
        #expect(bounded.covariance == gaussian.covariance)
        #expect(!bounded.differsFromUnconstrained)
        #expect(bounded.bound.isEmpty)
        #expect(abs(bounded.cost - gaussian.cost) < 1e-12 * (1 + gaussian.cost))
    }

    @Test func theScalarCaseStopsAtItsBound() throws {
        // Without bounds 21/17 with variance 1/17 and cost 1/17.
        let bounded = try BoundedSolver.solve(
            Problems.scalar,
            bounds: Bounds(lower: [1.5], upper: [.infinity])
        )
        #expect(bounded.mean == [1.5])
        #expect(bounded.states == [.atLower])
        #expect(bounded.sigma == [0])
        #expect(abs(bounded.multipliers[0] - 17 * (1.5 - 21.0 / 17)) < 1e-12)
        // (2.5 - 3)² 4 + (1.5 - 1)².
        #expect(abs(bounded.cost - 1.25) < 1e-12)
        #expect(abs(bounded.modelledPosterior[0] - 3) < 1e-15)
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func noOtherPointInsideIsBetter(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let bounds = try Problems.tightBounds(problem.stateCount, seed: seed)
        let bounded = try BoundedSolver.solve(problem, bounds: bounds)
        let slope = try Problems.costSlope(problem, at: bounded.mean)
        for index in bounded.mean.indices {
            let scale = bounded.unconstrained.sigma[index]
            switch bounded.states[index] {
            case .free:
                #expect(abs(slope[index]) * scale < 1e-10)
                #expect(bounded.multipliers[index] == 0)
                #expect(
                    bounds.lower[index] <= bounded.mean[index] && bounded.mean[index] <= bounds.upper[index]
                )
            case .atLower:
                #expect(bounded.mean[index] == bounds.lower[index])
                #expect(slope[index] * scale > -1e-10)
            case .atUpper:
                #expect(bounded.mean[index] == bounds.upper[index])
                #expect(slope[index] * scale < 1e-10)
            }
            #expect(abs(slope[index] - bounded.multipliers[index]) * scale < 1e-9)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func theCovarianceIsThatOfTheFreeElementsGivenTheOthers(
        seed: UInt64
    ) throws {
        let problem = Problems.random(seed: seed)
        let bounds = try Problems.tightBounds(problem.stateCount, seed: seed)
        let bounded = try BoundedSolver.solve(problem, bounds: bounds)
        let free = bounded.states.indices.filter { bounded.states[$0] == .free }
        let precision = try Cholesky(factoring: bounded.unconstrained.covariance).inverse()
        var inner = Matrix(rows: free.count, columns: free.count)
        for (row, from) in free.enumerated() {
            for (column, at) in free.enumerated() { inner[row, column] = precision[from, at] }
        }
        let expected = try Cholesky(factoring: inner).inverse()
        for (row, from) in free.enumerated() {
            for (column, at) in free.enumerated() {
                #expect(abs(bounded.covariance[from, at] - expected[row, column]) < 1e-9)
            }
        }
        for index in bounded.bound {
            #expect((0..<problem.stateCount).allSatisfy { bounded.covariance[index, $0] == 0 })
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>) func manyCorrelatedElementsFindTheirSides(seed: UInt64) throws {
        let problem = Problems.correlatedLine(states: 80, observations: 30, seed: seed)
        let bounds = try Bounds(
            lower: [Double](repeating: -0.1, count: 80),
            upper: [Double](repeating: 0.2, count: 80)
        )
        let bounded = try BoundedSolver.solve(problem, bounds: bounds)
        #expect(bounded.bound.count > 10)
        let slope = try Problems.costSlope(problem, at: bounded.mean)
        for index in bounded.mean.indices {
            let projected =
                bounds.clamped(bounded.mean[index] - slope[index], at: index) - bounded.mean[index]
            #expect(abs(projected) < 1e-9)
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>) func nearlySingularPriorsFindTheirSidesToo(seed: UInt64) throws {
        var problem = Problems.correlatedLine(states: 60, observations: 40, seed: seed)
        var prior = Matrix(rows: 60, columns: 60)
        for row in 0..<60 {
            for column in 0..<60 {
                let distance = Double(row - column) / 6
                prior[row, column] = exp(-distance * distance) + (row == column ? 1e-9 : 0)
            }
        }
        problem.priorError = .covariance(prior)
        let bounds = try Bounds(
            lower: [Double](repeating: -0.05, count: 60),
            upper: [Double](repeating: 0.3, count: 60)
        )
        let bounded = try BoundedSolver.solve(problem, bounds: bounds)
        #expect(bounded.bound.count > 5)
        #expect(bounded.cost > bounded.unconstrained.cost)
        for index in bounded.bound {
            let slope = bounded.multipliers[index] * bounded.unconstrained.sigma[index]
            #expect(bounded.states[index] == .atLower ? slope > -1e-9 : slope < 1e-9)
        }
        // Any step inside the bounds goes up.
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let other = bounds.clamped(bounded.mean.map { $0 + 1e-3 * random.normal() })
            let rise = zip(other, bounded.mean).map { $0 - $1 }
            let slope = zip(rise, bounded.multipliers).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(slope > -1e-9)
        }
    }

    @Test func equalBoundsHoldAnElement() throws {
        let bounds = try Bounds(lower: [1.2, -.infinity], upper: [1.2, .infinity])
        let bounded = try BoundedSolver.solve(Problems.pair, bounds: bounds)
        #expect(bounded.mean[0] == 1.2)
        #expect(bounded.states[1] == .free)
        let slope = try Problems.costSlope(Problems.pair, at: bounded.mean)
        #expect(abs(slope[1]) < 1e-12)
    }

    @Test func boundsThatMakeNoSenseAreRefused() throws {
        #expect(throws: InversionError.boundsCross(index: 1, lower: 2, upper: 1)) {
            try Bounds(lower: [0, 2], upper: [1, 1])
        }
        #expect(throws: InversionError.notFinite("upper bounds", index: 0)) {
            try Bounds(lower: [0], upper: [.nan])
        }
        #expect(throws: InversionError.wrongLength(of: "upper bounds", expected: 1, actual: 2)) {
            try Bounds(lower: [0], upper: [1, 1])
        }
        #expect(throws: InversionError.boundsCross(index: 0, lower: .infinity, upper: .infinity)) {
            try Bounds(lower: [.infinity], upper: [.infinity])
        }
        #expect(throws: InversionError.wrongLength(of: "bounds", expected: 2, actual: 1)) {
            try BoundedSolver.solve(Problems.pair, bounds: .nonNegative(1))
        }
    }
}

extension Problems {
    /// Half the slope of the cost, without the solver: Hᵀ R⁻¹ (H x - y) + B⁻¹ (x - prior).
    static func costSlope(_ problem: LinearProblem, at point: [Double]) throws -> [Double] {
        let misfit = zip(problem.jacobian.times(point), problem.observations).map { $0 - $1 }
        let weighted = try Cholesky(factoring: problem.observationError.matrix).solve(misfit)
        let departure = zip(point, problem.priorMean).map { $0 - $1 }
        let pull = try Cholesky(factoring: problem.priorError.matrix).solve(departure)
        return zip(problem.jacobian.transposedTimes(weighted), pull).map { $0 + $1 }
    }

    /// Boxes of which some exclude the solution, some from one side only.
    static func tightBounds(_ count: Int, seed: UInt64) throws -> Bounds {
        var random = SeededGenerator(seed: seed &+ 1000)
        var lower: [Double] = []
        var upper: [Double] = []
        for index in 0..<count {
            let center = random.normal()
            let width = random.uniform()
            lower.append(index % 4 == 1 ? -.infinity : center - width)
            upper.append(index % 4 == 2 ? .infinity : center + width)
        }
        return try Bounds(lower: lower, upper: upper)
    }

    /// Elements along a line with exponentially correlated prior errors, seen through broad footprints.
    static func correlatedLine(states: Int, observations: Int, seed: UInt64) -> LinearProblem {
        var random = SeededGenerator(seed: seed)
        var prior = Matrix(rows: states, columns: states)
        for row in 0..<states {
            for column in 0..<states { prior[row, column] = exp(-Double(abs(row - column)) / 8) }
        }
        let jacobian = Matrix(
            rows: observations,
            columns: states,
            storage: (0..<(observations * states)).map { _ in random.uniform() * random.uniform() }
        )
        return LinearProblem(
            jacobian: jacobian,
            observations: (0..<observations).map { _ in 3 * random.normal() },
            observationError: .independent([Double](repeating: 0.5, count: observations)),
            priorMean: [Double](repeating: 0, count: states),
            priorError: .covariance(prior),
            stateNames: (0..<states).map { "s\($0)" }
        )
    }
}
