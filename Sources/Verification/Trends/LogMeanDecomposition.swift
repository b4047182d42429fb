import Foundation

/// Additive decomposition of a change into the effects of factors whose product is the total: LMDI-I
/// (Ang 2004, Energy Policy 32, 1131; 2015, Energy Policy 86, 233).
public struct LogMeanDecomposition: Hashable, Sendable {
    /// Stands for zero, whose limits exist (Ang and Liu 2007, Energy Policy 35, 1426).
    public static let smallest = 1e-20

    /// One a factor, in the unit of the total.
    public let effects: [Double]
    /// Total after less total before.
    public let change: Double

    /// What the effects leave unexplained: rounding.
    public var residual: Double { change - effects.reduce(0, +) }

    /// - Parameters: the factors in the same order; their products are the totals.
    /// - Throws: ``TrendError`` for negative or non-finite factors or different numbers of them.
    public init(before: [Double], after: [Double]) throws(TrendError) {
        try self.init(categories: [(before, after)])
    }

    /// The effects of several categories (sectors, fuels) added factor by factor.
    public init(categories: [(before: [Double], after: [Double])]) throws(TrendError) {
        var effects: [Double] = []
        var change = 0.0
        for category in categories {
            let own = try Self.effects(category.before, category.after)
            guard effects.isEmpty || effects.count == own.count else {
                throw .lengthsDiffer(effects.count, own.count)
            }
            effects = effects.isEmpty ? own : zip(effects, own).map { $0 + $1 }
            change += category.after.reduce(1, *) - category.before.reduce(1, *)
        }
        guard change.isFinite else { throw .impossible("the factors multiply beyond all numbers") }
        self.effects = effects
        self.change = change
    }

    init(effects: [Double], change: Double) {
        self.effects = effects
        self.change = change
    }

    private static func effects(_ before: [Double], _ after: [Double]) throws(TrendError) -> [Double] {
        guard before.count == after.count else { throw .lengthsDiffer(before.count, after.count) }
        for (index, value) in (before + after).enumerated() {
            guard value.isFinite else { throw .notFinite(index: index % max(1, before.count)) }
            guard value >= 0 else { throw .impossible("a factor of \(value) is negative") }
        }
        let first = before.map { max($0, smallest) }
        let second = after.map { max($0, smallest) }
        let weight = logarithmicMean(second.reduce(1, *), first.reduce(1, *))
        return zip(first, second).map { weight * log($1 / $0) }
    }
}

/// (a - b) / ln(a / b), a where they are equal; 0 where one is, its limit.
func logarithmicMean(_ a: Double, _ b: Double) -> Double {
    guard a != b else { return a }
    guard a > 0, b > 0 else { return 0 }
    return (a - b) / (abs(a - b) < b / 2 ? log1p((a - b) / b) : log(a / b))
}

/// Emissions as population x affluence x energy intensity x carbon intensity (Kaya 1990).
public struct KayaState: Hashable, Sendable {
    /// Persons.
    public let population: Double
    /// Money at constant prices.
    public let economy: Double
    public let energy: Double
    public let emissions: Double

    public init(population: Double, economy: Double, energy: Double, emissions: Double) {
        self.population = population
        self.economy = economy
        self.energy = energy
        self.emissions = emissions
    }

    /// Zero levels become ``LogMeanDecomposition/smallest`` before ratios are formed.
    var factors: [Double] {
        let levels = [population, economy, energy, emissions].map {
            $0 == 0 ? LogMeanDecomposition.smallest : $0
        }
        return [levels[0], levels[1] / levels[0], levels[2] / levels[1], levels[3] / levels[2]]
    }
}

/// What changed emissions between two states, in their unit.
public struct KayaDecomposition: Hashable, Sendable {
    public let population: Double
    public let affluence: Double
    public let energyIntensity: Double
    public let carbonIntensity: Double
    public let change: Double

    public var residual: Double {
        change - (population + affluence + energyIntensity + carbonIntensity)
    }

    /// - Throws: ``TrendError`` for negative or non-finite levels.
    public init(from before: KayaState, to after: KayaState) throws(TrendError) {
        for state in [before, after] {
            let levels = [state.population, state.economy, state.energy, state.emissions]
            if let bad = levels.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: bad) }
            if let bad = levels.first(where: { $0 < 0 }) {
                throw .impossible("a level of \(bad) is negative")
            }
        }
        let parts = try LogMeanDecomposition(before: before.factors, after: after.factors)
        population = parts.effects[0]
        affluence = parts.effects[1]
        energyIntensity = parts.effects[2]
        carbonIntensity = parts.effects[3]
        change = after.emissions - before.emissions
    }
}
