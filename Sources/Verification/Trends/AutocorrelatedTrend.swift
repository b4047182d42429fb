/// Mann-Kendall tests for series whose neighbours resemble each other.
///
/// Independent values are what the plain test assumes; positive autocorrelation makes it find trends that are none.
public struct AutocorrelatedTrend: Hashable, Sendable {
    public enum Method: String, CaseIterable, Codable, Sendable {
        /// The variance of S corrected by the significant autocorrelations of the ranks of the detrended series
        /// (Hamed and Rao 1998, J. Hydrol. 204, 182).
        case hamedRao = "hamed_rao"
        /// Trend removed, lag-1 autocorrelation removed, trend put back (Yue, Pilon, Phinney and Cavadias 2002,
        /// Hydrol. Process. 16, 1807).
        case trendFreePreWhitening = "trend_free_pre_whitening"
    }

    public let method: Method
    /// Score, variance and tau of the corrected test; its exact distribution does not hold here.
    public let test: MannKendall
    /// Of the given series, per step.
    public let slope: SenSlope
    /// Hamed-Rao: corrected over plain variance, below 0 where the correction cannot be made and the plain
    /// variance was kept; pre-whitening: the lag-1 autocorrelation taken out.
    public let correction: Double
    /// False where the plain test had to be kept.
    public let isCorrected: Bool

    public var probability: TestProbability {
        TestProbability(value: twoSidedNormalProbability(zScore: test.zScore), null: .normal)
    }

    /// - Parameter significance: level at which an autocorrelation counts (Hamed-Rao).
    /// - Throws: ``TrendError``; a series of fewer than four values.
    public init(_ values: [Double], method: Method, significance: Double = 0.05) throws(TrendError) {
        guard values.filter({ !$0.isNaN }).count >= 4 else {
            throw .tooShort(count: values.filter { !$0.isNaN }.count, least: 4)
        }
        let slope = try SenSlope(values)
        let present = try MannKendall.present(values)
        let detrended = present.enumerated().map { $1 - Double($0 + 1) * slope.slope }
        self.method = method
        self.slope = slope
        switch method {
        case .hamedRao:
            let plain = MannKendall(present: present)
            let factor = Self.varianceFactor(of: ranks(detrended), significance: significance)
            isCorrected = factor > 0
            correction = factor
            test = isCorrected ? MannKendall(present: present, variance: plain.variance * factor) : plain
        case .trendFreePreWhitening:
            let lagged = autocorrelations(detrended, lags: 1)[1]
            isCorrected = lagged.isFinite
            let removed = lagged.isFinite ? lagged : 0
            correction = removed
            let whitened = (1..<detrended.count).map {
                detrended[$0] - detrended[$0 - 1] * removed + Double($0) * slope.slope
            }
            test = MannKendall(present: isCorrected ? whitened : present)
        }
    }

    /// n / n*: 1 + 2 / (n (n-1) (n-2)) sum (n-i) (n-i-1) (n-i-2) rho(i) over the significant lags.
    private static func varianceFactor(of ranks: [Double], significance: Double) -> Double {
        let n = Double(ranks.count)
        let correlations = autocorrelations(ranks, lags: ranks.count - 1)
        let bound = normalQuantile(1 - significance / 2) / n.squareRoot()
        var sum = 0.0
        for lag in 1..<ranks.count where abs(correlations[lag]) > bound {
            let rest = n - Double(lag)
            sum += rest * (rest - 1) * (rest - 2) * correlations[lag]
        }
        return 1 + 2 / (n * (n - 1) * (n - 2)) * sum
    }
}

/// Sample autocorrelations for lags 0 ... `lags`, with the divisor n; NaN for a constant series.
private func autocorrelations(_ values: [Double], lags: Int) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    let centred = values.map { $0 - mean }
    let products = (0...lags).map { lag in
        zip(centred, centred.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return products.map { $0 / products[0] }
}

/// Ranks from 1, the mean rank where values tie.
private func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
        var end = start
        while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
        for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
        start = end + 1
    }
    return ranks
}
