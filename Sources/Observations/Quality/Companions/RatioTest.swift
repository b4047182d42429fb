import Quantities

extension SeriesComparison {
    /// Suspect where a companion gas of the same air does not rise as the gas does.
    func testRatio<Failure: Error>(
        _ column: inout VerdictColumn,
        _ readings: [Reading],
        _ companion: CompanionSeries,
        _ limit: RatioLimit,
        _ air: Supply<Failure>
    ) throws(Failure) {
        guard let first = readings.first, let last = readings.last else { return }
        let period = Period(start: first.time, end: Instant(microseconds: last.time.microseconds + 1))
            .extended(bySeconds: limit.reachSeconds)
        let companions = ComparedAir(try air(companion, period), on: nil, of: companion.gas)
        let other = ComparedAir(
            times: companions.times,
            values: excesses(QualitySeries.Column(companions), limit.windowSeconds)
        )
        var gas = QualitySeries.Column()
        for (index, reading) in readings.enumerated() {
            guard let value = testedValue(reading) else { continue }
            gas.indices.append(index)
            gas.times.append(reading.time.microseconds)
            gas.values.append(value)
        }
        let excesses = excesses(gas, limit.windowSeconds)
        for (place, index) in gas.indices.enumerated()
        where excesses[place] >= limit.smallestExcessPartsPerMillion {
            guard let partner = other.nearest(to: gas.times[place], withinSeconds: limit.nearSeconds) else {
                continue
            }
            let ratio = partner / excesses[place]
            column.judge(index, .ratio, isFine: ratio >= limit.smallest && ratio <= limit.largest)
        }
    }

    /// Above the 10th percentile of a centred window, ppm.
    private func excesses(_ air: QualitySeries.Column, _ seconds: Double) -> [Double] {
        var window = CentredWindow(seconds: seconds)
        return (0..<air.count).map { place in
            window.centre(on: place, of: air)
            return air.values[place] - window.order.quantile(0.1)
        }
    }
}

extension QualitySeries.Column {
    fileprivate init(_ air: ComparedAir) {
        self.init(indices: Array(0..<air.count), times: air.times, values: air.values)
    }
}
