import Concurrent
public import Quantities

/// The location of a sample that a few wild values do not move.
public struct RobustMean: Hashable, Sendable {
    public enum Method: String, CaseIterable, Codable, Sendable {
        case median
        /// M-estimate with Huber's function at k = 1.345 (95 % efficient for Gaussian values; Huber 1964, Ann. Math.
        /// Stat. 35, 73), scale fixed at 1.4826 x median absolute deviation.
        case huber
    }

    static let tuning = 1.345

    public let method: Method
    /// Location with the standard deviation of its bootstrap distribution.
    public let figure: Estimate
    /// Central 95 % of the bootstrap distribution; wider on one side where the sample is skewed.
    public let lower95: Double
    public let upper95: Double
    public let count: Int
    /// 1.4826 x median absolute deviation of the sample.
    public let scale: Double

    /// - Parameters:
    ///   - draws: bootstrap samples (Efron 1979, Ann. Stat. 7, 1).
    ///   - seed: of the samples; the result depends on nothing else.
    /// Nil for fewer than three finite values.
    public init?(_ values: [Double], method: Method = .huber, draws: Int = 1000, seed: UInt64 = 1) {
        let sample = values.filter(\.isFinite)
        guard sample.count >= 3, draws >= 2 else { return nil }
        self.method = method
        count = sample.count
        scale = OrderStatistics(sample).robustSigma
        let centre = Self.location(sample, method)
        var random = RandomStream(seed: seed, stream: 0)
        let locations = (0..<draws).map { _ in
            Self.location(
                sample.map { _ in sample[Int.random(in: 0..<sample.count, using: &random)] },
                method
            )
        }
        let mean = locations.reduce(0, +) / Double(draws)
        let squares = locations.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let order = OrderStatistics(locations)
        figure = Estimate(mean: centre, standardDeviation: (squares / Double(draws - 1)).squareRoot())
        (lower95, upper95) = (order.quantile(0.025), order.quantile(0.975))
    }

    static func location(_ sample: [Double], _ method: Method) -> Double {
        let order = OrderStatistics(sample)
        let scale = order.robustSigma
        guard method == .huber, scale > 0 else { return order.median }
        var location = order.median
        for _ in 0..<200 {
            var sum = 0.0
            var weights = 0.0
            for value in sample {
                let distance = abs(value - location) / scale
                let weight = distance <= tuning ? 1 : tuning / distance
                sum += weight * value
                weights += weight
            }
            let next = sum / weights
            let isSettled = abs(next - location) <= 1e-12 * scale
            location = next
            if isSettled { break }
        }
        return location
    }
}

/// A plain mean that its own sample forbids.
public struct MeanRefusal: Fault, Equatable {
    public enum Reason: String, Codable, Sendable {
        /// The standard deviation is far above what the middle of the sample shows: failed fits dominate the mean.
        case heavyTails = "heavy_tails"
        /// The standard error is too large a part of the median.
        case uncertainMean = "uncertain_mean"
        case tooFew = "too_few"
    }

    public let reason: Reason
    /// Standard deviation over 1.4826 x median absolute deviation, or standard error over the median.
    public let ratio: Double
    public let limit: Double

    public var exitStatus: ExitStatus { .badData }
    public var what: String {
        switch reason {
        case .heavyTails:
            "the mean would be that of a few failed fits: spread \(ratio) of its middle, at most \(limit)"
        case .uncertainMean: "the mean is known to \(ratio) of the median only, at most \(limit)"
        case .tooFew: "\(ratio) values have no mean, \(limit) are needed"
        }
    }
    public var place: String { "" }
    public var remedy: String { "use the robust mean of gated estimates" }
}

/// Lets a plain mean pass only where its variance is that of the sample's middle.
public struct VarianceGuard: Hashable, Sendable {
    /// Greatest standard deviation in robust ones; about 1 for Gaussian samples, 2 is passed by under 1 % of
    /// Gaussian samples of twenty.
    public var greatestSpread = 2.0
    /// Greatest standard error as a part of the median's magnitude.
    public var greatestRelativeError = 0.2

    public init() {}

    /// - Throws: ``MeanRefusal``.
    public func mean(_ values: [Double]) throws(MeanRefusal) -> Estimate {
        let sample = values.filter(\.isFinite)
        let count = Double(sample.count)
        guard sample.count >= 3 else { throw MeanRefusal(reason: .tooFew, ratio: count, limit: 3) }
        let mean = sample.reduce(0) { $0 + $1 / count }
        let deviation = (sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
        let order = OrderStatistics(sample)
        let spread = deviation == 0 ? 0 : deviation / order.robustSigma
        guard spread <= greatestSpread else {
            throw MeanRefusal(reason: .heavyTails, ratio: spread, limit: greatestSpread)
        }
        let error = deviation / count.squareRoot()
        guard error <= greatestRelativeError * abs(order.median) else {
            let ratio = error / abs(order.median)
            throw MeanRefusal(reason: .uncertainMean, ratio: ratio, limit: greatestRelativeError)
        }
        return Estimate(mean: mean, standardDeviation: error)
    }
}
