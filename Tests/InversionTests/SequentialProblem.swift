import Foundation
import Inversion
import LinearAlgebra
import TestSupport

/// Random periods with observations that see some periods back, and the one batch problem that they make together.
struct SequentialProblem {
    let model: SequentialModel
    let priors: [PeriodPrior]
    /// One batch a period.
    let batches: [PeriodObservations]

    /// - Parameters:
    ///   - reach: periods that an observation sees, its own included.
    ///   - persistence: one value for every element.
    init(
        seed: UInt64,
        periods: Int,
        elements: Int = 3,
        reach: Int,
        window: Int,
        persistence: Double,
        lowerBounds: [Double?]? = nil
    ) throws {
        var random = SeededGenerator(seed: seed)
        func vector(_ count: Int) -> [Double] { (0..<count).map { _ in random.normal() } }
        var prior = Matrix.productTransposed(
            of: Matrix(rows: elements, columns: elements + 2, storage: vector(elements * (elements + 2)))
        )
        prior.addToDiagonal([Double](repeating: 0.3, count: elements))
        let first = 40
        let full = seed % 2 == 1
        model = try SequentialModel(
            elementNames: (0..<elements).map { "e\($0)" },
            priorError: full ? .covariance(prior) : .independent((0..<elements).map { 0.5 + Double($0) }),
            persistence: [Double](repeating: persistence, count: elements),
            windowPeriods: window,
            totals: [
                TotalOverTime(name: "all", weights: [Double](repeating: 1, count: elements)),
                TotalOverTime(name: "some", weights: vector(elements), first: first + 1, last: first + 4),
            ],
            lowerBounds: lowerBounds
        )
        var priors: [PeriodPrior] = []
        var batches: [PeriodObservations] = []
        for period in 0..<periods {
            priors.append(
                PeriodPrior(
                    index: first + period,
                    mean: vector(elements),
                    scale: (0..<elements).map { _ in 0.5 + random.uniform() },
                    duration: 1 + random.uniform()
                )
            )
            let count = 1 + Int(random.next() % 6)
            batches.append(
                PeriodObservations(
                    key: "day \(period)",
                    period: first + period,
                    values: vector(count),
                    error: .independent((0..<count).map { _ in 0.2 + random.uniform() }),
                    jacobians: (0..<min(reach, period + 1)).map { _ in
                        Matrix(rows: count, columns: elements, storage: vector(count * elements))
                    }
                )
            )
        }
        self.priors = priors
        self.batches = batches
    }

    var elements: Int { model.elementNames.count }

    /// The periods up to the given number, and the observations of them, solved at once.
    func batchProblem(periods: Int) -> LinearProblem {
        let states = periods * elements
        let taken = batches.prefix(periods)
        var rows: [Double] = []
        for (period, batch) in taken.enumerated() {
            for row in batch.values.indices {
                var line = [Double](repeating: 0, count: states)
                for (lag, block) in batch.jacobians.enumerated() {
                    for element in 0..<elements {
                        line[(period - lag) * elements + element] = block[row, element]
                    }
                }
                rows += line
            }
        }
        let values = taken.flatMap(\.values)
        return LinearProblem(
            jacobian: Matrix(rows: values.count, columns: states, storage: rows),
            observations: values,
            observationError: .independent(taken.flatMap { $0.error.sigma }),
            priorMean: priors.prefix(periods).flatMap(\.mean),
            priorError: .covariance(jointPrior(periods: periods)),
            stateNames: (0..<states).map { "s\($0)" }
        )
    }

    private func jointPrior(periods: Int) -> Matrix {
        let states = periods * elements
        let block = model.priorError.matrix
        var joint = Matrix(rows: states, columns: states)
        for first in 0..<states {
            for second in 0..<states {
                let (p, i, q, j) = (first / elements, first % elements, second / elements, second % elements)
                let share = p == q ? 1 : pow(model.persistence[i], Double(abs(p - q)))
                joint[first, second] = share * priors[p].scale[i] * block[i, j] * priors[q].scale[j]
            }
        }
        joint.mirrorLowerTriangle()
        return joint
    }

    /// Weights of the totals over the first periods.
    func totalWeights(periods: Int) -> Matrix {
        var weights = Matrix(rows: model.totals.count, columns: periods * elements)
        for (row, total) in model.totals.enumerated() {
            for (position, period) in priors.prefix(periods).enumerated() {
                guard period.index >= total.first ?? .min, period.index <= total.last ?? .max else {
                    continue
                }
                for element in 0..<elements {
                    weights[row, position * elements + element] = total.weights[element] * period.duration
                }
            }
        }
        return weights
    }

    /// A smoother that took the first periods in order.
    func smoother(periods: Int) throws -> (smoother: FixedLagSmoother, retired: [RetiredPeriod]) {
        var smoother = try FixedLagSmoother(model: model, first: priors[0])
        var retired: [RetiredPeriod] = []
        for period in 0..<periods {
            if period > 0, let product = try smoother.begin(priors[period]) { retired.append(product) }
            _ = try smoother.take(batches[period])
        }
        return (smoother, retired)
    }
}
