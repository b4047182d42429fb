public import LinearAlgebra
public import Quantities

/// The final word on a period that left the window.
public struct RetiredPeriod: Equatable, Sendable {
    public let prior: PeriodPrior
    /// Posterior mean of the elements, at or above the bounds where there are any.
    public let mean: [Double]
    /// Posterior covariance among the elements of this period; zero for those held at a bound. Covariance with other
    /// periods is kept where it is needed, in the totals over time.
    public let covariance: Matrix
    /// The mean before bounds.
    public let unboundedMean: [Double]
    /// Elements that were held at their lower bound; empty when bounds did not act.
    public let atBound: [Int]
}

/// What is known of the open periods and of the totals over time at one moment.
public struct WindowEstimate: Equatable, Sendable {
    /// Open periods, oldest first.
    public let periods: [Int]
    public let elementNames: [String]
    /// Period by period; the most probable state under the bounds where there are any.
    public let mean: [Double]
    /// Covariance of all elements of all open periods; given that elements at their bounds stay there.
    public let covariance: Matrix
    /// Elements at their lower bound; empty when bounds did not act.
    public let atBound: [BoundedElement]
    public let totalNames: [String]
    /// Totals over retired and open periods, in the unit of their weights.
    public let totals: [Double]
    public let totalsCovariance: Matrix

    /// An element of an open period that would lie below its bound.
    public struct BoundedElement: Equatable, Sendable {
        public let period: Int
        public let element: Int

        public init(period: Int, element: Int) {
            self.period = period
            self.element = element
        }
    }

    public var sigma: [Double] { covariance.diagonal.map(standardDeviation(ofVariance:)) }

    public var totalEstimates: [Estimate] {
        zip(totals, totalsCovariance.diagonal).map {
            Estimate(mean: $0, standardDeviation: standardDeviation(ofVariance: $1))
        }
    }

    /// Where the elements of an open period stand in `mean`; nil for a period that is not open.
    public func elements(of period: Int) -> Range<Int>? {
        guard let position = periods.firstIndex(of: period) else { return nil }
        return (position * elementNames.count)..<((position + 1) * elementNames.count)
    }
}

extension FixedLagSmoother {
    /// The estimate with all that was taken so far.
    ///
    /// - Parameter isBounded: false leaves the lower bounds of the model aside.
    /// - Throws: ``SequentialError`` when the covariance of elements at their bounds is singular.
    public func estimate(isBounded: Bool = true) throws(SequentialError) -> WindowEstimate {
        let nearest: NearestPhysicalState
        do {
            nearest = try NearestPhysicalState(
                mean: state.mean,
                covariance: state.covariance,
                bounds: isBounded ? bounds : []
            )
        } catch { throw .problem(.algebra("window covariance", error)) }
        let kept = model.totals.count..<state.mean.count
        let weights = totalWeights
        var totalsCovariance = weights.times(nearest.covariance).timesTransposed(weights)
        totalsCovariance.mirrorLowerTriangle()
        return WindowEstimate(
            periods: periods.map(\.index),
            elementNames: model.elementNames,
            mean: Array(nearest.mean[kept]),
            covariance: nearest.covariance.square(kept),
            atBound: nearest.atBound.map { element in
                let place = element - kept.lowerBound
                return WindowEstimate.BoundedElement(
                    period: periods[place / model.elementCount].index,
                    element: place % model.elementCount
                )
            },
            totalNames: model.totals.map(\.name),
            totals: weights.times(nearest.mean),
            totalsCovariance: totalsCovariance
        )
    }

    /// Lower bounds of the joint state.
    private var bounds: [(element: Int, value: Double)] {
        guard let lowerBounds = model.lowerBounds else { return [] }
        return periods.indices.flatMap { position in
            zip(elements(ofPeriod: position), lowerBounds).compactMap { element, bound in
                bound.map { (element: element, value: $0) }
            }
        }
    }

    /// What totals of the whole time are in terms of the joint state: what has been retired, and the open periods.
    private var totalWeights: Matrix {
        var weights = Matrix(rows: model.totals.count, columns: state.mean.count)
        for (row, total) in model.totals.enumerated() {
            weights[row, row] = 1
            for (position, period) in periods.enumerated() {
                for (column, weight) in zip(elements(ofPeriod: position), total.weights(in: period)) {
                    weights[row, column] = weight
                }
            }
        }
        return weights
    }
}

extension Matrix {
    /// The block of the given rows and columns.
    fileprivate func square(_ range: Range<Int>) -> Matrix {
        var result = Matrix(rows: range.count, columns: range.count)
        for (row, source) in range.enumerated() {
            for (column, from) in range.enumerated() { result[row, column] = self[source, from] }
        }
        return result
    }
}
