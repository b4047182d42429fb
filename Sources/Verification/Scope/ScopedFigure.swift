public import Quantities

/// A figure with what it stands for and every step that made it so.
public struct ScopedFigure: Hashable, Sendable {
    public let figure: Estimate
    public let unit: LocalizedName
    public let scope: Scope
    /// Where the figure before all steps came from.
    public let source: String
    /// In the order in which the steps were taken.
    public let log: [AlignmentEntry]

    public init(figure: Estimate, unit: LocalizedName, scope: Scope, source: String) {
        self.init(figure: figure, unit: unit, scope: scope, source: source, log: [])
    }

    private init(figure: Estimate, unit: LocalizedName, scope: Scope, source: String, log: [AlignmentEntry]) {
        self.figure = figure
        self.unit = unit
        self.scope = scope
        self.source = source
        self.log = log
    }

    /// - Throws: ``ScopeError`` naming the step.
    public func aligned(by steps: [AlignmentStep]) throws(ScopeError) -> ScopedFigure {
        var figure = self
        for step in steps { figure = try figure.taking(step) }
        return figure
    }

    private func taking(_ step: AlignmentStep) throws(ScopeError) -> ScopedFigure {
        switch step {
        case .remove(let part, let amount, let error, let source):
            guard scope.parts.contains(part) else { throw .alreadyWithout(part, step: log.count + 1) }
            let rest = try combined(amount, error, sign: -1)
            return logging(step, rest, scope.counting(scope.parts.subtracting([part])), source)
        case .add(let part, let amount, let error, let source):
            guard !scope.parts.contains(part) else { throw .alreadyWith(part, step: log.count + 1) }
            let sum = try combined(amount, error, sign: 1)
            return logging(step, sum, scope.counting(scope.parts.union([part])), source)
        case .period(let period, let ratio, let source):
            let next = Scope(gas: scope.gas, territory: scope.territory, period: period, parts: scope.parts)
            return logging(step, try multiplied(ratio), next, source)
        case .territory(let territory, let fraction, let source):
            guard (0...1).contains(fraction.mean) else {
                throw .unusable("a territory fraction of \(fraction.mean)", step: log.count + 1)
            }
            let next = Scope(gas: scope.gas, territory: territory, period: scope.period, parts: scope.parts)
            return logging(step, try multiplied(fraction), next, source)
        case .accept(let part, let counted, let uncertainty, _):
            let doubt = try combined(Estimate(mean: 0, standardDeviation: uncertainty), .independent, sign: 1)
            let parts = counted ? scope.parts.union([part]) : scope.parts.subtracting([part])
            return logging(step, doubt, scope.counting(parts), "")
        }
    }

    private func logging(_ step: AlignmentStep, _ after: Estimate, _ next: Scope, _ source: String)
        -> ScopedFigure
    {
        let entry = AlignmentEntry(
            number: log.count + 1,
            step: step,
            before: figure,
            after: after,
            source: source
        )
        return ScopedFigure(figure: after, unit: unit, scope: next, source: self.source, log: log + [entry])
    }

    private func combined(_ amount: Estimate, _ error: PartError, sign: Double) throws(ScopeError) -> Estimate
    {
        try requireMeaning(amount)
        let own = figure.standardDeviation
        let part = amount.standardDeviation
        let covariance: Double
        switch error {
        case .independent: covariance = 0
        case .withinFigure: covariance = sign < 0 ? part * part : 0
        case .correlated(let correlation):
            guard (-1...1).contains(correlation) else {
                throw .unusable("a correlation of \(correlation)", step: log.count + 1)
            }
            covariance = correlation * own * part
        }
        let variance = own * own + part * part + 2 * sign * covariance
        // That of a figure whose own is not known is not known either.
        guard !(variance < -1e-12 * own * own) else {
            throw .unusable("the part is less certain than the figure it is a term of", step: log.count + 1)
        }
        let mean = figure.mean + sign * amount.mean
        return Estimate(mean: mean, standardDeviation: standardDeviation(ofVariance: variance))
    }

    /// Mean and variance of the product of two independent variables.
    private func multiplied(_ factor: Estimate) throws(ScopeError) -> Estimate {
        try requireMeaning(factor)
        guard factor.mean >= 0 else { throw .unusable("a ratio of \(factor.mean)", step: log.count + 1) }
        let first = factor.mean * figure.standardDeviation
        let second = factor.standardDeviation * figure.mean
        let third = factor.standardDeviation * figure.standardDeviation
        return Estimate(
            mean: factor.mean * figure.mean,
            standardDeviation: (first * first + second * second + third * third).squareRoot()
        )
    }

    private func requireMeaning(_ amount: Estimate) throws(ScopeError) {
        guard amount.isMeaningful else {
            throw .unusable("an amount or its uncertainty is not a number", step: log.count + 1)
        }
    }
}

extension ScopedFigure {
    /// What keeps two figures from being compared, in words; empty where nothing does.
    public func differences(from other: ScopedFigure) -> [String] {
        var differences: [String] = []
        if scope.gas != other.scope.gas {
            differences.append("gas \(scope.gas.rawValue) and \(other.scope.gas.rawValue)")
        }
        if scope.territory != other.scope.territory {
            differences.append("territory \(scope.territory) and \(other.scope.territory)")
        }
        if scope.period != other.scope.period {
            let periods = [scope.period, other.scope.period].map { "\($0.start)/\($0.end)" }
            differences.append("period \(periods[0]) and \(periods[1])")
        }
        if unit != other.unit { differences.append("unit \(unit.english) and \(other.unit.english)") }
        for part in ScopePart.allCases where scope.parts.contains(part) != other.scope.parts.contains(part) {
            differences.append("\(part.name.english) in one of them only")
        }
        return differences
    }
}

/// A comparison with the steps that made its sides comparable.
public struct AlignedComparison: Sendable {
    public let comparison: Comparison
    public let unit: LocalizedName
    public let scope: Scope
    public let inventoryLog: [AlignmentEntry]
    public let topDownLog: [AlignmentEntry]

    /// - Parameters: as those of ``Comparison``; prior and posterior take the same steps.
    /// - Throws: ``ScopeError/unaligned(_:)`` unless gas, territory, period, unit and every part agree.
    public init(
        region: LocalizedName,
        inventory: ScopedFigure,
        prior: ScopedFigure,
        posterior: ScopedFigure,
        inventoryIsPrior: Bool,
        truth: Double? = nil,
        priorCorrelation: Double? = nil
    ) throws(ScopeError) {
        let differences = inventory.differences(from: posterior) + prior.differences(from: posterior)
        guard differences.isEmpty else { throw .unaligned(differences) }
        comparison = Comparison(
            region: region,
            inventory: inventory.figure,
            prior: prior.figure,
            posterior: posterior.figure,
            inventoryIsPrior: inventoryIsPrior,
            truth: truth,
            priorCorrelation: priorCorrelation
        )
        unit = posterior.unit
        scope = posterior.scope
        inventoryLog = inventory.log
        topDownLog = posterior.log
    }
}
