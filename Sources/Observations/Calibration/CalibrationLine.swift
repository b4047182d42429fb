/// Covariance of the two coefficients of a line.
public struct LineCovariance: Codable, Equatable, Sendable {
    /// Variance of the intercept, ppm2.
    public let intercept: Double
    /// Covariance of intercept and slope, ppm.
    public let both: Double
    /// Variance of the slope.
    public let slope: Double

    public init(intercept: Double, both: Double, slope: Double) {
        self.intercept = intercept
        self.both = both
        self.slope = slope
    }

    static let zero = LineCovariance(intercept: 0, both: 0, slope: 0)

    /// Variance of what the line gives for a response, ppm2; rounding never makes it negative.
    public func variance(at response: Double) -> Double {
        max(0, intercept + response * (2 * both + response * slope))
    }

    static func + (a: Self, b: Self) -> Self {
        Self(intercept: a.intercept + b.intercept, both: a.both + b.both, slope: a.slope + b.slope)
    }

    func scaled(_ factor: Double) -> Self {
        Self(intercept: intercept * factor, both: both * factor, slope: slope * factor)
    }
}

/// A bottle: what the instrument showed, and what is in it.
struct CalibrationPoint: Equatable, Sendable {
    let response: Double
    let responseVariance: Double
    let value: Double
    let valueVariance: Double
}

/// value = slope x response + intercept, with the uncertainty that comes from the runs kept apart from that of
/// the certificates: the latter is the same at every calibration with the same bottles.
struct CalibrationLine: Equatable, Sendable {
    let slope: Double
    let intercept: Double
    let fromRuns: LineCovariance
    let fromCertificates: LineCovariance
    /// Root mean square of value minus line, ppm.
    let rootMeanSquare: Double
    let count: Int

    var covariance: LineCovariance { fromRuns + fromCertificates }

    func value(_ response: Double) -> Double { slope * response + intercept }
    func response(_ value: Double) -> Double { (value - intercept) / slope }
}

extension CalibrationLine {
    /// Least squares with uncertainties of both coordinates, by the effective variance (Orear 1982, American
    /// Journal of Physics 50, 912). From three points on, scatter beyond what the uncertainties explain widens
    /// the part of the runs (Birge 1932, Physical Review 40, 207).
    ///
    /// - Returns: nil below two points, or when the instrument shows the same, or a falling response.
    init?(fitting points: [CalibrationPoint]) {
        guard points.count >= 2 else { return nil }
        var slope = 1.0
        var sums = WeightedSums(points, slope: slope)
        for _ in 0..<20 {
            guard let next = sums.slope, next.isFinite, next > 0 else { return nil }
            let isSettled = abs(next - slope) <= 1e-13 * next
            slope = next
            sums = WeightedSums(points, slope: slope)
            if isSettled { break }
        }
        guard let slope = sums.slope, slope.isFinite, slope > 0 else { return nil }
        let intercept = sums.meanValue - slope * sums.meanResponse
        let residuals = points.map { $0.value - slope * $0.response - intercept }
        let birge = Self.birge(points, residuals, slope: slope)
        self.slope = slope
        self.intercept = intercept
        fromRuns = sums.covariance(points) { slope * slope * $0.responseVariance }.scaled(birge)
        fromCertificates = sums.covariance(points, \.valueVariance)
        rootMeanSquare = (residuals.reduce(0) { $0 + $1 * $1 } / Double(points.count)).squareRoot()
        count = points.count
    }

    private static func birge(_ points: [CalibrationPoint], _ residuals: [Double], slope: Double) -> Double {
        guard points.count > 2 else { return 1 }
        let chiSquare = zip(points, residuals).reduce(0) { sum, pair in
            sum + pair.1 * pair.1 / pair.0.effectiveVariance(slope: slope)
        }
        return max(1, chiSquare / Double(points.count - 2))
    }

    /// One bottle moves the line without turning it.
    init(through point: CalibrationPoint, slope: Double, slopeVariance: Double) {
        self.slope = slope
        intercept = point.value - slope * point.response
        let response = point.response
        fromRuns = LineCovariance(
            intercept: slope * slope * point.responseVariance + response * response * slopeVariance,
            both: -response * slopeVariance,
            slope: slopeVariance
        )
        fromCertificates = LineCovariance(intercept: point.valueVariance, both: 0, slope: 0)
        rootMeanSquare = 0
        count = 1
    }
}

extension CalibrationPoint {
    fileprivate func effectiveVariance(slope: Double) -> Double {
        max(valueVariance + slope * slope * responseVariance, .leastNormalMagnitude)
    }
}

/// The sums of a weighted regression about its weighted means.
private struct WeightedSums {
    let weights: [Double]
    let total: Double
    let meanResponse: Double
    let meanValue: Double
    let squares: Double
    let products: Double

    init(_ points: [CalibrationPoint], slope: Double) {
        // Relative to the smallest variance, so that certificates taken as exact do not overflow.
        let variances = points.map { $0.effectiveVariance(slope: slope) }
        let smallest = variances.min() ?? 1
        weights = variances.map { smallest / $0 }
        total = weights.reduce(0, +)
        var (response, value) = (0.0, 0.0)
        for (point, weight) in zip(points, weights) {
            response += weight * point.response
            value += weight * point.value
        }
        meanResponse = response / total
        meanValue = value / total
        var (squares, products) = (0.0, 0.0)
        for (point, weight) in zip(points, weights) {
            let distance = point.response - meanResponse
            squares += weight * distance * distance
            products += weight * distance * (point.value - meanValue)
        }
        self.squares = squares
        self.products = products
    }

    /// Nil where the responses do not differ beyond rounding.
    var slope: Double? {
        let rounding = 1e-9 * max(abs(meanResponse), 1)
        return squares > total * rounding * rounding ? products / squares : nil
    }

    /// Intercept and slope are sums of the values times these weights: their errors add up accordingly.
    func covariance(
        _ points: [CalibrationPoint],
        _ variance: (CalibrationPoint) -> Double
    ) -> LineCovariance {
        var covariance = LineCovariance.zero
        for (point, weight) in zip(points, weights) {
            let inSlope = weight * (point.response - meanResponse) / squares
            let inIntercept = weight / total - meanResponse * inSlope
            covariance =
                covariance
                + LineCovariance(
                    intercept: inIntercept * inIntercept,
                    both: inIntercept * inSlope,
                    slope: inSlope * inSlope
                ).scaled(variance(point))
        }
        return covariance
    }
}
