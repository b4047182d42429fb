public import Inversion
public import Quantities

/// What a sequential inversion knows at one moment.
public struct SequentialResult: Sendable {
    public let elementNames: [String]
    public let totalNames: [String]
    /// Retired and open periods, oldest first.
    public let periods: [PeriodResult]
    /// Means over all of this time, of the totals; the covariance between periods is in them.
    public let timeMeans: [Estimate]
    /// Observations taken since the beginning, chi2 of their innovations over their number, and ln p(y).
    public let observations: Int
    public let chiSquareRatio: Double
    public let logEvidence: Double
}

extension SequentialRun {
    /// - Throws: ``SequentialError`` when the covariance of elements at their bounds is singular.
    public func result() throws(SequentialError) -> SequentialResult {
        let model = smoother.model
        let estimate = try smoother.estimate()
        var open: [PeriodResult] = []
        for prior in smoother.periods {
            guard let place = estimate.elements(of: prior.index) else { continue }
            open.append(
                PeriodResult(
                    open: prior,
                    of: estimate,
                    at: place,
                    observations: observationCount(of: prior.index),
                    priorSigma: model.priorError.sigma,
                    totals: model.totals
                )
            )
        }
        let periods = retired + open
        let days = Double(periods.count) * settings.periodDays
        return SequentialResult(
            elementNames: model.elementNames,
            totalNames: model.totals.map(\.name),
            periods: periods,
            timeMeans: estimate.totalEstimates.map {
                Estimate(mean: $0.mean / days, standardDeviation: $0.standardDeviation / days)
            },
            observations: smoother.observationCount,
            chiSquareRatio: smoother.observationCount > 0
                ? smoother.chiSquare / Double(smoother.observationCount) : 0,
            logEvidence: smoother.logEvidence
        )
    }
}
