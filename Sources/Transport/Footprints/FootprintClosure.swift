/// Whether a footprint over all times is the sum of its parts by time, as one that comes from the same particles is.
public struct FootprintClosure: Equatable, Sendable {
    public enum Verdict: Equatable, Sendable {
        case closed
        case violated
        /// Values without a number, or nothing in either.
        case undecided
    }

    /// (sum of the parts - whole) / whole.
    public let relativeDifferenceOfSums: Double
    /// Sum of the absolute differences of the cells over the sum of the whole.
    public let summedRelativeDifference: Double
    /// Largest absolute difference of a cell over the largest cell of the whole.
    public let largestRelativeDifference: Double
    /// Of the largest difference, below which a footprint is closed.
    public let tolerance: Double
    public let verdict: Verdict

    /// What float32 values of some dozen parts leave.
    public static let usualTolerance = 1e-5

    /// - Parameters:
    ///   - parts: by time of emission, the residual with them.
    public init(whole: FootprintLayer, parts: [FootprintLayer], tolerance: Double = usualTolerance) {
        self.tolerance = tolerance
        let sum = FootprintLayer(sumOf: parts)
        var (total, other, summed, largest, peak) = (0.0, 0.0, 0.0, 0.0, 0.0)
        forEachCell(of: whole, and: sum) { _, a, b in
            total += a
            other += b
            summed += abs(a - b)
            // Not so for NaN, which the sums tell.
            largest = max(largest, abs(a - b))
            peak = max(peak, abs(a))
        }
        relativeDifferenceOfSums = (other - total) / total
        summedRelativeDifference = summed / total
        largestRelativeDifference = largest / peak
        if !summedRelativeDifference.isFinite || !largestRelativeDifference.isFinite {
            verdict = .undecided
        } else {
            verdict = largestRelativeDifference <= tolerance ? .closed : .violated
        }
    }

    /// One line for a person, without a full stop.
    public var line: String {
        switch verdict {
        case .closed: return "the parts by time sum to the whole footprint"
        case .undecided: return "whether the parts by time sum to the whole footprint cannot be told"
        case .violated:
            let percent = { (share: Double) in "\((share * 1000).rounded() / 10) %" }
            return "the parts by time do not sum to the whole footprint: sums differ by "
                + "\(percent(relativeDifferenceOfSums)), cells by \(percent(summedRelativeDifference)) in sum and "
                + "\(percent(largestRelativeDifference)) of the largest cell at most"
        }
    }
}

/// Visits the cells of two layers together, ascending; 0 where a layer has none.
func forEachCell(of a: FootprintLayer, and b: FootprintLayer, _ body: (Int, Double, Double) -> Void) {
    var (i, j) = (0, 0)
    while i < a.cells.count || j < b.cells.count {
        let first = i < a.cells.count ? a.cells[i] : .max
        let second = j < b.cells.count ? b.cells[j] : .max
        let cell = min(first, second)
        body(Int(cell), first == cell ? a.values[i] : 0, second == cell ? b.values[j] : 0)
        if first == cell { i += 1 }
        if second == cell { j += 1 }
    }
}
