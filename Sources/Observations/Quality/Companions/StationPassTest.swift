import Geo
import Quantities

/// A vehicle that passes a station breathes nearly the same air: the median of the differences over the pass tells
/// whether one of both is wrong. Plumes that last less than half of the pass do not matter.
extension SeriesComparison {
    func testPasses<Failure: Error>(
        _ column: inout VerdictColumn,
        _ readings: [Reading],
        _ limit: StationPassLimit,
        _ air: Supply<Failure>
    ) throws(Failure) {
        var votes = Votes(count: readings.count)
        for station in companions.passed {
            for pass in passes(of: station, readings, limit) {
                guard let first = pass.first, let last = pass.last else { continue }
                let period = Period(
                    start: readings[first].time,
                    end: Instant(microseconds: readings[last].time.microseconds + 1)
                )
                let other = ComparedAir(
                    try air(station.series, period.extended(bySeconds: limit.nearSeconds)),
                    on: scale,
                    of: own.gas
                )
                guard let offset = medianDifference(pass, readings, other, limit) else { continue }
                for index in pass { votes.cast(index, offset, allowed: limit.offsetPartsPerMillion) }
            }
        }
        votes.judge(&column, .stationPass)
    }

    /// The places of the readings of each pass.
    private func passes(
        of station: PassedStation,
        _ readings: [Reading],
        _ limit: StationPassLimit
    ) -> [[Int]] {
        var passes: [[Int]] = []
        let nearby = Neighbourhood(station.position, metres: limit.reachMetres)
        for (index, reading) in readings.enumerated() where testedValue(reading) != nil {
            guard let position = reading.position, nearby.contains(position) else { continue }
            if let last = passes.last?.last,
                Self.hour(of: readings[last].time) == Self.hour(of: reading.time),
                reading.time.seconds(since: readings[last].time) <= limit.gapSeconds
            {
                passes[passes.count - 1].append(index)
            } else {
                passes.append([index])
            }
        }
        return passes
    }

    /// ppm; nil where too few values have a partner. What is in doubt by itself is judged, but judges nothing.
    private func medianDifference(
        _ pass: [Int],
        _ readings: [Reading],
        _ other: ComparedAir,
        _ limit: StationPassLimit
    ) -> Double? {
        let differences = pass.compactMap { index -> Double? in
            guard let value = ComparedValue(readings[index]),
                let partner = other.nearest(
                    to: value.time.microseconds,
                    withinSeconds: limit.nearSeconds
                )
            else { return nil }
            return value.partsPerMillion - partner
        }
        guard differences.count >= max(1, limit.fewestPairs) else { return nil }
        return SlidingOrder(differences).median
    }
}

/// The places within a distance; most others are told by their latitude.
private struct Neighbourhood {
    let centre: Position
    let metres: Double
    private let degrees: Double

    init(_ centre: Position, metres: Double) {
        self.centre = centre
        self.metres = metres
        degrees = metres / (Earth.meanRadiusMetres * .pi / 180) * 1.01
    }

    func contains(_ place: Position) -> Bool {
        abs(place.latitude - centre.latitude) <= degrees && place.distanceMetres(to: centre) <= metres
    }
}
