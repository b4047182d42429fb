import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct WithheldGroupTests {
    /// Three groups of a random problem; every seventh observation is in none.
    static func groups(_ count: Int) -> LabelGroups {
        LabelGroups(labels: (0..<count).map { $0 % 7 == 6 ? "" : ["north", "south", "car"][$0 % 3] })
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func aGroupIsLeftOutAsIfItHadNeverBeen(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let posterior = try GaussianSolver.solve(problem)
        let groups = Self.groups(problem.observationCount)
        for group in try Diagnostics.withheldGroups(of: problem, posterior, groups: groups) {
            let refit = try Refit(problem, group.observations)
            #expect(distance(group.residuals, refit.residuals) < 1e-10)
            #expect(distance(group.residualSigma, refit.sigma) < 1e-10)
            #expect(abs(group.chiSquare - refit.chiSquare) < 1e-10 * max(1, refit.chiSquare))
            let change = zip(posterior.mean, refit.mean).map { $0 - $1 }
            #expect(distance(group.meanChange, change) < 1e-10)
            #expect(distance(group.sigmaWithout, refit.stateSigma) < 1e-10)
            #expect(abs(group.informationAdded - refit.information) < 1e-9)
            let alone = problem.keeping(observations: group.observations)
            let solved = try GaussianSolver.solve(alone)
            #expect(abs(group.informationAlone - (try Diagnostics.information(of: alone, solved))) < 1e-9)
        }
    }

    /// Where hardly anything but the group determines the state, the downdate would lose all digits.
    @Test func aGroupThatKnowsNearlyEverythingLosesNoDigits() throws {
        var problem = Problems.random(seed: 4)
        let count = problem.observationCount
        problem.observationError = .independent((0..<count).map { $0 % 2 == 0 ? 1e-5 : 10 })
        let groups = LabelGroups(labels: (0..<count).map { $0 % 2 == 0 ? "sharp" : "" })
        let posterior = try GaussianSolver.solve(problem)
        let group = try Diagnostics.withheldGroups(of: problem, posterior, groups: groups)[0]
        let refit = try Refit(problem, group.observations)
        #expect(distance(group.residuals, refit.residuals) < 1e-10)
        #expect(distance(group.sigmaWithout, refit.stateSigma) < 1e-10)
    }

    @Test func withoutAnyObservationThePriorPredicts() throws {
        let problem = Problems.pair
        let posterior = try GaussianSolver.solve(problem)
        let all = LabelGroups(labels: ["all", "all"])
        let group = try #require(try Diagnostics.withheldGroups(of: problem, posterior, groups: all).first)
        #expect(distance(group.residuals, problem.innovations) < 1e-13)
        #expect(abs(group.chiSquare - posterior.innovationChiSquare) < 1e-12)
        #expect(distance(group.sigmaWithout, posterior.priorSigma) < 1e-13)
        #expect(abs(group.informationAdded - group.informationAlone) < 1e-12)
    }

    @Test func singleObservationsGiveTheResidualsOfTheReference() throws {
        let posterior = try GaussianSolver.solve(Problems.pair)
        let each = LabelGroups(labels: ["first", "second"])
        let groups = try Diagnostics.withheldGroups(of: Problems.pair, posterior, groups: each)
        let reference = [0.6848998459168, -0.5814917127071827]
        #expect(distance(groups.flatMap(\.residuals), reference) < 1e-12)
    }

    @Test func theScalarGivesItsBits() throws {
        for space in [SolutionSpace.state, .observation] {
            let posterior = try GaussianSolver.solve(Problems.scalar, space: space)
            let bits = try Diagnostics.information(of: Problems.scalar, posterior)
            #expect(abs(bits - 2.0437314206) < 1e-10)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func bothSpacesTellTheSameBits(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let values = try [SolutionSpace.state, .observation].map { space in
            try Diagnostics.information(of: problem, try GaussianSolver.solve(problem, space: space))
        }
        #expect(abs(values[0] - values[1]) < 1e-9)
    }

    @Test func labelsOfAnotherProblemAreRefused() throws {
        let posterior = try GaussianSolver.solve(Problems.pair)
        #expect(throws: InversionError.wrongLength(of: "groups", expected: 2, actual: 3)) {
            try Diagnostics.withheldGroups(
                of: Problems.pair,
                posterior,
                groups: LabelGroups(labels: ["a", "b", "c"])
            )
        }
    }
}

/// A group left out the long way: solved without it, and predicted with all correlations.
struct Refit {
    var mean: [Double]
    var stateSigma: [Double]
    var residuals: [Double]
    var sigma: [Double]
    var chiSquare: Double
    private let predicted: Cholesky
    private let errorGivenOthers: Cholesky

    init(_ problem: LinearProblem, _ members: [Int]) throws {
        let others = problem.observations.indices.filter { !members.contains($0) }
        let noise = problem.observationError.matrix
        let prior = problem.priorError.matrix
        // Everything in one joint normal distribution of (state, all observations), conditioned on the others.
        let jacobian = problem.jacobian
        let cross = jacobian.times(prior)
        var joint = cross.timesTransposed(jacobian)
        for index in joint.storage.indices { joint.storage[index] += noise.storage[index] }
        func block(_ matrix: Matrix, _ rows: [Int], _ columns: [Int]) -> Matrix {
            let values = rows.flatMap { row in columns.map { matrix[row, $0] } }
            return Matrix(rows: rows.count, columns: columns.count, storage: values)
        }
        let states = Array(0..<problem.stateCount)
        let factor = try Cholesky(factoring: block(joint, others, others))
        let weights = factor.solve(others.map { problem.innovations[$0] })
        let ahead = block(joint, others, members)
        residuals = zip(members.map { problem.innovations[$0] }, ahead.transposedTimes(weights)).map {
            $0 - $1
        }
        let spread = block(cross, others, states)
        mean = zip(problem.priorMean, spread.transposedTimes(weights)).map { $0 + $1 }
        var covariance = prior
        covariance.addTransposedProduct(of: factor.forwardSolve(spread), scale: -1)
        stateSigma = covariance.diagonal.map { $0.squareRoot() }
        var own = block(joint, members, members)
        own.addTransposedProduct(of: factor.forwardSolve(ahead), scale: -1)
        sigma = own.diagonal.map { $0.squareRoot() }
        predicted = try Cholesky(factoring: own)
        chiSquare = zip(residuals, predicted.solve(residuals)).reduce(0) { $0 + $1.0 * $1.1 }
        var error = block(noise, members, members)
        let errorFactor = try Cholesky(factoring: block(noise, others, others))
        error.addTransposedProduct(of: errorFactor.forwardSolve(block(noise, others, members)), scale: -1)
        errorGivenOthers = try Cholesky(factoring: error)
    }

    var information: Double {
        (predicted.logDeterminant - errorGivenOthers.logDeterminant) / (2 * 0.693_147_180_559_945_3)
    }
}
