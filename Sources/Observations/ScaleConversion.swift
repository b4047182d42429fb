public import Quantities

/// The linear relation between two calibration scales of one gas.
///
/// For CO2, X2019 = 1.00079 X2007 - 0.142 ppm from 250 to 520 ppm (Hall et al. 2021, AMT 14, 3015, section 5):
/// for archived values whose cylinders cannot be assigned anew. It is applied once, as a reading carries its
/// scale, and never to an instrument that was not tied to a scale.
public struct ScaleConversion: Equatable, Sendable {
    public let gas: Gas
    public let source: CalibrationScale
    public let target: CalibrationScale
    /// Mole fractions on the source scale for which the relation was established, ppm.
    public let validPartsPerMillion: ClosedRange<Double>
    private let slope: Double
    private let interceptPartsPerMillion: Double

    /// - Throws: ``ScaleConversionError`` when the source is no scale or no relation is known. Between a scale
    ///   and itself the conversion changes nothing.
    public init(
        of gas: Gas,
        from source: CalibrationScale,
        to target: CalibrationScale
    ) throws(ScaleConversionError) {
        let untied: Set<CalibrationScale> = [.uncalibrated, .unstated]
        guard !untied.contains(source) else { throw .noScale(source, target: target) }
        let isKnown =
            source == target
            || (gas == .co2 && Set([source, target]) == Set([.co2X2007, .co2X2019]))
        guard isKnown else { throw .unknown(gas, source: source, target: target) }
        self.gas = gas
        self.source = source
        self.target = target
        switch (source, target) {
        case (.co2X2007, .co2X2019):
            (slope, interceptPartsPerMillion) = (x2019PerX2007, x2019Offset)
            validPartsPerMillion = x2007Range
        case (.co2X2019, .co2X2007):
            (slope, interceptPartsPerMillion) = (1 / x2019PerX2007, -x2019Offset / x2019PerX2007)
            validPartsPerMillion = x2019Range
        default:
            (slope, interceptPartsPerMillion) = (1, 0)
            validPartsPerMillion = -Double.infinity...Double.infinity
        }
    }

    /// A mole fraction on the target scale, ppm.
    /// - Throws: ``ScaleConversionError/outOfRange(_:valid:target:)`` where the relation was not established.
    public func callAsFunction(_ partsPerMillion: Double) throws(ScaleConversionError) -> Double {
        guard validPartsPerMillion.contains(partsPerMillion) else {
            throw .outOfRange(partsPerMillion, valid: validPartsPerMillion, target: target)
        }
        return slope * partsPerMillion + interceptPartsPerMillion
    }
}

private let x2019PerX2007 = 1.00079
private let x2019Offset = -0.142
private let x2007Range = 250.0...520.0
/// The same air on the other scale.
private let x2019Range = 250.0555...520.2688

extension Reading {
    /// The same reading on another calibration scale; its standard uncertainty is multiplied by the slope. A
    /// reading without a value only changes its label.
    /// - Throws: ``ScaleConversionError``; nothing is clamped or guessed.
    public func converted(to target: CalibrationScale) throws(ScaleConversionError) -> Reading {
        guard scale != target else { return self }
        let conversion = try ScaleConversion(of: gas, from: scale, to: target)
        var value = valuePartsPerMillion
        if let given = value { value = try conversion(given) }
        return Reading(
            station: station,
            instrument: instrument,
            gas: gas,
            time: time,
            valuePartsPerMillion: value,
            scale: target,
            position: position,
            standardUncertaintyPartsPerMillion: standardUncertaintyPartsPerMillion.map(conversion.scaled),
            flag: flag,
            tests: tests,
            conditions: conditions,
            bottle: bottle
        )
    }
}

extension ScaleConversion {
    /// A standard uncertainty, ppm, on the target scale.
    func scaled(_ standardUncertainty: Double) -> Double { slope * standardUncertainty }
}

/// A conversion between scales that nobody can make.
public enum ScaleConversionError: Fault, Equatable {
    /// The instrument was tied to no scale, or the source does not say to which.
    case noScale(CalibrationScale, target: CalibrationScale)
    case unknown(Gas, source: CalibrationScale, target: CalibrationScale)
    case outOfRange(Double, valid: ClosedRange<Double>, target: CalibrationScale)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .noScale(let source, let target): "`\(source)` is no scale that leads to \(target)"
        case .unknown(let gas, let source, let target):
            "no relation of \(gas.rawValue) from \(source) to \(target) is known"
        case .outOfRange(let value, let valid, let target):
            "\(value) ppm lies outside \(valid.lowerBound) to \(valid.upperBound) ppm, "
                + "where the relation to \(target) holds"
        }
    }

    public var place: String { "" }

    public var remedy: String {
        switch self {
        case .noScale: "calibrate the instrument; a scale is not added afterwards"
        case .unknown: "only WMO-CO2-X2007 and WMO-CO2-X2019 are converted into each other"
        case .outOfRange: "leave such readings out, e.g. with --flags good"
        }
    }
}
