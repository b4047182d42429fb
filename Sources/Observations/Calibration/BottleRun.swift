public import Quantities

/// A stretch in which an instrument measured one bottle.
public struct BottleRun: Equatable, Sendable {
    /// Why a run does not count.
    public enum Rejection: Equatable, Sendable {
        /// Nobody certified the bottle for this time.
        case noCertificate
        case tooFewReadings(Int)
        /// Scatter, or the difference of its halves, ppm.
        case unstable(Double)
    }

    public let bottle: String
    /// Of the first and the last reading.
    public let start: Instant
    public let end: Instant
    /// Mean time of the readings after flushing.
    public let time: Instant
    /// Trimmed mean of what the instrument showed, ppm; NaN without readings.
    public let meanPartsPerMillion: Double
    /// Of the values after flushing, outliers brought to the trimming limits, ppm.
    public let standardDeviationPartsPerMillion: Double
    /// Of the mean, ppm.
    public let standardUncertaintyPartsPerMillion: Double
    /// All readings, and those after flushing.
    public let readings: Int
    public let used: Int
    public let rejection: Rejection?
}

extension BottlePlan {
    /// The runs in the readings of one series, in the order of time. Only readings of bottles count: air between
    /// two stretches of one bottle does not part them, a silence longer than ``maximumGapSeconds`` does.
    ///
    /// - Parameters:
    ///   - readings: in the order of time.
    ///   - dryAir: brings them to dry air where their conditions allow; where they tell no humidity the gas is
    ///     dry, as bottles are filled.
    public func runs(in readings: some Sequence<Reading>, dryAir: DryAirCorrection? = nil) -> [BottleRun] {
        var runs: [BottleRun] = []
        var current: [Reading] = []
        for reading in readings where reading.bottle != nil {
            if let last = current.last,
                last.bottle != reading.bottle || reading.time.seconds(since: last.time) > maximumGapSeconds
            {
                runs.append(run(of: current, dryAir))
                current = []
            }
            current.append(reading)
        }
        if !current.isEmpty { runs.append(run(of: current, dryAir)) }
        return runs
    }

    private func run(of readings: [Reading], _ dryAir: DryAirCorrection?) -> BottleRun {
        let start = readings[0].time
        let settled = readings.filter {
            $0.time.seconds(since: start) >= flushSeconds && $0.showsBottle
        }
        let values = settled.compactMap { reading in
            reading.valuePartsPerMillion.map { dryAir?.dry($0, reading.conditions) ?? $0 }
        }
        let mean = TrimmedMean(values, trim: trim)
        let seconds = settled.reduce(0) { $0 + $1.time.seconds(since: start) }
        return BottleRun(
            bottle: readings[0].bottle ?? "",
            start: start,
            end: readings[readings.count - 1].time,
            time: start.advanced(bySeconds: settled.isEmpty ? 0 : seconds / Double(settled.count)),
            meanPartsPerMillion: mean?.mean ?? .nan,
            standardDeviationPartsPerMillion: mean?.standardDeviation ?? .nan,
            standardUncertaintyPartsPerMillion: mean?.standardUncertainty ?? .nan,
            readings: readings.count,
            used: values.count,
            rejection: rejection(of: values, mean, readings[0].bottle ?? "", at: start)
        )
    }

    private func rejection(
        of values: [Double],
        _ mean: TrimmedMean?,
        _ bottle: String,
        at start: Instant
    ) -> BottleRun.Rejection? {
        guard certificate(of: bottle, at: start) != nil else { return .noCertificate }
        guard let mean, values.count >= max(3, minimumReadings) else { return .tooFewReadings(values.count) }
        guard let limit = maximumStandardDeviationPartsPerMillion else { return nil }
        guard mean.standardDeviation <= limit else { return .unstable(mean.standardDeviation) }
        let half = values.count / 2
        guard let early = TrimmedMean(Array(values.prefix(half)), trim: trim),
            let late = TrimmedMean(Array(values.suffix(half)), trim: trim)
        else { return nil }
        let wandering = abs(late.mean - early.mean)
        return wandering <= limit ? nil : .unstable(wandering)
    }
}

extension Reading {
    /// Bottles lie outside the range of air; what the device or a person calls bad does not count.
    fileprivate var showsBottle: Bool {
        valuePartsPerMillion != nil && flag != .missing
            && !(flag == .fail && !tests.isDisjoint(with: [.instrumentState, .deviceFlag, .operatorEdit]))
    }
}

/// Mean of the middle values, with its standard uncertainty from the Winsorised scatter (Tukey and McLaughlin
/// 1963, Sankhya A 25, 331); successive values count for as many as their autocorrelation leaves.
struct TrimmedMean: Equatable {
    let mean: Double
    let standardDeviation: Double
    let standardUncertainty: Double

    /// - Parameters:
    ///   - values: in the order of time.
    ///   - trim: share left out at each end of their order.
    /// - Returns: nil below two values.
    init?(_ values: [Double], trim: Double) {
        guard values.count >= 2 else { return nil }
        let sorted = values.sorted()
        let cut = min(max(0, Int(Double(values.count) * min(trim, 0.5))), (values.count - 1) / 2)
        let (low, high) = (sorted[cut], sorted[values.count - 1 - cut])
        let clamped = values.map { min(max($0, low), high) }
        let deviation = (Moments(clamped).variance ?? 0).squareRoot()
        let share = Double(values.count - 2 * cut) / Double(values.count)
        mean = Moments(Array(sorted[cut..<(values.count - cut)])).mean
        standardDeviation = deviation
        standardUncertainty = deviation / (share * MeanUncertainty.independentCount(clamped).squareRoot())
    }
}
