/// Square root of a variance: 0 where rounding left it below zero, NaN where it is not known.
///
/// `max(0, variance)` is 0 for NaN, and a deviation of 0 says that a number is known exactly.
public func standardDeviation(ofVariance variance: Double) -> Double {
    variance < 0 ? 0 : variance.squareRoot()
}

/// The number of the range that is nearest; NaN where the value is, which `min` and `max` would take for an end of it.
public func confined(_ value: Double, to range: ClosedRange<Double>) -> Double {
    value < range.lowerBound ? range.lowerBound : value > range.upperBound ? range.upperBound : value
}
