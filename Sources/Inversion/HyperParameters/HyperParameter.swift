import LinearAlgebra

/// A positive number of the error model that data can tell.
public struct HyperParameter: Hashable, Sendable {
    public enum Role: Hashable, Sendable {
        /// Multiplies the prior standard deviations of some state elements; nil for all.
        case priorScale(elements: [Int]?)
        /// Correlation length of the prior, in the unit of the distances.
        case correlationLength
        /// Multiplies the error standard deviations of some observations; nil for all.
        case observationScale(observations: [Int]?)
        /// Standard deviation of an independent error added in quadrature to some observations; nil for all.
        case modelError(observations: [Int]?)
    }

    public let name: String
    public let role: Role
    /// Where the search starts and the limits it stays within, all positive.
    public let start: Double
    public let lower: Double
    public let upper: Double

    /// - Throws: ``InversionError`` unless 0 < lower <= start <= upper, all finite, with room between the limits.
    public init(
        _ name: String,
        _ role: Role,
        start: Double,
        lower: Double,
        upper: Double
    ) throws(InversionError) {
        try checkFinite("limits of \(name)", [start, lower, upper])
        guard lower > 0 else { throw .notPositive("lower limit of \(name)", index: 0, value: lower) }
        guard lower < upper, lower <= start, start <= upper else {
            throw .boundsCross(index: 0, lower: lower, upper: upper)
        }
        self.name = name
        self.role = role
        self.start = start
        self.lower = lower
        self.upper = upper
    }

    /// A factor on standard deviations that may go from a hundredth to a hundred.
    public static func priorScale(
        _ name: String = "prior scale",
        elements: [Int]? = nil
    ) throws(InversionError) -> HyperParameter {
        try HyperParameter(name, .priorScale(elements: elements), start: 1, lower: 0.01, upper: 100)
    }

    /// A factor on standard deviations that may go from a hundredth to a hundred.
    public static func observationScale(
        _ name: String = "observation scale",
        observations: [Int]? = nil
    ) throws(InversionError) -> HyperParameter {
        try HyperParameter(
            name,
            .observationScale(observations: observations),
            start: 1,
            lower: 0.01,
            upper: 100
        )
    }

    /// One factor for each group of observations.
    public static func observationScales(_ groups: LabelGroups) throws(InversionError) -> [HyperParameter] {
        var parameters: [HyperParameter] = []
        for (name, members) in zip(groups.names, groups.members) {
            parameters.append(try observationScale("observation scale of \(name)", observations: members))
        }
        return parameters
    }
}

/// A problem whose error model has parameters to be told by the data.
public struct ErrorFamily: Sendable {
    /// With the stated errors, which scales of one leave as they are.
    public let problem: LinearProblem
    public let parameters: [HyperParameter]
    /// Needed by a correlation length; the prior standard deviations of the problem then stay, its correlations
    /// are replaced.
    public let priorCorrelation: PriorCorrelation?

    /// - Throws: ``InversionError`` of the problem; for no parameters, an index outside the problem, a correlation
    ///   length without distances or two of them, or parameters that share observations or elements and could not
    ///   be told apart.
    public init(
        of problem: LinearProblem,
        parameters: [HyperParameter],
        priorCorrelation: PriorCorrelation? = nil
    ) throws(InversionError) {
        try problem.validate()
        guard !parameters.isEmpty else { throw .empty("parameters of the error model") }
        if let priorCorrelation {
            try checkLength("distances", priorCorrelation.distances.rows, problem.stateCount)
        }
        var seen: Set<String> = []
        for (index, parameter) in parameters.enumerated() {
            let keys = try Self.keys(of: parameter, problem, hasDistances: priorCorrelation != nil)
            guard seen.isDisjoint(with: keys) else { throw .duplicate(parameter.name, index: index) }
            seen.formUnion(keys)
        }
        self.problem = problem
        self.parameters = parameters
        self.priorCorrelation = priorCorrelation
    }

    /// What no two parameters may both govern.
    private static func keys(
        of parameter: HyperParameter,
        _ problem: LinearProblem,
        hasDistances: Bool
    ) throws(InversionError) -> [String] {
        func keys(_ prefix: String, _ indices: [Int]?, _ count: Int) throws(InversionError) -> [String] {
            guard let indices else { return (0..<count).map { "\(prefix) \($0)" } }
            guard !indices.isEmpty else { throw .empty("members of \(parameter.name)") }
            if let place = indices.firstIndex(where: { !(0..<count).contains($0) }) {
                throw .outOfRange(parameter.name, index: place)
            }
            return indices.map { "\(prefix) \($0)" }
        }
        switch parameter.role {
        case .priorScale(let elements): return try keys("B", elements, problem.stateCount)
        case .observationScale(let members): return try keys("R", members, problem.observationCount)
        case .modelError(let members): return try keys("M", members, problem.observationCount)
        case .correlationLength:
            guard hasDistances else { throw .empty("distances for the correlation length") }
            return ["length"]
        }
    }

    /// The problem with the given values of the parameters.
    ///
    /// - Precondition: as many values as parameters, all positive.
    public func problem(at values: [Double]) -> LinearProblem {
        precondition(values.count == parameters.count, "one value a parameter")
        let factors = self.factors(at: values)
        var result = problem
        result.priorError = priorError(factors)
        switch problem.observationError {
        case .independent(let sigma):
            let scaled = sigma.indices.map { index in
                let own = sigma[index] * factors.observation[index]
                return (own * own + factors.addedVariance[index]).squareRoot()
            }
            result.observationError = .independent(scaled)
        case .covariance(var matrix):
            matrix.scaleRows(by: factors.observation)
            matrix.scaleColumns(by: factors.observation)
            matrix.addToDiagonal(factors.addedVariance)
            result.observationError = .covariance(matrix)
        }
        return result
    }

    private func priorError(_ factors: Factors) -> ErrorModel {
        if let priorCorrelation, let length = factors.length {
            let sigma = zip(problem.priorError.sigma, factors.prior).map { $0 * $1 }
            return .covariance(priorCorrelation.covariance(sigma: sigma, length: length))
        }
        switch problem.priorError {
        case .independent(let sigma): return .independent(zip(sigma, factors.prior).map { $0 * $1 })
        case .covariance(var matrix):
            matrix.scaleRows(by: factors.prior)
            matrix.scaleColumns(by: factors.prior)
            return .covariance(matrix)
        }
    }

    /// What the parameters make of each element.
    struct Factors {
        var prior: [Double]
        var observation: [Double]
        var addedVariance: [Double]
        var length: Double?
    }

    func factors(at values: [Double]) -> Factors {
        var factors = Factors(
            prior: [Double](repeating: 1, count: problem.stateCount),
            observation: [Double](repeating: 1, count: problem.observationCount),
            addedVariance: [Double](repeating: 0, count: problem.observationCount)
        )
        for (parameter, value) in zip(parameters, values) {
            switch parameter.role {
            case .priorScale(let members):
                for index in members ?? Array(factors.prior.indices) { factors.prior[index] *= value }
            case .observationScale(let members):
                for index in members ?? Array(factors.observation.indices) {
                    factors.observation[index] *= value
                }
            case .modelError(let members):
                for index in members ?? Array(factors.addedVariance.indices) {
                    factors.addedVariance[index] += value * value
                }
            case .correlationLength: factors.length = value
            }
        }
        return factors
    }
}
