public import Quantities

/// What the air would hold without the sources looked for: a mole fraction at any moment, with its uncertainty.
public protocol Background: Sendable {
    /// Whose readings it comes from.
    var station: String { get }
    var instrument: String { get }
    var scale: CalibrationScale { get }
    /// ppm; nil where the background is not known.
    func estimate(at time: Instant) -> Estimate?
}

/// Readings of one instrument that a background is made from: usable ones, in the order of time, on one scale.
struct BackgroundReadings {
    let station: String
    let instrument: String
    let scale: CalibrationScale
    let times: [Instant]
    let values: [Double]
    /// Mean standard uncertainty, ppm. It is taken as common to all readings, so that no averaging reduces it.
    let standardUncertainty: Double

    init(_ readings: [Reading], usableFlags: Set<QualityFlag>) throws(BackgroundError) {
        let usable = readings.filter { usableFlags.contains($0.flag) && $0.valuePartsPerMillion != nil }
            .sorted { ($0.time, $0.valuePartsPerMillion ?? 0) < ($1.time, $1.valuePartsPerMillion ?? 0) }
        guard let first = usable.first else { throw .nothingUsable(station: readings.first?.station ?? "") }
        let scales = Set(usable.map(\.scale))
        guard scales.count == 1 else {
            throw .mixedScales(scales.sorted { $0.rawValue < $1.rawValue }, station: first.station)
        }
        let uncertainties = usable.compactMap(\.standardUncertaintyPartsPerMillion)
        guard uncertainties.count == usable.count else {
            throw .unknownUncertainty(station: first.station)
        }
        station = first.station
        instrument = first.instrument
        scale = first.scale
        times = usable.map(\.time)
        values = usable.compactMap(\.valuePartsPerMillion)
        standardUncertainty = Moments(uncertainties).mean
    }
}

/// The smooth curve of a long record: of the day means of its usable readings, each at their mean time.
public struct CurveBackground: Background {
    public let station: String
    public let instrument: String
    public let scale: CalibrationScale
    public let fit: CurveFit
    private let readingUncertainty: Double

    /// - Parameter readings: of one instrument, in any order.
    /// - Throws: ``BackgroundError`` when nothing can be used, scales are mixed, or the record carries no curve.
    public init(
        of readings: [Reading],
        usableFlags: Set<QualityFlag> = [.good],
        settings: CurveFitSettings = CurveFitSettings()
    ) throws(BackgroundError) {
        let source = try BackgroundReadings(readings, usableFlags: usableFlags)
        let days = Dictionary(grouping: source.times.indices) {
            AggregateInterval.day.index(of: source.times[$0])
        }
        let inOrder = days.keys.sorted().compactMap { days[$0] }
        let years = inOrder.map { day in Moments(day.map { source.times[$0].decimalYear }).mean }
        let means = inOrder.map { day in Moments(day.map { source.values[$0] }).mean }
        do {
            fit = try CurveFit(years: years, values: means, settings: settings)
        } catch {
            throw .noCurve(error, station: source.station)
        }
        (station, instrument, scale) = (source.station, source.instrument, source.scale)
        readingUncertainty = source.standardUncertainty
    }

    /// The curve with its own uncertainty and that of the readings, ppm. The day before the first mean and that
    /// after the last have the values of the ends; farther out there is none.
    public func estimate(at time: Instant) -> Estimate? {
        let years = fit.years
        let year = time.decimalYear
        let nearest = min(max(year, years[0]), years[years.count - 1])
        guard abs(year - nearest) <= 1 / 365.0, let smooth = fit.smooth(at: nearest) else { return nil }
        let curve = fit.smoothStandardUncertainty(at: nearest)
        return Estimate(
            mean: smooth,
            standardDeviation: (curve * curve + readingUncertainty * readingUncertainty).squareRoot()
        )
    }
}

/// Of 365-day years, as the curve counts them.
private func wholeDays(_ years: Double) -> Int { Int(exactly: (years * 365).rounded(.down)) ?? 0 }

/// Readings from which no background can be made, or that it cannot be taken from.
public enum BackgroundError: Fault, Equatable {
    case nothingUsable(station: String)
    case unknownUncertainty(station: String)
    case mixedScales([CalibrationScale], station: String)
    case noCurve(CurveFitError, station: String)
    /// Two instruments without a scale in common have no difference.
    case noCommonScale(CalibrationScale, background: CalibrationScale, station: String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .nothingUsable: "there is no usable reading to make a background from"
        case .unknownUncertainty: "readings of the background state no uncertainty"
        case .mixedScales(let scales, _):
            "the background mixes scales (\(scales.map(\.rawValue).joined(separator: ", ")))"
        case .noCurve(.tooFewValues(let count, let needed), _):
            "the smooth curve needs \(needed) days with usable readings of the gas, there are \(count)"
        case .noCurve(.tooShort(let years, let needed), _):
            "the smooth curve needs a record of \(wholeDays(needed)) days, there are \(wholeDays(years))"
        case .noCurve(let error, _): error.what
        case .noCommonScale(let scale, let background, _):
            "a reading on scale `\(scale)` has no difference from a background on `\(background)`"
        }
    }

    public var place: String {
        switch self {
        case .nothingUsable(let station), .unknownUncertainty(let station), .mixedScales(_, let station),
            .noCurve(_, let station), .noCommonScale(_, _, let station):
            station.isEmpty ? "" : "station \(station)"
        }
    }

    public var remedy: String {
        switch self {
        case .nothingUsable: "check station, gas, period and flags"
        case .unknownUncertainty: "state it in the network file"
        case .mixedScales: "bring them to one scale, e.g. with --scale WMO-CO2-X2019"
        case .noCurve(.tooFewValues, _), .noCurve(.tooShort, _):
            "take in more data or a wider --from and --to, or --background percentile"
        case .noCurve(let error, _): error.remedy
        case .noCommonScale: "calibrate both to one scale"
        }
    }
}
