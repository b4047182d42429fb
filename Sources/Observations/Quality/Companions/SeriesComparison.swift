public import Quantities

/// The tests of one series against others.
///
/// A companion is taken as it stands after all tests of its own readings, its calibration and the edits of people, but
/// without what was found by comparing it: no verdict of a comparison depends on another, so that two stations can be
/// neighbours of each other. A reading that is in doubt by itself judges nobody.
public struct SeriesComparison: Sendable {
    /// The values of a series in a period that are fit to judge others, in the order of time.
    public typealias Supply<Failure: Error> = (CompanionSeries, Period) throws(Failure) -> [ComparedValue]

    public let companions: Companions
    let scale: CalibrationScale
    let buddy: BuddyLimit?
    let colocation: (reference: CompanionSeries, limit: ColocationLimit)?
    let ratio: (gas: CompanionSeries, limit: RatioLimit)?
    let pass: StationPassLimit?

    var own: CompanionSeries { companions.own }

    /// Nil for an instrument that is compared with nothing.
    public init?(_ instrument: Instrument) {
        guard let companions = instrument.companions else { return nil }
        let profile = instrument.quality
        self.companions = companions
        scale = instrument.settledScale
        buddy = companions.buddies.isEmpty ? nil : profile.buddy
        colocation = companions.reference.flatMap { series in profile.colocation.map { (series, $0) } }
        ratio = companions.gas.flatMap { series in profile.ratio.map { (series, $0) } }
        pass = companions.passed.isEmpty ? nil : profile.stationPass
        guard buddy != nil || colocation != nil || ratio != nil || pass != nil else { return nil }
    }

    /// All series whose readings count, but the own one.
    public var series: Set<CompanionSeries> {
        var all: Set<CompanionSeries> = []
        if buddy != nil { all.formUnion(companions.buddies) }
        if let colocation { all.insert(colocation.reference) }
        if let ratio { all.insert(ratio.gas) }
        if pass != nil { all.formUnion(companions.passed.map(\.series)) }
        return all
    }

    /// The readings that must be given for verdicts on those of a part.
    public func window(for part: Period) -> Period {
        var (start, end) = (part.start, part.end)
        if let ratio {
            start = min(start, part.start.advanced(bySeconds: -ratio.limit.windowSeconds / 2))
            end = max(end, part.end.advanced(bySeconds: ratio.limit.windowSeconds / 2))
        }
        if pass != nil {
            start = min(start, Self.start(ofHour: Self.hour(of: part.start)))
            end = max(end, Self.start(ofHour: Self.hour(of: part.end) + 1))
        }
        return Period(start: start, end: end)
    }

    /// Good where a comparison found nothing, suspect where it did, not evaluated where nothing could be compared.
    /// - Parameters:
    ///   - readings: of a ``window(for:)``, in the order of time, after their own tests.
    ///   - memory: the same one for every part of a series.
    /// - Returns: one a reading; those outside the part of the window do not count.
    public func verdicts<Failure: Error>(
        _ readings: [Reading],
        _ memory: inout ComparisonMemory,
        air: Supply<Failure>
    ) throws(Failure) -> [QualityVerdict] {
        var column = VerdictColumn(count: readings.count)
        if let buddy { try testBuddies(&column, readings, buddy, &memory, air) }
        if let (reference, limit) = colocation {
            try testColocation(&column, readings, reference, limit, &memory, air)
        }
        if let (gas, limit) = ratio { try testRatio(&column, readings, gas, limit, air) }
        if let pass { try testPasses(&column, readings, pass, air) }
        return column.verdicts
    }

    /// The value of a reading that is tested; nil for none, for what has failed already, and for what is on another
    /// scale than the calibrated values of the series.
    func testedValue(_ reading: borrowing Reading) -> Double? {
        guard reading.flag != .fail, reading.flag != .missing, reading.scale == scale,
            let value = reading.valuePartsPerMillion, value.isFinite
        else { return nil }
        return value
    }

    func pair(_ companion: CompanionSeries) -> ComparisonMemory.Pair {
        ComparisonMemory.Pair(own: own, companion: companion)
    }

    /// Of the own readings from those of a companion in a period, ppm.
    func differences<Failure: Error>(
        _ companion: CompanionSeries,
        _ period: Period,
        stepSeconds: Double,
        _ nearSeconds: Double,
        _ air: Supply<Failure>
    ) throws(Failure) -> [Double] {
        let other = try air(companion, period.extended(bySeconds: nearSeconds))
        guard !other.isEmpty else { return [] }
        let values = ComparedAir(try air(own, period), on: scale, of: own.gas)
        return values.differences(
            from: ComparedAir(other, on: scale, of: own.gas),
            in: period,
            stepSeconds: stepSeconds,
            nearSeconds: nearSeconds
        )
    }
}
