/// The standard uncertainty of a mean over a window, from two parts that are combined in quadrature.
///
/// - What the readings are uncertain by themselves. A reading states one figure, in which the error of the
///   calibration and of the scale is common to the window and repeatability is not. As nobody tells them apart,
///   all of it is taken as fully correlated: the mean is as uncertain as its readings are on average, however
///   many there are. This is an upper bound.
/// - What the missing part of the window might have been: s² (1 - c) / m, with the completeness c as in sampling
///   from a finite population (Cochran 1977, Sampling Techniques, section 2.6), so that nothing is added where
///   nothing is missing. Successive values are correlated: with their lag-1 autocorrelation r, n of them count
///   as m = n (1 - r) / (1 + r), at least one and at most n (Wilks 2011, Statistical Methods in the Atmospheric
///   Sciences, eq. 5.12). Below three values, r is not known and they count as one.
enum MeanUncertainty {
    /// - Parameters:
    ///   - values: what the mean is the mean of, in the order of time, ppm.
    ///   - readingUncertainty: the mean standard uncertainty of the readings, ppm; nil when one states none.
    /// - Returns: ppm; nil when it cannot be said: a reading without uncertainty, or a single value that stands
    ///   for a window of several.
    static func standardUncertainty(
        of values: [Double],
        readingUncertainty: Double?,
        completeness: Double
    ) -> Double? {
        guard let readingUncertainty, !values.isEmpty else { return nil }
        guard completeness < 1 else { return readingUncertainty }
        guard let variance = Moments(values).variance else { return nil }
        let sampling = variance * (1 - completeness) / independentCount(values)
        return (readingUncertainty * readingUncertainty + sampling).squareRoot()
    }

    /// How many independent values carry as much information on the mean.
    static func independentCount(_ values: [Double]) -> Double {
        guard values.count >= 3 else { return 1 }
        let mean = Moments(values).mean
        var covariance = 0.0
        var variance = 0.0
        for (index, value) in values.enumerated() {
            variance += (value - mean) * (value - mean)
            if index > 0 { covariance += (value - mean) * (values[index - 1] - mean) }
        }
        let count = Double(values.count)
        guard variance > 0 else { return count }
        let correlation = min(max(covariance / variance, 0), 1)
        return max(1, count * (1 - correlation) / (1 + correlation))
    }
}

/// Mean and variance by two passes over values in a fixed order.
struct Moments {
    let mean: Double
    /// Sample variance; nil below two values.
    let variance: Double?

    /// - Precondition: there is a value.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "there is nothing to average")
        let count = Double(values.count)
        // Relative to the first value, so that a constant series has exactly its value as mean.
        let origin = values[0]
        let mean = origin + values.reduce(0) { $0 + ($1 - origin) } / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        variance = values.count > 1 ? squares / (count - 1) : nil
    }
}
