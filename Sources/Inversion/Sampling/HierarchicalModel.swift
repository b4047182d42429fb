import Foundation
public import LinearAlgebra

/// A linear model whose error grows with the enhancement it explains, by factors that are parameters themselves.
///
/// As in RHIME (Ganesan et al. 2014, ACP 14, 3855; Say et al. 2022): y = H x + e with independent
/// e_i ~ N(0, ε_i²), ε_i² = err_i² + (σ_g |h_i|)^1.99, at least `minimumError` squared. Here h_i is the part of
/// H x from the columns that `isEnhancement` marks, without background or offsets, and g the group of observation i,
/// such as a site and a month. The parameters are x, then one σ for each group. Because ε depends on the
/// parameters, ln ε is a part of the density and of its gradient.
public struct HierarchicalModel: LogDensity {
    /// H, observations x states.
    public let jacobian: Matrix
    /// y, in the unit of H x.
    public let observations: [Double]
    /// err, standard deviations known beforehand.
    public let observationSigma: [Double]
    /// Floor of ε; zero where there is none.
    public let minimumError: [Double]
    /// Index of the σ of each observation.
    public let errorGroups: [Int]
    /// Priors of x, then of σ, in the order of the parameters.
    public let priors: [ParameterPrior]
    /// Columns whose signal the transport model may get wrong in proportion.
    public let isEnhancement: [Bool]
    public let exponent: Double
    /// H with zeros in the columns that are no enhancement.
    private let enhancement: Matrix

    /// - Parameters:
    ///   - statePriors: one for each column of the Jacobian.
    ///   - isEnhancement: one for each column; nil marks all.
    ///   - errorPriors: one for each group, on positive numbers; in the unit of the observations to a power that
    ///     makes σ |h| one, as good as a relative error.
    ///   - errorGroups: nil puts all observations into the first group.
    ///   - minimumError: nil for none.
    /// - Throws: ``InversionError`` that names the first part that does not fit.
    public init(
        jacobian: Matrix,
        observations: [Double],
        observationSigma: [Double],
        statePriors: [ParameterPrior],
        errorPriors: [ParameterPrior],
        isEnhancement: [Bool]? = nil,
        errorGroups: [Int]? = nil,
        minimumError: [Double]? = nil,
        exponent: Double = 1.99
    ) throws(InversionError) {
        self.jacobian = jacobian
        self.observations = observations
        self.observationSigma = observationSigma
        self.minimumError = minimumError ?? [Double](repeating: 0, count: observations.count)
        self.errorGroups = errorGroups ?? [Int](repeating: 0, count: observations.count)
        self.isEnhancement = isEnhancement ?? [Bool](repeating: true, count: jacobian.columns)
        self.exponent = exponent
        priors = statePriors + errorPriors
        var enhancement = jacobian
        if self.isEnhancement.count == jacobian.columns {
            enhancement.scaleColumns(by: self.isEnhancement.map { $0 ? 1 : 0 })
        }
        self.enhancement = enhancement
        try validate(states: statePriors.count, groups: errorPriors.count)
    }

    private func validate(states: Int, groups: Int) throws(InversionError) {
        guard !observations.isEmpty else { throw .empty("observations") }
        guard states > 0 else { throw .empty("state") }
        guard groups > 0 else { throw .empty("error groups") }
        let count = observations.count
        try checkLength("rows of the jacobian", jacobian.rows, count)
        try checkLength("columns of the jacobian", jacobian.columns, states)
        try checkLength("enhancement flags", isEnhancement.count, states)
        try checkFinite("jacobian", jacobian.storage)
        try checkFinite("observation_value", observations)
        try ErrorModel.independent(observationSigma).validate("observation", count: count)
        try checkLength("minimum errors", minimumError.count, count)
        try checkFinite("minimum errors", minimumError)
        try checkLength("error groups", errorGroups.count, count)
        if let index = errorGroups.firstIndex(where: { !(0..<groups).contains($0) }) {
            throw .wrongLength(of: "error priors", expected: errorGroups[index] + 1, actual: groups)
        }
        guard exponent > 0, exponent.isFinite else {
            throw .notPositive("exponent of the error", index: 0, value: exponent)
        }
        for (index, prior) in priors.enumerated() {
            try prior.validate(index < states ? "prior" : "error prior", index: index)
            if index >= states, prior.support.lower < 0 {
                throw .notPositive("error prior", index: index - states, value: prior.support.lower)
            }
        }
    }

    public var dimension: Int { priors.count }
    public var supports: [Support] { priors.map { $0.support } }
    public var scales: [Double] { priors.map { $0.unboundedScale } }
    /// Number of elements of x.
    public var stateCount: Int { jacobian.columns }
    /// A start for samplers and minimisers.
    public var typicalPoint: [Double] { priors.map { $0.typicalValue } }

    /// H x.
    public func modelled(_ point: [Double]) -> [Double] { jacobian.times(Array(point[..<stateCount])) }

    /// ε of each observation.
    public func errors(_ point: [Double]) -> [Double] {
        let signals = enhancement.times(Array(point[..<stateCount]))
        return observations.indices.map { index in
            error(index, signal: signals[index], scale: point[stateCount + errorGroups[index]]).variance
                .squareRoot()
        }
    }

    public func logDensity(at point: [Double], gradient: inout [Double]) -> Double {
        let state = Array(point[..<stateCount])
        let modelled = jacobian.times(state)
        let signals = enhancement.times(state)
        var byModel = [Double](repeating: 0, count: observations.count)
        var bySignal = byModel
        var sum = 0.0
        for (index, prior) in priors.enumerated() {
            let term = prior.logDensity(point[index])
            sum += term.value
            gradient[index] = term.slope
        }
        for index in observations.indices {
            let group = stateCount + errorGroups[index]
            let error = error(index, signal: signals[index], scale: point[group])
            let residual = observations[index] - modelled[index]
            let square = residual * residual / error.variance
            sum -= (square + log(error.variance)) / 2
            byModel[index] = residual / error.variance
            let byVariance = (square - 1) / (2 * error.variance)
            bySignal[index] = byVariance * error.bySignal
            gradient[group] += byVariance * error.byScale
        }
        add(jacobian.transposedTimes(byModel), enhancement.transposedTimes(bySignal), to: &gradient)
        return sum
    }

    private func add(_ first: [Double], _ second: [Double], to gradient: inout [Double]) {
        for index in first.indices { gradient[index] += first[index] + second[index] }
    }

    /// ε² and its derivatives; these are zero where the floor holds.
    @inline(__always)
    private func error(_ index: Int, signal: Double, scale: Double) -> ErrorTerm {
        let own = observationSigma[index] * observationSigma[index]
        let size = abs(signal)
        let product = scale * size
        let part = product > 0 ? exponentiated(product) : 0
        let floor = minimumError[index] * minimumError[index]
        guard own + part >= floor, product > 0 else {
            return ErrorTerm(variance: max(own + part, floor), bySignal: 0, byScale: 0)
        }
        let slope = exponent * part
        return ErrorTerm(variance: own + part, bySignal: slope / signal, byScale: slope / scale)
    }

    @inline(__always)
    private func exponentiated(_ base: Double) -> Double { exponent == 2 ? base * base : pow(base, exponent) }
}

private struct ErrorTerm {
    let variance: Double
    let bySignal: Double
    let byScale: Double
}
