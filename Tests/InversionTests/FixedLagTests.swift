import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct FixedLagTests {
    @Test(arguments: 0..<8 as Range<UInt64>, [0, 0.6, 0.99]) func aWindowOverAllIsTheBatch(
        seed: UInt64,
        persistence: Double
    ) throws {
        let problem = try SequentialProblem(
            seed: seed,
            periods: 6,
            reach: 3,
            window: 6,
            persistence: persistence
        )
        let (smoother, retired) = try problem.smoother(periods: 6)
        #expect(retired.isEmpty)
        let batch = try GaussianSolver.solve(problem.batchProblem(periods: 6))
        let window = try smoother.estimate()
        #expect(distance(window.mean, batch.mean) < 1e-10)
        #expect(distance(window.covariance.storage, batch.covariance.storage) < 1e-10)
        #expect(abs(smoother.logEvidence - batch.logEvidence) < 1e-9)
        #expect(abs(smoother.chiSquare - batch.innovationChiSquare) < 1e-9)
        #expect(smoother.observationCount == batch.modelledPrior.count)
    }

    /// Open periods and totals over time are those of the batch however short the window is, if only no observation
    /// sees what was retired.
    @Test(arguments: 0..<8 as Range<UInt64>, [0, 0.8]) func aShortWindowLosesNothingThatIsOpen(
        seed: UInt64,
        persistence: Double
    ) throws {
        let problem = try SequentialProblem(
            seed: seed,
            periods: 9,
            reach: 2,
            window: 3,
            persistence: persistence
        )
        let (smoother, retired) = try problem.smoother(periods: 9)
        let batch = try GaussianSolver.solve(problem.batchProblem(periods: 9))
        let window = try smoother.estimate()
        let open = (6 * problem.elements)..<(9 * problem.elements)
        #expect(window.periods == [46, 47, 48])
        #expect(distance(window.mean, Array(batch.mean[open])) < 1e-10)
        let block = window.covariance
        for row in 0..<block.rows {
            let expected = (0..<block.columns).map {
                batch.covariance[open.lowerBound + row, open.lowerBound + $0]
            }
            #expect(distance(block.rows(row..<(row + 1)).storage, expected) < 1e-10)
        }
        let weights = problem.totalWeights(periods: 9)
        #expect(distance(window.totals, weights.times(batch.mean)) < 1e-9)
        let covariance = weights.times(batch.covariance).timesTransposed(weights)
        #expect(distance(window.totalsCovariance.storage, covariance.storage) < 1e-9)
        #expect(retired.map(\.prior.index) == Array(40...45))
    }

    /// A retired period has seen what came before it left, and no more.
    @Test(arguments: 0..<6 as Range<UInt64>) func aRetiredPeriodIsTheBatchOfItsTime(seed: UInt64) throws {
        let problem = try SequentialProblem(seed: seed, periods: 7, reach: 3, window: 3, persistence: 0.5)
        let (_, retired) = try problem.smoother(periods: 7)
        for (position, product) in retired.enumerated() {
            let batch = try GaussianSolver.solve(problem.batchProblem(periods: position + 3))
            let block = (position * problem.elements)..<((position + 1) * problem.elements)
            #expect(distance(product.mean, Array(batch.mean[block])) < 1e-10)
            #expect(product.mean == product.unboundedMean)
            let sigma = product.covariance.diagonal.map { $0.squareRoot() }
            #expect(distance(sigma, Array(batch.sigma[block])) < 1e-10)
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>) func lateObservationsInTheWindowAreAsGoodAsEarlyOnes(
        seed: UInt64
    ) throws {
        let problem = try SequentialProblem(seed: seed, periods: 6, reach: 3, window: 6, persistence: 0.7)
        var smoother = try FixedLagSmoother(model: problem.model, first: problem.priors[0])
        for prior in problem.priors.dropFirst() { _ = try smoother.begin(prior) }
        var random = SeededGenerator(seed: seed)
        for batch in problem.batches.shuffled(using: &random) { _ = try smoother.take(batch) }
        let batch = try GaussianSolver.solve(problem.batchProblem(periods: 6))
        let window = try smoother.estimate()
        #expect(distance(window.mean, batch.mean) < 1e-10)
        #expect(distance(window.covariance.storage, batch.covariance.storage) < 1e-10)
        #expect(abs(smoother.logEvidence - batch.logEvidence) < 1e-9)
    }

    @Test(arguments: 0..<8 as Range<UInt64>) func theOrderWithinADayDoesNotMatter(seed: UInt64) throws {
        let problem = try SequentialProblem(seed: seed, periods: 4, reach: 2, window: 4, persistence: 0.3)
        var (smoother, _) = try problem.smoother(periods: 3)
        _ = try smoother.begin(problem.priors[3])
        var other = smoother
        let day = problem.batches[3]
        var random = SeededGenerator(seed: seed)
        let order = day.values.indices.shuffled(using: &random)
        _ = try smoother.take(day)
        _ = try other.take(
            PeriodObservations(
                key: day.key,
                period: day.period,
                values: order.map { day.values[$0] },
                error: .independent(order.map { day.error.sigma[$0] }),
                jacobians: day.jacobians.map { block in
                    Matrix(
                        rows: block.rows,
                        columns: block.columns,
                        storage: order.flatMap { block.rows($0..<($0 + 1)).storage }
                    )
                }
            )
        )
        #expect(distance(try smoother.estimate().mean, try other.estimate().mean) < 1e-12)
        let covariances = try (smoother.estimate().covariance, other.estimate().covariance)
        #expect(distance(covariances.0.storage, covariances.1.storage) < 1e-12)
    }

    @Test func correlatedErrorsOfADayCount() throws {
        let problem = try SequentialProblem(seed: 3, periods: 1, reach: 1, window: 1, persistence: 0)
        let day = problem.batches[0]
        var covariance = Matrix(diagonal: day.error.sigma.map { $0 * $0 + 0.5 })
        for row in 0..<covariance.rows {
            for column in 0..<covariance.columns where row != column { covariance[row, column] = 0.5 }
        }
        var smoother = try FixedLagSmoother(model: problem.model, first: problem.priors[0])
        let statistics = try smoother.take(
            PeriodObservations(
                key: day.key,
                period: day.period,
                values: day.values,
                error: .covariance(covariance),
                jacobians: day.jacobians
            )
        )
        var whole = problem.batchProblem(periods: 1)
        whole.observationError = .covariance(covariance)
        let batch = try GaussianSolver.solve(whole)
        #expect(distance(try smoother.estimate().mean, batch.mean) < 1e-12)
        #expect(abs(statistics.logEvidence - batch.logEvidence) < 1e-11)
    }

    /// An element with persistence one is one unknown for all time, as the offset of an instrument is.
    @Test func whatPersistsForEverIsOneUnknown() throws {
        let model = try SequentialModel(
            elementNames: ["flux", "offset"],
            priorError: .independent([1, 2]),
            persistence: [0, 1],
            windowPeriods: 2
        )
        let prior = { PeriodPrior(index: $0, mean: [0, 0]) }
        var smoother = try FixedLagSmoother(model: model, first: prior(0))
        for day in 0..<200 {
            if day > 0 { _ = try smoother.begin(prior(day)) }
            _ = try smoother.take(
                PeriodObservations(
                    key: "\(day)",
                    period: day,
                    values: [0.5],
                    error: .independent([1]),
                    jacobians: [Matrix(rows: 1, columns: 2, storage: [0, 1])]
                )
            )
        }
        let window = try smoother.estimate()
        let precision = 1.0 / 4 + 200
        #expect(abs(window.mean[3] - 100 / precision) < 1e-12)
        #expect(abs(window.mean[1] - window.mean[3]) < 1e-12)
        #expect(abs(window.covariance[3, 3] - 1 / precision) < 1e-14)
        #expect(abs(window.covariance[1, 3] - 1 / precision) < 1e-14)
    }

    /// A year of days: the covariance must stay what a covariance is.
    @Test(arguments: [0, 0.95, 1]) func theCovarianceStaysOneOverAYear(persistence: Double) throws {
        let problem = try SequentialProblem(
            seed: 5,
            periods: 120,
            reach: 3,
            window: 4,
            persistence: persistence
        )
        var smoother = try FixedLagSmoother(model: problem.model, first: problem.priors[0])
        for day in 0..<120 {
            if day > 0 { _ = try smoother.begin(problem.priors[day]) }
            _ = try smoother.take(problem.batches[day])
            let covariance = try smoother.estimate().covariance
            #expect(covariance.worstAsymmetry == nil)
            let eigen = try SymmetricEigen(decomposing: covariance)
            #expect(eigen.values[0] > -1e-13)
            if persistence < 1 { #expect(eigen.values[0] > 0) }
        }
    }
}

@Suite struct FixedLagRefusalTests {
    private let problem: SequentialProblem
    private var smoother: FixedLagSmoother

    init() throws {
        problem = try SequentialProblem(seed: 1, periods: 6, reach: 2, window: 3, persistence: 0.5)
        smoother = try problem.smoother(periods: 5).smoother
    }

    private mutating func refusal(_ batch: PeriodObservations) -> SequentialError? {
        let before = smoother
        do {
            _ = try smoother.take(batch)
            return nil
        } catch {
            #expect((try? smoother.estimate()) == (try? before.estimate()))
            return error
        }
    }

    @Test mutating func aDayIsTakenOnce() {
        #expect(refusal(problem.batches[4]) == .alreadyTaken(key: "day 4"))
        #expect(smoother.refusedLate == 0)
    }

    @Test mutating func aRetiredPeriodLearnsNothingAndItIsCounted() {
        #expect(refusal(problem.batches[0]) == .retired(key: "day 0", period: 40, oldest: 42))
        let late = problem.batches[2]
        let again = PeriodObservations(
            key: "late",
            period: 42,
            values: late.values,
            error: late.error,
            jacobians: late.jacobians
        )
        #expect(refusal(again) == .reachesBehindWindow(key: "late", period: 41, oldest: 42))
        #expect(smoother.refusedLate == 2)
        #expect(refusal(problem.batches[5]) == .notBegun(key: "day 5", period: 45, newest: 44))
        #expect(smoother.refusedLate == 2)
    }

    @Test mutating func blocksMustFit() {
        let day = problem.batches[4]
        let batch = { (values: [Double], jacobians: [Matrix]) in
            PeriodObservations(key: "new", period: 44, values: values, error: day.error, jacobians: jacobians)
        }
        #expect(
            refusal(batch(day.values + [1], day.jacobians))
                == .problem(
                    .wrongLength(
                        of: "observation_sigma",
                        expected: day.values.count + 1,
                        actual: day.values.count
                    )
                )
        )
        #expect(refusal(batch([], day.jacobians)) == .problem(.empty("observations")))
        #expect(refusal(batch(day.values, [])) == .problem(.empty("jacobian")))
        var values = day.values
        values[0] = .nan
        #expect(refusal(batch(values, day.jacobians)) == .problem(.notFinite("observation_value", index: 0)))
    }

    @Test mutating func whatOverflowsIsRefused() {
        func day(_ sigma: Double) -> PeriodObservations {
            PeriodObservations(
                key: "new",
                period: 44,
                values: [1e300],
                error: .independent([sigma]),
                jacobians: [Matrix(rows: 1, columns: 3)]
            )
        }
        let extreme = InversionError.extreme("observation_sigma", index: 0, value: 1e-200)
        #expect(refusal(day(1e-200)) == .problem(extreme))
        #expect(refusal(day(1e-150)) != nil)
    }

    @Test mutating func periodsFollowOneAnother() {
        #expect(throws: SequentialError.outOfOrder(expected: 45, actual: 46)) {
            try smoother.begin(PeriodPrior(index: 46, mean: [0, 0, 0]))
        }
        #expect(
            throws: SequentialError.problem(
                .wrongLength(of: "prior_mean of period 45", expected: 3, actual: 1)
            )
        ) {
            try smoother.begin(PeriodPrior(index: 45, mean: [0]))
        }
        #expect(smoother.newestPeriod == 44)
    }

    @Test func optionsAreChecked() {
        #expect(throws: SequentialError.badOption("persistence", value: 1.5)) {
            try SequentialModel(
                elementNames: ["a"],
                priorError: .independent([1]),
                persistence: [1.5],
                windowPeriods: 1
            )
        }
        #expect(throws: SequentialError.badOption("periods of the window", value: 0)) {
            try SequentialModel(elementNames: ["a"], priorError: .independent([1]), windowPeriods: 0)
        }
        #expect(throws: SequentialError.mixedPersistence(row: 1, column: 0)) {
            try SequentialModel(
                elementNames: ["a", "b"],
                priorError: Problems.pair.priorError,
                persistence: [0, 1],
                windowPeriods: 1
            )
        }
    }
}
