import Foundation

extension LikelihoodSearch {
    /// Where the likelihood, maximised over the other parameters, has fallen by half the square of the width of the
    /// level; nil where it has not before a limit.
    ///
    /// - Parameter step: about one standard deviation of the logarithm.
    mutating func interval(
        _ index: Int,
        _ level: IntervalLevel,
        _ best: LikelihoodMaximum,
        _ step: Double
    ) throws(InversionError) -> PositiveInterval {
        let drop = level.normalHalfWidth * level.normalHalfWidth / 2
        let width = min(max(step * level.normalHalfWidth, 0.01), 1)
        let (low, high) = (log(family.parameters[index].lower), log(family.parameters[index].upper))
        return PositiveInterval(
            lower: try crossing(index, best, drop, from: -width, to: low),
            upper: try crossing(index, best, drop, from: width, to: high)
        )
    }

    /// - Parameters:
    ///   - first: signed width of the first step.
    ///   - limit: of the logarithm on this side.
    private mutating func crossing(
        _ index: Int,
        _ best: LikelihoodMaximum,
        _ drop: Double,
        from first: Double,
        to limit: Double
    ) throws(InversionError) -> Double? {
        let centre = best.point[index]
        guard (limit - centre) * first > 0 else { return nil }
        var profile = Profile(index: index, best: best, drop: drop)
        var (inner, outer) = (centre, centre + first)
        var innerExcess = -drop
        var outerExcess = 0.0
        while true {
            let isLast = (outer - limit) * first >= 0
            if isLast { outer = limit }
            outerExcess = try profile.excess(at: outer, &self)
            if outerExcess > 0 { break }
            guard !isLast else { return nil }
            (inner, innerExcess) = (outer, outerExcess)
            outer = centre + 2 * (outer - centre)
        }
        return exp(try profile.root((inner, innerExcess), (outer, outerExcess), &self))
    }
}

/// Half the likelihood ratio along one parameter, minus the drop looked for.
private struct Profile {
    let index: Int
    let best: LikelihoodMaximum
    let drop: Double
    /// Where the last maximum was: a good start for the next.
    private var last: [Double]

    init(index: Int, best: LikelihoodMaximum, drop: Double) {
        self.index = index
        self.best = best
        self.drop = drop
        last = best.point
    }

    mutating func excess(at value: Double, _ search: inout LikelihoodSearch) throws(InversionError) -> Double
    {
        let held = try search.maximum(from: last, fixed: [index: value])
        last = held.point
        return best.logEvidence - held.logEvidence - drop
    }

    private static let tolerance = 1e-4

    /// Between a point with too small a drop and one with too large a one, by the secant with the Illinois rule
    /// (Dowell and Jarratt 1971, BIT 11, 168).
    mutating func root(
        _ inner: (Double, Double),
        _ outer: (Double, Double),
        _ search: inout LikelihoodSearch
    ) throws(InversionError) -> Double {
        var (a, b) = (inner, outer)
        for _ in 0..<60 where abs(b.0 - a.0) > Self.tolerance {
            let place = b.0 - b.1 * (b.0 - a.0) / (b.1 - a.1)
            let value = try excess(at: place, &search)
            guard abs(value) > Self.tolerance * drop else { return place }
            if (value > 0) != (b.1 > 0) { a = b } else { a.1 /= 2 }
            b = (place, value)
        }
        return b.0
    }
}
