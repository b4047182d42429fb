import Quantities

/// The differences from a neighbour are centred by their median over the nights before the day of a reading, and
/// scaled by their robust standard deviation over these nights. Suspect is what more than half of the neighbours
/// find too far off, to the same side.
extension SeriesComparison {
    func testBuddies<Failure: Error>(
        _ column: inout VerdictColumn,
        _ readings: [Reading],
        _ limit: BuddyLimit,
        _ memory: inout ComparisonMemory,
        _ air: Supply<Failure>
    ) throws(Failure) {
        guard let first = readings.first, let last = readings.last else { return }
        let nights = SolarNights(limit.nightHours, longitude: companions.longitude)
        let near = Period(start: first.time, end: Instant(microseconds: last.time.microseconds + 1))
            .extended(bySeconds: limit.nearSeconds)
        var votes = Votes(count: readings.count)
        for buddy in companions.buddies {
            let other = ComparedAir(try air(buddy, near), on: scale, of: own.gas)
            guard other.count > 0 else { continue }
            var usual: (day: Int, differences: UsualDifference?)?
            for (index, reading) in readings.enumerated() {
                guard let value = testedValue(reading),
                    let partner = other.nearest(
                        to: reading.time.microseconds,
                        withinSeconds: limit.nearSeconds
                    )
                else { continue }
                let day = nights.day(of: reading.time)
                if usual?.day != day {
                    usual = (day, try usualDifference(buddy, before: day, nights, limit, &memory, air))
                }
                guard let differences = usual?.differences else { continue }
                votes.cast(index, differences.deviation(of: value - partner), allowed: limit.deviations)
            }
        }
        votes.judge(&column, .buddy)
    }

    /// Nil where too little is known.
    private func usualDifference<Failure: Error>(
        _ buddy: CompanionSeries,
        before day: Int,
        _ nights: SolarNights,
        _ limit: BuddyLimit,
        _ memory: inout ComparisonMemory,
        _ air: Supply<Failure>
    ) throws(Failure) -> UsualDifference? {
        var differences: [Double] = []
        for night in (day - limit.nights)..<day {
            let period = nights.night(of: night)
            differences += try memory.differences(pair(buddy), .night(night)) { () throws(Failure) in
                try self.differences(buddy, period, stepSeconds: 3600, limit.nearSeconds, air)
            }
        }
        guard differences.count >= max(1, limit.fewestPairs) else { return nil }
        return UsualDifference(differences, smallest: limit.smallestDeviationPartsPerMillion)
    }
}

private struct UsualDifference {
    let median: Double
    let spread: Double

    init(_ differences: [Double], smallest: Double) {
        let order = SlidingOrder(differences)
        median = order.median
        spread = max(1.4826 * order.medianDistance(from: median), smallest)
    }

    /// In standard deviations. A limit of no spread at all lets nothing differ.
    func deviation(of difference: Double) -> Double {
        let distance = difference - median
        if spread > 0 { return distance / spread }
        return distance == 0 ? 0 : distance > 0 ? .infinity : -.infinity
    }
}

/// What several companions say of each reading.
struct Votes {
    private var voters: [Int]
    private var above: [Int]
    private var below: [Int]

    init(count: Int) {
        voters = Array(repeating: 0, count: count)
        above = voters
        below = voters
    }

    mutating func cast(_ index: Int, _ distance: Double, allowed: Double) {
        voters[index] += 1
        if distance > allowed { above[index] += 1 }
        if distance < -allowed { below[index] += 1 }
    }

    /// Suspect where more than half agree that it is too high, or too low: of two companions both, so that one that is
    /// wrong itself cannot spoil its neighbours.
    func judge(_ column: inout VerdictColumn, _ test: QualityTests) {
        for index in voters.indices where voters[index] > 0 {
            column.judge(index, test, isFine: 2 * max(above[index], below[index]) <= voters[index])
        }
    }
}

extension VerdictColumn {
    mutating func judge(_ index: Int, _ test: QualityTests, isFine: Bool) {
        if isFine { pass(index) } else { mark(index, .suspect, test) }
    }
}
