public import Quantities

/// What is to be said with a ``GapFilledMap``.
public struct KrigingSummary: Codable, Hashable, Sendable {
    public let gas: Gas
    public let scale: CalibrationScale
    public let model: VariogramModel
    /// False when the data show no length over which columns are correlated.
    public let isLengthResolved: Bool
    /// Where the correlation has fallen to 0.05.
    public let rangeKilometres: Double
    public let rangeDays: Double?
    /// False when the data show no duration over which columns are correlated; nil without time.
    public let isDurationResolved: Bool?
    /// Cells farther than that from all soundings are not filled: the range, but no farther than pairs were looked at.
    public let reachKilometres: Double
    /// The longest distance that pairs were looked at.
    public let longestKilometres: Double
    /// Cells with soundings, filled, beyond the range, and not known.
    public let observedCells: Int
    public let interpolatedCells: Int
    public let extrapolatedCells: Int
    public let unknownCells: Int
    /// Of the cross-validation: how many, ppm, ppm, and 1 when the standard deviations are right; nil without any.
    public let crossValidated: Int
    public let meanError: Double?
    public let rootMeanSquareError: Double?
    public let standardisedRootMeanSquare: Double?
    public let sharedPartsPerMillion: Double

    public init(_ map: GapFilledMap) {
        let counts = map.stateCounts
        let check = map.crossValidation
        gas = map.gas
        scale = map.scale
        model = map.fit.model
        isLengthResolved = map.fit.isLengthResolved
        rangeKilometres = map.fit.model.rangeKilometres
        rangeDays = map.fit.model.rangeDays
        isDurationResolved = map.fit.isDurationResolved
        reachKilometres = map.fit.reachKilometres
        longestKilometres = map.fit.longestKilometres
        observedCells = counts[Int(GapState.observed.rawValue)]
        interpolatedCells = counts[Int(GapState.interpolated.rawValue)]
        extrapolatedCells = counts[Int(GapState.extrapolated.rawValue)]
        unknownCells = counts[Int(GapState.unknown.rawValue)]
        crossValidated = check.count
        meanError = check.count > 0 ? check.meanError : nil
        rootMeanSquareError = check.count > 0 ? check.rootMeanSquareError : nil
        standardisedRootMeanSquare = check.count > 0 ? check.standardisedRootMeanSquare : nil
        sharedPartsPerMillion = map.sharedPartsPerMillion
    }

    /// For a terminal.
    public var lines: [String] {
        let factor = gas == .co2 ? 1.0 : 1000
        let unit = gas == .co2 ? "ppm" : "ppb"
        var lines = [
            "kriging: \(model.family.rawValue) variogram, standard deviation "
                + "\(rounded(model.sill.squareRoot() * factor, 3)) \(unit) (root of the sill), range \(rangeText)",
            "cells: \(observedCells) observed, \(interpolatedCells) filled, \(extrapolatedCells) left empty, farther "
                + "than \(whole(reachKilometres)) km from all soundings",
        ]
        if let meanError, let rootMeanSquareError, let standardisedRootMeanSquare {
            lines.append(
                "left out one by one (\(crossValidated)): mean error \(rounded(meanError * factor, 3)) \(unit), RMS "
                    + "\(rounded(rootMeanSquareError * factor, 3)) \(unit), standardised "
                    + "\(rounded(standardisedRootMeanSquare, 2))"
            )
        }
        return lines
    }

    /// A range that the data do not show is an extrapolation, and is called so.
    private var rangeText: String {
        var text = "\(whole(rangeKilometres)) km"
        if !isLengthResolved || rangeKilometres > longestKilometres {
            let verdict = isLengthResolved ? "an extrapolation" : "not resolved"
            text += " (\(verdict): pairs were looked at up to \(whole(longestKilometres)) km)"
        }
        guard let rangeDays else { return text }
        text += " and \(rounded(rangeDays, 1)) days"
        return isDurationResolved == false ? text + " (not resolved by the lags there are)" : text
    }

    private func whole(_ number: Double) -> String {
        Int(exactly: number.rounded()).map { "\($0)" } ?? "\(number)"
    }
}
