import Foundation

/// The smooth curve and the trend of a long record, by which the background is told from local influence
/// (Thoning, Tans and Komhyr 1989, J. Geophys. Res. 94, 8549-8565; NOAA's ccgcrv).
///
/// A polynomial with harmonics is fitted; its residuals, interpolated to even steps, pass two low-pass filters
/// with the response 2^-(f / fc)^6. Function plus short-term filtered residuals is the smooth curve, polynomial
/// plus long-term filtered residuals the trend. A year has 365 days where the method counts days.
public struct CurveFit: Equatable, Sendable {
    public let function: CurveFunction
    /// Even steps, decimal years; the last is the last time of the record.
    public let years: [Double]
    /// Filtered residuals at `years`, ppm.
    let shortTerm: [Double]
    let longTerm: [Double]
    /// Days between even steps.
    public let stepDays: Double
    /// Standard deviation of the residuals from the function, ppm.
    public private(set) var residualDeviationFromFunction = 0.0
    /// Standard deviation of the residuals from the smooth curve, ppm.
    public private(set) var residualDeviationFromSmoothCurve = 0.0
    /// Standard deviation of the filtered residuals, ppm.
    private var filterDeviation = 0.0

    /// Fits a record.
    /// - Parameters:
    ///   - years: decimal years, see `Instant.decimalYear`; in any order, repeated times allowed.
    ///   - values: ppm, one for each time.
    ///   - timeZero: the year from which the polynomial counts; the first year of the record where nil.
    /// - Throws: ``CurveFitError`` when the record is shorter than a year, has fewer values than three a
    ///   parameter, or holds values that are not finite.
    public init(
        years: [Double],
        values: [Double],
        timeZero: Double? = nil,
        settings: CurveFitSettings = CurveFitSettings()
    ) throws(CurveFitError) {
        precondition(years.count == values.count, "times and values do not fit")
        if let index = years.indices.first(where: { !years[$0].isFinite || !values[$0].isFinite }) {
            throw .notFinite(index: index)
        }
        let needed = 3 * settings.parameterCount
        guard years.count >= needed else { throw .tooFewValues(years.count, needed: needed) }
        let order = years.indices.sorted { (years[$0], values[$0]) < (years[$1], values[$1]) }
        let times = order.map { years[$0] }
        let values = order.map { values[$0] }
        let span = times[times.count - 1] - times[0]
        guard span >= 1 else { throw .tooShort(years: span, needed: 1) }

        function = try CurveFunction(
            years: times,
            values: values,
            timeZero: timeZero ?? times[0].rounded(.down),
            settings
        )
        let function = function
        let residuals = zip(times, values).map { $1 - function.value(at: $0) }
        stepDays = evenStepDays(times)
        let filter = ResidualFilter(times: times, residuals: residuals, stepDays: stepDays, settings)
        self.years = filter.years
        shortTerm = filter.filtered(cutoffDays: settings.shortTermCutoffDays)
        longTerm = filter.filtered(cutoffDays: settings.longTermCutoffDays)
        residualDeviationFromFunction = Moments(residuals).variance?.squareRoot() ?? 0
        let fromSmooth = zip(times, values).map { $1 - (smooth(at: $0) ?? $1) }
        residualDeviationFromSmoothCurve = Moments(fromSmooth).variance?.squareRoot() ?? 0
        filterDeviation = filterStandardDeviation(
            residuals: fromSmooth,
            weights: filter.impulseResponse(cutoffDays: settings.shortTermCutoffDays)
        )
    }

    /// The smooth curve, ppm; nil outside the record.
    public func smooth(at year: Double) -> Double? {
        interpolated(at: year) { function.value(at: years[$0]) + shortTerm[$0] }
    }

    /// The trend, ppm; nil outside the record.
    public func trend(at year: Double) -> Double? {
        interpolated(at: year) { function.polynomial(at: years[$0]) + longTerm[$0] }
    }

    /// The smooth curve without its trend: the seasonal cycle, ppm; nil outside the record.
    public func detrended(at year: Double) -> Double? {
        smooth(at: year).flatMap { smooth in trend(at: year).map { smooth - $0 } }
    }

    /// Standard uncertainty of the smooth curve, ppm: of the function and of the filter in quadrature, for
    /// residuals whose autocorrelation decays as a power of that at lag one. The calibration of the record is
    /// not in it.
    public func smoothStandardUncertainty(at year: Double) -> Double {
        let variance = residualDeviationFromFunction * residualDeviationFromFunction
        return (variance * function.varianceFactor(at: year) + filterDeviation * filterDeviation).squareRoot()
    }

    private func interpolated(at year: Double, _ value: (Int) -> Double) -> Double? {
        guard let bracket = Bracket(of: year, in: years) else { return nil }
        return bracket.interpolated(value(bracket.lower), value(bracket.lower + 1))
    }
}

/// Mean distance of values more than a day apart, days; whole days where above one. As the reference does it,
/// so that curves agree.
private func evenStepDays(_ times: [Double]) -> Double {
    let day = 0.002739
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > day }
    guard !steps.isEmpty else { return 1 }
    let mean = steps.reduce(0, +) / Double(steps.count) * 365
    return mean > 1 ? mean.rounded(.toNearestOrEven) : mean
}

/// The standard deviation of filtered residuals: the weights of the filter on residuals with an autocorrelation
/// r^k at lag k (Thoning et al. 1989, section 3).
private func filterStandardDeviation(residuals: [Double], weights: [Double]) -> Double {
    let moments = Moments(residuals)
    guard let variance = moments.variance, variance > 0 else { return 0 }
    let products = zip(residuals.dropFirst(), residuals).map { ($0 - moments.mean) * ($1 - moments.mean) }
    let correlation = max(0, products.reduce(0, +) / (Double(residuals.count - 1) * variance))
    var sum = 0.0
    for lag in 0..<weights.count {
        let decay = pow(correlation, Double(lag))
        guard decay > 1e-5 else { break }
        let overlap = zip(weights.dropFirst(lag), weights).reduce(0) { $0 + $1.0 * $1.1 }
        sum += (lag == 0 ? 1 : 2) * decay * overlap
    }
    return (variance * max(0, sum)).squareRoot()
}
