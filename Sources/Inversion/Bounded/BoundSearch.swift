import LinearAlgebra
import Quantities

/// Finds which elements are bound.
struct BoundSearch {
    private let mean: [Double]
    private let covariance: Matrix
    private let bounds: Bounds
    private let sigma: [Double]
    private(set) var states: [BoundState]
    private(set) var iterations = 0

    init(mean: [Double], covariance: Matrix, bounds: Bounds) {
        self.mean = mean
        self.covariance = covariance
        self.bounds = bounds
        sigma = covariance.diagonal.map(standardDeviation(ofVariance:))
        states = []
        states = unboundStates
    }

    mutating func run() throws(InversionError) -> BoundFace {
        if let face = pivot() { return face }
        states = unboundStates
        return try ascend()
    }

    /// Only elements with equal bounds are held.
    private var unboundStates: [BoundState] {
        mean.indices.map { isFixed($0) ? .atLower : .free }
    }

    private func isFixed(_ index: Int) -> Bool { bounds.lower[index] == bounds.upper[index] }

    private func face() throws(InversionError) -> BoundFace {
        try BoundFace(mean, covariance, bounds, states)
    }

    /// Moves all elements on a wrong side at once: a few steps for most problems. Nil where the number on wrong sides
    /// does not fall any more, as with nearly singular covariances.
    private mutating func pivot() -> BoundFace? {
        var fewest = Int.max
        var stepsLeft = 3
        while stepsLeft >= 0, let face = try? face() {
            iterations += 1
            let moves = mean.indices.compactMap { index in
                correction(of: index, face).map { (index, $0) }
            }
            if moves.isEmpty { return face }
            stepsLeft = moves.count < fewest ? 3 : stepsLeft - 1
            fewest = min(fewest, moves.count)
            for (index, state) in moves { states[index] = state }
        }
        return nil
    }

    /// The state that an element should have instead. Less than 1e-10 in units of the standard deviation is rounding.
    private func correction(of index: Int, _ face: BoundFace) -> BoundState? {
        let slope = face.multipliers[index] * sigma[index]
        switch states[index] {
        case .free: return violation(of: index, face)?.state
        case .atLower: return slope < -1e-10 && !isFixed(index) ? .free : nil
        case .atUpper: return slope > 1e-10 ? .free : nil
        }
    }

    /// The bound that a free element is beyond, and how far in standard deviations.
    private func violation(of index: Int, _ face: BoundFace) -> (state: BoundState, size: Double)? {
        let value = face.point[index]
        let below = bounds.lower[index] - value
        let above = value - bounds.upper[index]
        guard max(below, above) > max(1e-10 * sigma[index], face.rounding[index]) else { return nil }
        return (below > above ? .atLower : .atUpper, max(below, above) / sigma[index])
    }

    /// Binds the element that is farthest outside and frees those whose multiplier would change sign on the way: each
    /// turn raises the least cost, so that none comes back (Goldfarb and Idnani 1983, Math. Program. 27, 1).
    private mutating func ascend() throws(InversionError) -> BoundFace {
        var current = try face()
        var multipliers = current.multipliers
        var barred: Set<Int> = []
        let limit = iterations + 100 + 20 * mean.count
        while iterations < limit {
            let candidates = mean.indices.filter { states[$0] == .free && !barred.contains($0) }
            let violations = candidates.compactMap { index in
                violation(of: index, current).map { (index: index, state: $0.state, size: $0.size) }
            }
            guard let worst = violations.max(by: { $0.size < $1.size }) else { return current }
            states[worst.index] = worst.state
            if try settle(&multipliers, added: worst.index) {
                barred = []
            } else {
                barred.insert(worst.index)
            }
            current = try face()
        }
        throw .notConverged("the set of bound elements", iterations: iterations, residual: 0)
    }

    /// Moves the multipliers to those of the held elements, freeing each that reaches zero; false where rounding
    /// stops the added element itself at once.
    private mutating func settle(_ multipliers: inout [Double], added: Int) throws(InversionError) -> Bool {
        while true {
            iterations += 1
            let target = try face().multipliers
            var share = 1.0
            var blocking: Int?
            for index in mean.indices where states[index] != .free && !isFixed(index) {
                let isWrong = states[index] == .atLower ? target[index] < 0 : target[index] > 0
                guard isWrong else { continue }
                let reach = max(0, multipliers[index] / (multipliers[index] - target[index]))
                if reach < share || blocking == nil { (share, blocking) = (min(share, reach), index) }
            }
            for index in multipliers.indices {
                multipliers[index] += share * (target[index] - multipliers[index])
            }
            guard let blocking else { return true }
            states[blocking] = .free
            multipliers[blocking] = 0
            if blocking == added { return false }
        }
    }
}
