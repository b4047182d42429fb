import Foundation
import LinearAlgebra

/// A covariance model fitted to an empirical variogram by weighted least squares: `Σ N (γ̂ - γ)² / (γ + noise)²`
/// (Cressie 1985, Math. Geology 17, 563, with the noise that the bins had).
///
/// For given lengths the model is linear in its sills, which are found under the condition that none is negative;
/// the lengths are searched on a grid of logarithms that closes in on the best.
public struct VariogramFit: Codable, Hashable, Sendable {
    public let empirical: EmpiricalVariogram
    public let model: VariogramModel
    /// The minimum reached, per bin.
    public let misfit: Double
    /// False when the best length lies at the end of the search: the data show no sill, or no correlation.
    public let isLengthResolved: Bool
    /// The same of the length in time, and false where the range reaches beyond all lags there are; nil without time.
    public let isDurationResolved: Bool?

    /// The longest distance that pairs were looked at, km.
    public var longestKilometres: Double { empirical.bins.map(\.kilometres).max() ?? 0 }

    /// How far a value tells of another place: the range, but no farther than pairs were looked at.
    public var reachKilometres: Double {
        min(model.rangeKilometres, longestKilometres)
    }

    /// Nil with fewer than three bins.
    public init?(_ empirical: EmpiricalVariogram, family: VariogramFamily = .exponential) {
        let bins = empirical.bins
        guard bins.count >= 3, let longest = bins.map(\.kilometres).max(), longest > 0 else { return nil }
        var search = LengthSearch(bins: bins, family: family, longest: longest)
        guard let best = search.run(), let model = search.model(best) else { return nil }
        self.empirical = empirical
        self.model = model
        misfit = best.misfit / Double(bins.count)
        isLengthResolved = search.isInside(best)
        let longestDays = bins.map(\.days).max() ?? 0
        isDurationResolved = model.rangeDays.map { search.isInsideTime(best) && $0 <= longestDays }
    }
}

private struct LengthSearch {
    struct Candidate {
        var kilometres: Double
        var days: Double
        var sills: [Double]
        var misfit: Double
    }

    let bins: [EmpiricalVariogram.Bin]
    let family: VariogramFamily
    let lengths: ClosedRange<Double>
    /// Nil without lags in time.
    let dayLengths: ClosedRange<Double>?
    var weights: [Double]

    init(bins: [EmpiricalVariogram.Bin], family: VariogramFamily, longest: Double) {
        self.bins = bins
        self.family = family
        let shortest = max(longest / 1000, bins.map(\.kilometres).filter { $0 > 0 }.min() ?? longest / 100)
        lengths = (shortest / 4)...(max(longest, shortest) * 2)
        let days = bins.map(\.days).filter { $0 > 0 }
        dayLengths = days.min().flatMap { low in days.max().map { (low / 4)...($0 * 4) } }
        let level = bins.map { abs($0.semivariance) + $0.noise }.reduce(0, +) / Double(bins.count)
        weights = bins.map { Double($0.pairs) / max(level * level, 1e-30) }
    }

    /// Thrice: the weights follow from the model found before.
    mutating func run() -> Candidate? {
        var best: Candidate?
        for _ in 0..<3 {
            best = narrowed()
            guard let best, let model = model(best) else { return nil }
            let floor = 1e-6 * (model.sill + (bins.map(\.noise).max() ?? 0)) + 1e-15
            weights = bins.map {
                let level = model.semivariance(kilometres: $0.kilometres, days: $0.days) + $0.noise + floor
                return Double($0.pairs) / (level * level)
            }
        }
        return best
    }

    private func narrowed() -> Candidate? {
        var (space, time) = (lengths, dayLengths)
        var best: Candidate?
        for steps in [24, 10, 10] {
            let days = time.map { logarithmicSteps($0, min(steps, 14)) } ?? [1]
            for kilometres in logarithmicSteps(space, steps) {
                for day in days {
                    guard let candidate = candidate(kilometres, day) else { continue }
                    if candidate.misfit < best?.misfit ?? .infinity { best = candidate }
                }
            }
            guard let best else { return nil }
            space = around(best.kilometres, space, steps, lengths)
            if let range = time, let all = dayLengths { time = around(best.days, range, min(steps, 14), all) }
        }
        return best
    }

    private func around(
        _ value: Double,
        _ range: ClosedRange<Double>,
        _ steps: Int,
        _ bounds: ClosedRange<Double>
    ) -> ClosedRange<Double> {
        let ratio = pow(range.upperBound / range.lowerBound, 1 / Double(steps))
        return max(bounds.lowerBound, value / ratio)...min(bounds.upperBound, value * ratio)
    }

    private func logarithmicSteps(_ range: ClosedRange<Double>, _ steps: Int) -> [Double] {
        let ratio = range.upperBound / range.lowerBound
        return (0...steps).map { range.lowerBound * pow(ratio, Double($0) / Double(steps)) }
    }

    /// Semivariance of unit sills: nugget, space and, with time, time and both together.
    private func basis(_ bin: EmpiricalVariogram.Bin, _ kilometres: Double, _ days: Double) -> [Double] {
        let chord = SpherePoint.squaredChord(kilometres: bin.kilometres)
        let correlation = family.correlation(family.kilometres(squaredChord: chord) / kilometres)
        guard dayLengths != nil else { return [1, 1 - correlation] }
        let persistence = exp(-bin.days / days)
        return [1, 1 - correlation, 1 - persistence, 1 - correlation * persistence]
    }

    private func candidate(_ kilometres: Double, _ days: Double) -> Candidate? {
        let rows = bins.map { basis($0, kilometres, days) }
        let found = nonNegativeLeastSquares(rows, bins.map(\.semivariance), weights)
        return Candidate(kilometres: kilometres, days: days, sills: found.values, misfit: found.misfit)
    }

    func model(_ candidate: Candidate) -> VariogramModel? {
        let sills = candidate.sills
        return VariogramModel(
            family: family,
            nugget: sills[0],
            spatialSill: sills[1],
            lengthKilometres: candidate.kilometres,
            temporalSill: sills.count > 2 ? sills[2] : 0,
            jointSill: sills.count > 3 ? sills[3] : 0,
            lengthDays: dayLengths == nil ? nil : candidate.days
        )
    }

    func isInsideTime(_ candidate: Candidate) -> Bool {
        guard let dayLengths, candidate.sills.count > 3, candidate.sills[2] + candidate.sills[3] > 0 else {
            return false
        }
        return candidate.days > dayLengths.lowerBound * 1.001
            && candidate.days < dayLengths.upperBound * 0.999
    }

    func isInside(_ candidate: Candidate) -> Bool {
        let isCorrelated = candidate.sills[1] + (candidate.sills.count > 3 ? candidate.sills[3] : 0) > 0
        return isCorrelated && candidate.kilometres > lengths.lowerBound * 1.001
            && candidate.kilometres < lengths.upperBound * 0.999
    }
}

/// The best of the least squares solutions over every choice of the few unknowns that may differ from zero.
func nonNegativeLeastSquares(
    _ rows: [[Double]],
    _ right: [Double],
    _ weights: [Double]
) -> (values: [Double], misfit: Double) {
    let count = rows.first?.count ?? 0
    let (normal, side) = normalEquations(rows, right, weights)
    let whole = zip(right, weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
    var best = [Double](repeating: 0, count: count)
    var gain = 0.0
    for choice in 1..<(1 << count) {
        let chosen = (0..<count).filter { choice & (1 << $0) != 0 }
        var part = Matrix(rows: chosen.count, columns: chosen.count)
        for (i, a) in chosen.enumerated() {
            for (j, b) in chosen.enumerated() { part[i, j] = normal[a, b] }
        }
        guard let factor = try? Cholesky(factoring: part) else { continue }
        let solution = factor.solve(chosen.map { side[$0] })
        guard solution.allSatisfy({ $0 >= 0 && $0.isFinite }) else { continue }
        // At a solution of its normal equations the sum of squares falls by the product with the right side.
        let gained = zip(chosen, solution).reduce(0) { $0 + side[$1.0] * $1.1 }
        guard gained > gain else { continue }
        gain = gained
        best = [Double](repeating: 0, count: count)
        for (index, value) in zip(chosen, solution) { best[index] = value }
    }
    return (best, max(0, whole - gain))
}

private func normalEquations(
    _ rows: [[Double]],
    _ right: [Double],
    _ weights: [Double]
) -> (matrix: Matrix, side: [Double]) {
    let count = rows.first?.count ?? 0
    var normal = Matrix(rows: count, columns: count)
    var side = [Double](repeating: 0, count: count)
    for (index, row) in rows.enumerated() {
        for first in 0..<count {
            let weighted = weights[index] * row[first]
            side[first] += weighted * right[index]
            for second in 0..<count { normal[first, second] += weighted * row[second] }
        }
    }
    return (normal, side)
}
