public import LinearAlgebra
import Quantities

/// What a candidate adds to what is known without it.
public struct DesignGain: Sendable {
    public let candidate: String
    /// Degrees of freedom for signal.
    public let degreesOfFreedom: Double
    /// Bits on the state.
    public let information: Double
    /// By how much the variance of each total falls, in the square of its unit.
    public let varianceReductions: [Double]
    /// Standard deviation of each total afterwards.
    public let sigmas: [Double]
}

/// What counts when candidates are compared.
public enum DesignCriterion: Hashable, Sendable {
    case degreesOfFreedom
    case information
    /// Variance of one total, by its number.
    case variance(total: Int)

    func score(_ gain: DesignGain) -> Double {
        switch self {
        case .degreesOfFreedom: gain.degreesOfFreedom
        case .information: gain.information
        case .variance(let total): gain.varianceReductions[total]
        }
    }
}

/// Weighs observations that could be added to a network by what they would tell, from H, B and R alone.
///
/// Observations change the covariance by a term of low rank: with B = L Lᵀ, F = R^-1/2 H L and P = L⁻¹ S L⁻ᵀ, which is
/// the identity before any observation, C Cᵀ = I + F P Fᵀ and U = C⁻¹ F P give P - Uᵀ U. Every gain follows from U
/// (degrees of freedom are the sum of its squares), so that no candidate needs a solution of its own, and to take
/// one costs two products for each of the others.
public struct NetworkDesign: Sendable {
    public let totals: LinearFunctionals
    /// W L.
    private let weights: Matrix
    /// P; nil for the identity.
    private let known: Matrix?
    /// Of the totals.
    private var variances: [Double]
    private let names: [String]
    /// F and F P of each candidate.
    private let rows: [Matrix]
    private var spreads: [Matrix]

    /// - Parameters:
    ///   - candidates: with names of their own.
    ///   - priorError: B.
    ///   - covariance: what an existing network leaves, the posterior covariance of its problem or of its
    ///     preview; nil where there is none yet.
    ///   - totals: whose variances count.
    /// - Throws: ``InversionError`` that names the candidate.
    public init(
        candidates: [ObservationCandidate],
        priorError: ErrorModel,
        covariance: Matrix? = nil,
        totals: LinearFunctionals
    ) throws(InversionError) {
        guard !candidates.isEmpty else { throw .empty("candidates") }
        try priorError.validate("prior", count: priorError.count)
        try checkLength("columns of the weights", totals.weights.columns, priorError.count)
        if let covariance {
            try ErrorModel.covariance(covariance).validate("posterior", count: priorError.count)
        }
        self.totals = totals
        let factor = try ErrorFactor(priorError, name: "prior_covariance")
        weights = factor.timesFactor(totals.weights)
        known = covariance.map { factor.whiten(factor.whiten($0).transposed()) }
        variances =
            totals.weights.times(covariance ?? priorError.matrix).timesTransposed(totals.weights).diagonal
        names = candidates.map(\.name)
        var rows: [Matrix] = []
        var seen: Set<String> = []
        for (index, candidate) in candidates.enumerated() {
            guard seen.insert(candidate.name).inserted else {
                throw .duplicate("candidate \(candidate.name)", index: index)
            }
            try checkLength("columns of \(candidate.name)", candidate.jacobian.columns, priorError.count)
            rows.append(factor.timesFactor(try candidate.compressed()))
        }
        self.rows = rows
        spreads = rows.map { [known] in known.map($0.times) ?? $0 }
    }

    /// What each candidate would add alone to what is known, best first; of equal ones the first stays first.
    public func ranked(by criterion: DesignCriterion) throws(InversionError) -> [DesignGain] {
        try check(criterion)
        var gains: [DesignGain] = []
        for index in names.indices { gains.append(try gain(index).gain) }
        return gains.enumerated().sorted { one, other in
            let (a, b) = (criterion.score(one.element), criterion.score(other.element))
            return a == b ? one.offset < other.offset : a > b
        }.map(\.element)
    }

    /// Candidates taken one after the other, each time the one that adds most to all before; gains are those at
    /// its turn and sum up to the gain of all together. For information the result is at least 63 % of what the
    /// best choice of as many gives (Nemhauser, Wolsey, Fisher 1978, Math. Prog. 14, 265).
    ///
    /// - Parameter count: how many to take; nil for all.
    public func chosen(
        by criterion: DesignCriterion,
        count: Int? = nil
    ) throws(InversionError) -> [DesignGain] {
        try check(criterion)
        var design = self
        var left = Array(names.indices)
        var chosen: [DesignGain] = []
        while !left.isEmpty, chosen.count < count ?? names.count {
            var best: (place: Int, step: Step)?
            for (place, index) in left.enumerated() {
                let step = try design.gain(index)
                if let found = best, criterion.score(found.step.gain) >= criterion.score(step.gain) {
                    continue
                }
                best = (place, step)
            }
            guard let best else { break }
            chosen.append(best.step.gain)
            left.remove(at: best.place)
            design.take(best.step, left)
        }
        return chosen
    }

    /// What all candidates together add.
    public func together() throws(InversionError) -> DesignGain {
        let stacked = Matrix(
            rows: rows.reduce(0) { $0 + $1.rows },
            columns: weights.columns,
            storage: rows.flatMap(\.storage)
        )
        return try step("all", stacked, known.map(stacked.times) ?? stacked).gain
    }

    private func check(_ criterion: DesignCriterion) throws(InversionError) {
        if case .variance(let total) = criterion, !totals.names.indices.contains(total) {
            throw .outOfRange("total of the criterion", index: total)
        }
    }

    private struct Step {
        let gain: DesignGain
        /// U.
        let update: Matrix
    }

    private func gain(_ index: Int) throws(InversionError) -> Step {
        try step(names[index], rows[index], spreads[index])
    }

    private func step(_ name: String, _ rows: Matrix, _ spread: Matrix) throws(InversionError) -> Step {
        var inner = spread.timesTransposed(rows)
        inner.addToDiagonal([Double](repeating: 1, count: rows.rows))
        let factor = try factored(inner, "innovation covariance of \(name)")
        let update = factor.forwardSolve(spread)
        let degrees = squaredNorm(update.storage)
        let reductions = update.timesTransposed(weights).squaredColumnNorms
        let gain = DesignGain(
            candidate: name,
            degreesOfFreedom: degrees,
            information: bits(factor.logDeterminant),
            varianceReductions: reductions,
            sigmas: zip(variances, reductions).map { standardDeviation(ofVariance: $0 - $1) }
        )
        return Step(gain: gain, update: update)
    }

    private mutating func take(_ step: Step, _ left: [Int]) {
        for total in variances.indices { variances[total] -= step.gain.varianceReductions[total] }
        for index in left {
            let change = rows[index].timesTransposed(step.update).times(step.update)
            for place in change.storage.indices { spreads[index].storage[place] -= change.storage[place] }
        }
    }
}
