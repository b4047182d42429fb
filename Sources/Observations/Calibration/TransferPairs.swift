import Foundation
import Geo
public import Quantities

/// Nights with wind: the air of a region is mixed, and instruments that stand apart measure the same.
public struct WindyNights: Codable, Equatable, Sendable {
    /// m s-1.
    public let minimumWindSpeed: Double
    /// Mean solar hours, 0 to 24; the night may pass midnight.
    public let fromHour: Double
    public let toHour: Double

    public init(minimumWindSpeed: Double, fromHour: Double, toHour: Double) {
        self.minimumWindSpeed = minimumWindSpeed
        self.fromHour = fromHour
        self.toHour = toHour
    }

    /// Whether a reading with this wind belongs; one without wind does not. Where no place is known the hours
    /// are those of UTC.
    func contains(_ reading: Reading) -> Bool {
        guard let wind = reading.conditions["ws"], wind >= minimumWindSpeed else { return false }
        let hours = reading.time.secondsSince1970 / 3600 + (reading.position?.longitude ?? 0) / 15
        let hour = hours - 24 * (hours / 24).rounded(.down)
        return fromHour <= toHour ? (fromHour..<toHour).contains(hour) : hour >= fromHour || hour < toHour
    }
}

/// Minute means of an instrument and of its reference, in the order of time.
public struct TransferPairs: Sendable {
    /// Means of what the instrument showed, brought to dry air, ppm.
    public let responses: [Double]
    /// Means of the predictors, minute by minute.
    public let predictors: [[Double]]
    /// ppm.
    public let references: [Double]
    public let times: [Instant]
    /// Mean standard uncertainty of the reference, ppm; nil when it states none.
    public let referenceStandardUncertainty: Double?
    /// Of the reference, in the order of their names.
    public let scales: [CalibrationScale]

    /// - Parameters:
    ///   - readings: of the instrument, in any order. What failed a test is left out.
    ///   - reference: of the reference; what is not good, or was not tested, is left out.
    public init(
        _ plan: TransferPlan,
        _ readings: [Reading],
        _ reference: [Reading],
        _ dryAir: DryAirCorrection? = nil
    ) {
        let own = Self.minutes(readings, plan, predictors: plan.predictors, dryAir, windy: plan.windyNights) {
            $0.flag != .fail && $0.flag != .missing
        }
        let usable = reference.filter {
            ($0.flag == .good || $0.flag == .notEvaluated) && $0.valuePartsPerMillion != nil
                && $0.bottle == nil
        }
        let other = Self.minutes(usable, plan, predictors: [], nil, windy: nil) { _ in true }
        let common = own.keys.filter { other[$0] != nil }.sorted()
        times = common.map { Instant(microseconds: $0 * AggregateInterval.minute.microseconds) }
        responses = common.map { own[$0]?[0] ?? .nan }
        predictors = common.map { Array(own[$0]?.dropFirst() ?? []) }
        references = common.map { other[$0]?[0] ?? .nan }
        let inPeriods = usable.filter { reading in plan.periods.contains { $0.contains(reading.time) } }
        let uncertainties = inPeriods.compactMap(\.standardUncertaintyPartsPerMillion)
        let isStated = !uncertainties.isEmpty && uncertainties.count == inPeriods.count
        referenceStandardUncertainty = isStated ? Moments(uncertainties.sorted()).mean : nil
        scales = Set(inPeriods.map(\.scale)).sorted { $0.rawValue < $1.rawValue }
    }

    /// Means of value and predictors by minute.
    private static func minutes(
        _ readings: [Reading],
        _ plan: TransferPlan,
        predictors: [String],
        _ dryAir: DryAirCorrection?,
        windy: WindyNights?,
        _ isUsable: (Reading) -> Bool
    ) -> [Int64: [Double]] {
        var rows: [Int64: [[Double]]] = [:]
        for reading in readings where isUsable(reading) && reading.bottle == nil {
            guard plan.periods.contains(where: { $0.contains(reading.time) }),
                windy?.contains(reading) ?? true, let shown = reading.valuePartsPerMillion
            else { continue }
            let dry = dryAir.map { $0.dry(shown, reading.conditions) } ?? shown
            let values = predictors.compactMap { reading.conditions[$0] }
            guard let dry, values.count == predictors.count else { continue }
            rows[AggregateInterval.minute.index(of: reading.time), default: []].append([dry] + values)
        }
        return rows.mapValues { rows in
            // Sorted, so that the order of arrival does not reach the last digit.
            (0...predictors.count).map { column in Moments(rows.map { $0[column] }.sorted()).mean }
        }
    }
}

/// A transfer that cannot be made.
public enum TransferError: Fault, Equatable {
    case tooFewPairs(Int, needed: Int)
    /// The reference's values reach over this, ppm.
    case narrow(Double, needed: Double)
    case constant(predictor: String)
    /// A predictor that the others nearly determine, with its variance inflation factor.
    case collinear(predictor: String, inflation: Double)
    case mixedScales([CalibrationScale])

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .tooFewPairs(let count, let needed):
            "\(count) minutes beside the reference, and the transfer needs \(needed)"
        case .narrow(let span, let needed):
            "the reference reaches over \(span) ppm, and the transfer needs \(needed)"
        case .constant(let predictor): "`\(predictor)` does not vary beside the reference"
        case .collinear(let predictor, let inflation):
            "`\(predictor)` is nearly determined by the others (variance inflation \(inflation.rounded()))"
        case .mixedScales(let scales):
            "the reference is on several scales (\(scales.map(\.rawValue).joined(separator: ", ")))"
        }
    }

    public var place: String { "calibration by transfer" }

    public var remedy: String {
        switch self {
        case .tooFewPairs, .narrow: "add periods beside the reference"
        case .constant, .collinear: "take it off `predictors`"
        case .mixedScales: "choose periods in which it is on one"
        }
    }
}
