public import LinearAlgebra

/// The prior of a state that has the same elements in every period, and how many periods stay open.
public struct SequentialModel: Equatable, Sendable {
    /// One name per element.
    public let elementNames: [String]
    /// B, the prior covariance of one period with scale one.
    public let priorError: ErrorModel
    /// Correlation of each element with itself one period later, 0 to 1: elements differ from their prior mean as a
    /// first-order autoregressive process, cov(xₚ, x_q) = φ^|p-q| B. One keeps an element constant, such as the bias
    /// of an instrument; zero makes periods independent.
    public let persistence: [Double]
    /// Periods that learn from new observations. Observations may see as many periods as the window holds; what
    /// they see less is how late they may come.
    public let windowPeriods: Int
    /// Totals over time that are carried along.
    public let totals: [TotalOverTime]
    /// Smallest possible value of each element, nil for one that may have any; nil where emissions are not bounded.
    public let lowerBounds: [Double?]?

    /// - Throws: ``SequentialError`` that names the part at fault.
    public init(
        elementNames: [String],
        priorError: ErrorModel,
        persistence: [Double]? = nil,
        windowPeriods: Int,
        totals: [TotalOverTime] = [],
        lowerBounds: [Double?]? = nil
    ) throws(SequentialError) {
        self.elementNames = elementNames
        self.priorError = priorError
        self.persistence = persistence ?? [Double](repeating: 0, count: elementNames.count)
        self.windowPeriods = windowPeriods
        self.totals = totals
        self.lowerBounds = lowerBounds
        try validate()
    }

    var elementCount: Int { elementNames.count }

    private func validate() throws(SequentialError) {
        guard windowPeriods > 0 else {
            throw .badOption("periods of the window", value: Double(windowPeriods))
        }
        if let share = persistence.first(where: { !(0...1).contains($0) }) {
            throw .badOption("persistence", value: share)
        }
        do throws(InversionError) {
            if elementNames.isEmpty { throw InversionError.empty("state") }
            try priorError.validate("prior", count: elementCount)
            try checkLength("persistence", persistence.count, elementCount)
            for total in totals {
                try checkLength("weights of \(total.name)", total.weights.count, elementCount)
                try checkFinite("weights of \(total.name)", total.weights)
            }
            if let lowerBounds {
                try checkLength("lower bounds", lowerBounds.count, elementCount)
                try checkFinite("lower bounds", lowerBounds.map { $0 ?? 0 })
            }
        } catch { throw .problem(error) }
        try validatePersistence()
    }

    private func validatePersistence() throws(SequentialError) {
        guard case .covariance(let matrix) = priorError else { return }
        for row in 0..<matrix.rows {
            for column in 0..<row where persistence[row] != persistence[column] && matrix[row, column] != 0 {
                throw .mixedPersistence(row: row, column: column)
            }
        }
    }
}

/// A sum over elements and periods, such as the emissions of a country in a year.
///
/// It is a part of the state: observations that come after a period was retired still correct its share in the total
/// through their covariance, so that the total and its variance are those of one batch solve, however short the
/// window is.
public struct TotalOverTime: Equatable, Codable, Sendable {
    public let name: String
    /// What one unit of each element adds to the total per unit of the period's duration.
    public let weights: [Double]
    /// First and last period that count; nil for all.
    public let first: Int?
    public let last: Int?

    public init(name: String, weights: [Double], first: Int? = nil, last: Int? = nil) {
        self.name = name
        self.weights = weights
        self.first = first
        self.last = last
    }

    /// Weight of each element in one period.
    func weights(in period: PeriodPrior) -> [Double] {
        let counts = period.index >= first ?? period.index && period.index <= last ?? period.index
        return weights.map { counts ? $0 * period.duration : 0 }
    }
}

/// What is believed of one period before its observations come.
public struct PeriodPrior: Equatable, Codable, Sendable {
    /// Number of the period, such as days since some day; each is one more than the last.
    public let index: Int
    public let mean: [Double]
    /// What the prior standard deviations of ``SequentialModel/priorError`` are multiplied by, all positive.
    public let scale: [Double]
    /// Weight of the period in totals over time, such as its length in seconds.
    public let duration: Double

    /// - Parameter scale: ones where nil.
    public init(index: Int, mean: [Double], scale: [Double]? = nil, duration: Double = 1) {
        self.index = index
        self.mean = mean
        self.scale = scale ?? [Double](repeating: 1, count: mean.count)
        self.duration = duration
    }

    func validate(_ model: SequentialModel) throws(SequentialError) {
        do {
            try checkLength("prior_mean of period \(index)", mean.count, model.elementCount)
            try checkFinite("prior_mean of period \(index)", mean)
            try checkFinite("duration of period \(index)", [duration])
            try ErrorModel.independent(scale).validate("scale of period \(index)", count: model.elementCount)
        } catch { throw .problem(error) }
    }
}

/// Observations of one period, taken together.
public struct PeriodObservations: Sendable {
    /// Names these observations for ever; nothing is taken twice under one key.
    public let key: String
    public let period: Int
    /// y.
    public let values: [Double]
    /// R among these observations; independent of all others.
    public let error: ErrorModel
    /// Block l, observations x elements, is the sensitivity to the state l periods before.
    public let jacobians: [Matrix]

    public init(key: String, period: Int, values: [Double], error: ErrorModel, jacobians: [Matrix]) {
        self.key = key
        self.period = period
        self.values = values
        self.error = error
        self.jacobians = jacobians
    }

    func validate(_ model: SequentialModel) throws(SequentialError) {
        do throws(InversionError) {
            guard !values.isEmpty else { throw InversionError.empty("observations") }
            guard !jacobians.isEmpty else { throw InversionError.empty("jacobian") }
            try checkFinite("observation_value", values)
            try error.validate("observation", count: values.count)
            for (lag, block) in jacobians.enumerated() {
                try checkLength("rows of the jacobian of lag \(lag)", block.rows, values.count)
                try checkLength("columns of the jacobian of lag \(lag)", block.columns, model.elementCount)
                try checkFinite("jacobian of lag \(lag)", block.storage)
            }
        } catch { throw .problem(error) }
    }
}
