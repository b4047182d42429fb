import Foundation

/// Dual averaging of the logarithm of the step size towards a wanted acceptance (Hoffman and Gelman 2014, JMLR 15,
/// 1593, section 3.2).
struct StepSizeAdaptation {
    private let target: Double
    private let anchor: Double
    private var count = 0.0
    private var deficit = 0.0
    private var averaged = 0.0
    private(set) var stepSize: Double

    init(initial: Double, target: Double) {
        self.target = target
        stepSize = initial
        anchor = log(10 * initial)
    }

    mutating func add(acceptance: Double) {
        count += 1
        deficit += (target - acceptance - deficit) / (count + 10)
        let logStep = anchor - count.squareRoot() / 0.05 * deficit
        stepSize = exp(logStep)
        averaged += pow(count, -0.75) * (logStep - averaged)
    }

    /// The step size to sample with.
    var settled: Double { count > 0 ? exp(averaged) : stepSize }
}

/// When the warm-up estimates what (Stan Reference Manual, "Automatic parameter tuning"): step size alone, then
/// windows that double in which the metric is estimated too, then step size alone.
struct WarmUpPlan {
    let length: Int
    private let first: Int
    private let last: Int
    /// Draws after which the metric is renewed, counted from 1.
    private let ends: Set<Int>

    init(length: Int) {
        self.length = length
        let isLong = length >= 150
        first = isLong ? 75 : length * 15 / 100
        last = isLong ? 50 : length * 10 / 100
        var ends: Set<Int> = []
        var window = isLong ? 25 : max(1, length - first - last)
        var end = first
        while end < length - last {
            // The last window takes what would not be enough for one of twice the size.
            end = end + 3 * window > length - last ? length - last : end + window
            ends.insert(end)
            window *= 2
        }
        self.ends = ends
    }

    func estimatesMetric(at draw: Int) -> Bool { draw >= first && draw < length - last }
    func renewsMetric(after draw: Int) -> Bool { ends.contains(draw + 1) }
}
