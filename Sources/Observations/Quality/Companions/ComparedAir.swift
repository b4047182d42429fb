import Quantities

/// Values of one series on one scale, in the order of time.
struct ComparedAir: Equatable, Sendable {
    private(set) var times: [Int64] = []
    private(set) var values: [Double] = []

    /// - Parameters:
    ///   - times: microseconds since 1970, ascending.
    ///   - values: ppm, one a time.
    init(times: [Int64], values: [Double]) {
        self.times = times
        self.values = values
    }

    /// - Parameters:
    ///   - scale: what cannot be brought to it is left out; nil takes all values as they are.
    init(_ list: [ComparedValue], on scale: CalibrationScale?, of gas: Gas) {
        times.reserveCapacity(list.count)
        values.reserveCapacity(list.count)
        var conversions: [CalibrationScale: ScaleConversion] = [:]
        for value in list {
            guard let scale, scale != value.scale else {
                append(value.time, value.partsPerMillion)
                continue
            }
            guard value.scale.isComparable(with: scale, of: gas) else { continue }
            if conversions[value.scale] == nil {
                conversions[value.scale] = try? ScaleConversion(of: gas, from: value.scale, to: scale)
            }
            guard let converted = try? conversions[value.scale]?(value.partsPerMillion) else { continue }
            append(value.time, converted)
        }
    }

    private mutating func append(_ time: Instant, _ value: Double) {
        times.append(time.microseconds)
        values.append(value)
    }

    var count: Int { times.count }

    /// The value nearest to a moment, of two equally near the earlier; nil where none is near enough.
    func nearest(to time: Int64, withinSeconds seconds: Double) -> Double? {
        let after = firstPlace(notBefore: time)
        var best: (distance: Int64, place: Int)?
        for place in [after - 1, after] where times.indices.contains(place) {
            let distance = abs(times[place] - time)
            if best.map({ distance < $0.distance }) ?? true { best = (distance, place) }
        }
        guard let best, Double(best.distance) / 1e6 <= seconds else { return nil }
        return values[best.place]
    }

    private func firstPlace(notBefore time: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Differences from another series, of the first value in each step of a stretch of time that has a partner; ppm.
    /// Values before it that have none do not matter, so that two that report at different minutes find each other.
    func differences(
        from other: ComparedAir,
        in period: Period,
        stepSeconds: Double,
        nearSeconds: Double
    ) -> [Double] {
        var differences: [Double] = []
        var place = firstPlace(notBefore: period.start.microseconds)
        var start = period.start
        while start < period.end, place < count {
            let end = min(period.end, start.advanced(bySeconds: stepSeconds))
            var hasPair = false
            while place < count, times[place] < end.microseconds {
                defer { place += 1 }
                guard !hasPair, let partner = other.nearest(to: times[place], withinSeconds: nearSeconds)
                else { continue }
                differences.append(values[place] - partner)
                hasPair = true
            }
            start = end
        }
        return differences
    }
}

extension Period {
    func extended(bySeconds seconds: Double) -> Period {
        Period(start: start.advanced(bySeconds: -seconds), end: end.advanced(bySeconds: seconds))
    }
}
