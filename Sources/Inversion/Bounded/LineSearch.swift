/// The function at one length of a line.
struct LineTrial {
    let length: Double
    let value: Double
    /// Derivative along the line.
    let slope: Double
    let point: [Double]
    let gradient: [Double]

    var isFinite: Bool { value.isFinite && slope.isFinite }
}

/// A line search on the strong Wolfe conditions: bracket, then zoom with cubic interpolation (Nocedal and Wright
/// 2006, Numerical Optimization, algorithms 3.5 and 3.6).
struct LineSearch {
    let value: Double
    let slope: Double
    let longest: Double
    private(set) var evaluations = 0

    private static let decrease = 1e-4
    private static let flattening = 0.9
    private static let limit = 30

    init(value: Double, slope: Double, longest: Double) {
        self.value = value
        self.slope = slope
        self.longest = longest
    }

    /// A point with less value, flat enough where the bounds allow; nil when rounding leaves none.
    mutating func run(first: Double, trial: (Double) -> LineTrial) -> LineTrial? {
        var low = LineEnd(length: 0, value: value, slope: slope, trial: nil)
        var length = first
        while evaluations < Self.limit {
            evaluations += 1
            let point = trial(length)
            guard point.isFinite, hasDecreased(point), point.value < low.value + rounding else {
                return zoom(low, LineEnd(point), trial)
            }
            if isFlat(point) { return point }
            if point.slope >= 0 { return zoom(LineEnd(point), low, trial) }
            if length >= longest { return point }
            low = LineEnd(point)
            length = min(longest, 4 * length)
        }
        return low.trial
    }

    /// - Parameters:
    ///   - low: the end with sufficient decrease and the least value.
    ///   - high: the other end.
    private mutating func zoom(_ low: LineEnd, _ high: LineEnd, _ trial: (Double) -> LineTrial) -> LineTrial?
    {
        var (low, high) = (low, high)
        while evaluations < Self.limit, abs(high.length - low.length) > 1e-16 * low.length {
            evaluations += 1
            let point = trial(low.minimum(with: high))
            if !point.isFinite || !hasDecreased(point) || point.value > low.value + rounding {
                high = LineEnd(point)
                continue
            }
            if isFlat(point) { return point }
            if point.slope * (high.length - low.length) >= 0 { high = low }
            low = LineEnd(point)
        }
        return low.trial
    }

    /// Near the minimum the change of the value drowns in its rounding; there the slope tells instead (Hager and
    /// Zhang 2005, SIAM J. Optim. 16, 170).
    private func hasDecreased(_ point: LineTrial) -> Bool {
        if point.value <= value + Self.decrease * point.length * slope { return true }
        return point.value <= value + rounding && point.slope <= -0.8 * slope
    }

    private var rounding: Double { 1e-14 * abs(value) }

    private func isFlat(_ point: LineTrial) -> Bool { abs(point.slope) <= -Self.flattening * slope }
}

/// One end of a bracket.
private struct LineEnd {
    let length: Double
    let value: Double
    let slope: Double
    let trial: LineTrial?

    init(length: Double, value: Double, slope: Double, trial: LineTrial?) {
        self.length = length
        self.value = value
        self.slope = slope
        self.trial = trial
    }

    init(_ trial: LineTrial) {
        self.init(length: trial.length, value: trial.value, slope: trial.slope, trial: trial)
    }

    /// The minimum of the cubic through both ends, or the middle where that is too near to an end or undefined.
    func minimum(with other: LineEnd) -> Double {
        let middle = (length + other.length) / 2
        guard other.value.isFinite, other.slope.isFinite else { return middle }
        let first = slope + other.slope - 3 * (value - other.value) / (length - other.length)
        let square = first * first - slope * other.slope
        guard square >= 0 else { return middle }
        let second = square.squareRoot() * (other.length > length ? 1 : -1)
        let fraction = (other.slope + second - first) / (other.slope - slope + 2 * second)
        let point = other.length - (other.length - length) * fraction
        let margin = 0.1 * abs(other.length - length)
        let inner = (min(length, other.length) + margin)...(max(length, other.length) - margin)
        return inner.contains(point) ? point : middle
    }
}
