import Quantities

extension SeriesComparison {
    /// Suspect are the readings of an hour before which the median of the differences from the reference has drifted.
    func testColocation<Failure: Error>(
        _ column: inout VerdictColumn,
        _ readings: [Reading],
        _ reference: CompanionSeries,
        _ limit: ColocationLimit,
        _ memory: inout ComparisonMemory,
        _ air: Supply<Failure>
    ) throws(Failure) {
        var current: (hour: Int, offset: Double?)?
        for (index, reading) in readings.enumerated() where testedValue(reading) != nil {
            let hour = Self.hour(of: reading.time)
            if current?.hour != hour {
                current = (hour, try offset(from: reference, before: hour, limit, &memory, air))
            }
            guard let offset = current?.offset else { continue }
            column.judge(index, .colocation, isFine: abs(offset) <= limit.offsetPartsPerMillion)
        }
    }

    static func hour(of time: Instant) -> Int { Int(time.microseconds.flooredQuotient(hourMicroseconds)) }

    static func start(ofHour hour: Int) -> Instant { Instant(microseconds: Int64(hour) * hourMicroseconds) }

    /// ppm; nil where too little is known.
    private func offset<Failure: Error>(
        from reference: CompanionSeries,
        before hour: Int,
        _ limit: ColocationLimit,
        _ memory: inout ComparisonMemory,
        _ air: Supply<Failure>
    ) throws(Failure) -> Double? {
        var differences: [Double] = []
        for past in (hour - limit.hours)..<hour {
            let period = Period(start: Self.start(ofHour: past), end: Self.start(ofHour: past + 1))
            differences += try memory.differences(pair(reference), .hour(past)) { () throws(Failure) in
                try self.differences(
                    reference,
                    period,
                    stepSeconds: ColocationLimit.stepSeconds,
                    limit.nearSeconds,
                    air
                )
            }
        }
        guard differences.count >= max(1, limit.fewestPairs) else { return nil }
        return SlidingOrder(differences).median
    }
}
