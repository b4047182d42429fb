import LinearAlgebra

/// A linear inversion that goes on from day to day: each period's observations correct the state of the last
/// periods, and the oldest period leaves the window as a product when a new one begins.
///
/// While nothing is retired the result is that of one batch solve of all that was taken, in whatever order it came.
/// After that the open periods and the totals over time still are, as long as no observation sees a retired period;
/// only the product of a retired period does not change any more and lacks what later observations would have taught.
/// Lower bounds, where given, act on what is reported and on periods that retire, never on the open state, which
/// therefore remains independent of the order of arrival.
public struct FixedLagSmoother: Equatable, Sendable {
    public let model: SequentialModel
    /// Priors of the open periods, oldest first; never empty.
    public internal(set) var periods: [PeriodPrior]
    var state: JointState
    /// Keys of what was taken for open periods, with the period of each.
    var taken: [String: Int] = [:]
    /// Observations taken since the beginning.
    public internal(set) var observationCount = 0
    /// Sum of ln p(y) of all that was taken.
    public internal(set) var logEvidence = 0.0
    /// Sum of the innovation chi2 of all that was taken.
    public internal(set) var chiSquare = 0.0
    /// Batches refused because their period, or one that they see, was retired.
    public internal(set) var refusedLate = 0
    /// Elements of retired periods that were held at their bound.
    public internal(set) var heldAtBound = 0

    /// - Throws: ``SequentialError`` when the prior does not fit the model.
    public init(model: SequentialModel, first: PeriodPrior) throws(SequentialError) {
        try first.validate(model)
        self.model = model
        periods = []
        state = JointState(known: model.totals.count)
        try append(first)
    }

    public var oldestPeriod: Int { periods.first?.index ?? 0 }
    public var newestPeriod: Int { periods.last?.index ?? 0 }

    /// Begins the next period, and retires the oldest when the window is full.
    ///
    /// - Returns: the product of the period that was retired.
    /// - Throws: ``SequentialError``; the smoother is then as it was.
    public mutating func begin(_ period: PeriodPrior) throws(SequentialError) -> RetiredPeriod? {
        let (expected, overflow) = newestPeriod.addingReportingOverflow(1)
        guard !overflow, period.index == expected else {
            throw .outOfOrder(expected: expected, actual: period.index)
        }
        try period.validate(model)
        var next = self
        try next.append(period)
        let retired = try next.periods.count > model.windowPeriods ? next.retireOldest() : nil
        do { try next.state.compress() } catch { throw .problem(.algebra("window covariance", error)) }
        self = next
        return retired
    }

    /// Takes observations of an open period, early or late, in any order.
    ///
    /// - Returns: how they compare with what was expected.
    /// - Throws: ``SequentialError``; the state is then as it was, and ``refusedLate`` counts what came too late.
    public mutating func take(_ batch: PeriodObservations) throws(SequentialError) -> InnovationStatistics {
        do { try admit(batch) } catch {
            switch error {
            case .retired, .reachesBehindWindow: refusedLate += 1
            default: break
            }
            throw error
        }
        try batch.validate(model)
        var next = state
        let statistics: InnovationStatistics
        do throws(InversionError) {
            let observed = try whitened(batch)
            do { statistics = try next.update(observed) } catch {
                throw InversionError.algebra("innovation covariance", error)
            }
        } catch { throw .problem(error) }
        state = next
        taken[batch.key] = batch.period
        observationCount += statistics.count
        logEvidence += statistics.logEvidence
        chiSquare += statistics.chiSquare
        return statistics
    }

    private func admit(_ batch: PeriodObservations) throws(SequentialError) {
        guard batch.period >= oldestPeriod else {
            throw .retired(key: batch.key, period: batch.period, oldest: oldestPeriod)
        }
        guard batch.period <= newestPeriod else {
            throw .notBegun(key: batch.key, period: batch.period, newest: newestPeriod)
        }
        guard taken[batch.key] == nil else { throw .alreadyTaken(key: batch.key) }
        let reach = batch.period - oldestPeriod
        if let lag = batch.jacobians.indices.last(where: { $0 > reach && batch.sees(lag: $0) }) {
            throw .reachesBehindWindow(key: batch.key, period: batch.period - lag, oldest: oldestPeriod)
        }
    }

    private func whitened(_ batch: PeriodObservations) throws(InversionError) -> WhitenedObservations {
        let factor = try ErrorFactor(batch.error, name: "observation_covariance")
        var projected = Matrix(rows: batch.values.count, columns: state.root.columns)
        var innovations = batch.values
        for (lag, jacobian) in batch.jacobians.enumerated() where batch.sees(lag: lag) {
            let block = elements(ofPeriod: batch.period - oldestPeriod - lag)
            let part = jacobian.times(state.root.rows(block))
            for index in part.storage.indices { projected.storage[index] += part.storage[index] }
            let modelled = jacobian.times(Array(state.mean[block]))
            for index in modelled.indices { innovations[index] -= modelled[index] }
        }
        return WhitenedObservations(
            projectedRoot: factor.whiten(projected),
            innovations: factor.whiten(innovations),
            errorLogDeterminant: factor.logDeterminant
        )
    }
}

extension PeriodObservations {
    /// Whether any value depends on the state that many periods before.
    fileprivate func sees(lag: Int) -> Bool { jacobians[lag].storage.contains { $0 != 0 } }
}

extension FixedLagSmoother {
    /// Where the elements of the given open period stand in the joint state.
    func elements(ofPeriod position: Int) -> Range<Int> {
        let start = model.totals.count + position * model.elementCount
        return start..<(start + model.elementCount)
    }

    /// x - prior = φ (s / s_before) (x_before - prior_before) + s sqrt(1 - φ²) L e with B = L·Lᵀ.
    private mutating func append(_ period: PeriodPrior) throws(SequentialError) {
        let root: Matrix
        do {
            let identity = Matrix(diagonal: [Double](repeating: 1, count: model.elementCount))
            root = try ErrorFactor(model.priorError, name: "prior_covariance").multiply(identity)
        } catch { throw .problem(error) }
        var innovation = root
        guard let before = periods.last else {
            innovation.scaleRows(by: period.scale)
            state.append(mean: period.mean, factors: period.scale, source: nil, innovation: innovation)
            periods.append(period)
            return
        }
        let source = elements(ofPeriod: periods.count - 1)
        var factors: [Double] = []
        var mean: [Double] = []
        var scales: [Double] = []
        for element in period.mean.indices {
            let share = model.persistence[element]
            let factor = share * period.scale[element] / before.scale[element]
            factors.append(factor)
            let departure = state.mean[source.lowerBound + element] - before.mean[element]
            mean.append(period.mean[element] + factor * departure)
            scales.append(period.scale[element] * (1 - share * share).squareRoot())
        }
        innovation.scaleRows(by: scales)
        state.append(mean: mean, factors: factors, source: source, innovation: innovation)
        periods.append(period)
    }

    private mutating func retireOldest() throws(SequentialError) -> RetiredPeriod {
        let period = periods.removeFirst()
        let block = elements(ofPeriod: 0)
        let unbounded = Array(state.mean[block])
        let held = try holdAtBounds(block)
        let product = RetiredPeriod(
            prior: period,
            mean: Array(state.mean[block]),
            covariance: .productTransposed(of: state.root.rows(block)),
            unboundedMean: unbounded,
            atBound: held
        )
        for (target, total) in model.totals.enumerated() {
            state.accumulate(into: target, total.weights(in: period), from: block)
        }
        state.remove(block)
        taken = taken.filter { $0.value > period.index }
        heldAtBound += held.count
        return product
    }

    /// Fixes at their bounds those elements of a period that the most probable bounded state has there.
    private mutating func holdAtBounds(_ block: Range<Int>) throws(SequentialError) -> [Int] {
        guard let lowerBounds = model.lowerBounds else { return [] }
        let bounds = lowerBounds.enumerated().compactMap { element, bound in
            bound.map { (element: element, value: $0) }
        }
        let nearest: NearestPhysicalState
        do {
            nearest = try NearestPhysicalState(
                mean: Array(state.mean[block]),
                covariance: .productTransposed(of: state.root.rows(block)),
                bounds: bounds
            )
        } catch { throw .problem(.algebra("covariance of the retiring period", error)) }
        for element in nearest.atBound {
            if let bound = lowerBounds[element] { state.fix(block.lowerBound + element, at: bound) }
        }
        return nearest.atBound
    }
}
