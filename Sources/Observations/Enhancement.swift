import Quantities

/// By how much a reading exceeds the background.
public struct Enhancement: Equatable, Sendable {
    /// ppm.
    public let backgroundPartsPerMillion: Double
    public let backgroundStandardUncertaintyPartsPerMillion: Double
    /// Value minus background, ppm.
    public let partsPerMillion: Double
    /// Of the reading and the background in quadrature, ppm; nil when the reading states none. What is wrong
    /// with both alike, as the calibration of one instrument, cancels in the difference; how much that is,
    /// nobody states, so it is not counted on, and the figure is an upper bound for one instrument.
    public let standardUncertaintyPartsPerMillion: Double?
}

extension Reading {
    /// - Returns: nil when the reading has no value or the background is not known at its time.
    /// - Throws: ``BackgroundError/noCommonScale(_:background:station:)``: of two instruments both must be tied
    ///   to the same scale; one instrument's readings need only agree with each other.
    public func enhancement(over background: some Background) throws(BackgroundError) -> Enhancement? {
        let isSameInstrument = station == background.station && instrument == background.instrument
        let isTied = scale != .uncalibrated && scale != .unstated
        guard scale == background.scale, isSameInstrument || isTied else {
            throw .noCommonScale(scale, background: background.scale, station: station)
        }
        guard let value = valuePartsPerMillion, let estimate = background.estimate(at: time) else {
            return nil
        }
        let deviation = estimate.standardDeviation
        return Enhancement(
            backgroundPartsPerMillion: estimate.mean,
            backgroundStandardUncertaintyPartsPerMillion: deviation,
            partsPerMillion: value - estimate.mean,
            standardUncertaintyPartsPerMillion: standardUncertaintyPartsPerMillion.map {
                ($0 * $0 + deviation * deviation).squareRoot()
            }
        )
    }
}
