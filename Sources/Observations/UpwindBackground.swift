import Foundation
public import Geo
public import Quantities

/// What the air held before it came over the sources: the stations from which the wind blows to a place, hour by
/// hour.
public struct UpwindBackground: Background {
    /// What is taken of the upwind readings.
    public enum Statistic: Equatable, Sendable {
        case mean
        /// 0 to 100.
        case percentile(Double)
    }

    public struct Settings: Equatable, Sendable {
        /// Stations count whose bearing differs from the wind direction by at most this, degrees.
        public var sectorHalfWidth: Double
        public var statistic: Statistic
        /// A weaker wind brings air from nowhere in particular, m s-1.
        public var minimumWindSpeed: Double
        /// Of the readings of all upwind stations in the hour.
        public var minimumReadings: Int
        public var usableFlags: Set<QualityFlag>

        public init(
            sectorHalfWidth: Double = 45,
            statistic: Statistic = .percentile(5),
            minimumWindSpeed: Double = 1,
            minimumReadings: Int = 20,
            usableFlags: Set<QualityFlag> = [.good]
        ) {
            self.sectorHalfWidth = sectorHalfWidth
            self.statistic = statistic
            self.minimumWindSpeed = minimumWindSpeed
            self.minimumReadings = minimumReadings
            self.usableFlags = usableFlags
        }
    }

    /// The stations it may come from, joined by `+`.
    public let station: String
    /// No single instrument: a difference from it needs a scale.
    public let instrument = ""
    public let scale: CalibrationScale
    private let hours: [Int64: Hour]

    private struct Hour: Sendable {
        let estimate: Estimate
        let stations: [String]
    }

    /// - Parameters:
    ///   - readings: of the stations around, in any order; their positions are those of the readings.
    ///   - place: where the background is wanted.
    ///   - wind: hourly means at the place.
    /// - Throws: ``BackgroundError`` when nothing can be used, or scales are mixed.
    public init(
        at place: Position,
        of readings: [Reading],
        wind: [WindMean],
        _ settings: Settings = Settings()
    ) throws(BackgroundError) {
        // A station at the place itself has no bearing.
        let around = readings.filter {
            $0.position.map { $0.distanceMetres(to: place) > Self.samePlaceMetres } ?? false
        }
        let source = try BackgroundReadings(around, usableFlags: settings.usableFlags)
        scale = source.scale
        station = Set(around.map(\.station)).sorted().joined(separator: "+")
        let usable = around.filter {
            settings.usableFlags.contains($0.flag) && $0.valuePartsPerMillion != nil
        }
        let byHour = Dictionary(grouping: usable) { AggregateInterval.hour.index(of: $0.time) }
        var hours: [Int64: Hour] = [:]
        for mean in wind {
            guard mean.period.seconds == AggregateInterval.hour.seconds, mean.isComplete,
                mean.vectorSpeed >= settings.minimumWindSpeed, let direction = mean.vectorDirection
            else { continue }
            let index = AggregateInterval.hour.index(of: mean.period.start)
            let upwind = (byHour[index] ?? []).filter { reading in
                let bearing = reading.position.map { place.bearingDegrees(to: $0) }
                return bearing.map { angle($0, direction) <= settings.sectorHalfWidth } ?? false
            }
            hours[index] = Self.hour(upwind, settings)
        }
        self.hours = hours
    }

    /// ppm; nil in hours without wind, or without readings upwind. It holds for the whole hour.
    public func estimate(at time: Instant) -> Estimate? {
        hours[AggregateInterval.hour.index(of: time)]?.estimate
    }

    /// Which stations were upwind, in the order of their names; none where there is no background.
    public func stations(at time: Instant) -> [String] {
        hours[AggregateInterval.hour.index(of: time)]?.stations ?? []
    }

    private static let samePlaceMetres = 50.0

    /// The statistic of each station, and their mean. Its uncertainty holds the sampling of each station, the
    /// scatter between them, and what their readings state, the latter taken as common.
    private static func hour(_ readings: [Reading], _ settings: Settings) -> Hour? {
        guard readings.count >= max(2, settings.minimumReadings) else { return nil }
        let groups = Dictionary(grouping: readings, by: \.station)
        let names = groups.keys.sorted()
        var estimates: [Estimate] = []
        var stated = 0.0
        for name in names {
            let inOrder = (groups[name] ?? []).sorted {
                ($0.time, $0.valuePartsPerMillion ?? 0) < ($1.time, $1.valuePartsPerMillion ?? 0)
            }
            let values = inOrder.compactMap(\.valuePartsPerMillion)
            stated += Moments(inOrder.compactMap(\.standardUncertaintyPartsPerMillion)).mean
            estimates.append(estimate(values, settings.statistic))
        }
        let count = Double(names.count)
        let between = Moments(estimates.map(\.mean))
        let sampling = estimates.reduce(0) { $0 + $1.standardDeviation * $1.standardDeviation }
        let common = stated / count
        let variance =
            sampling / (count * count) + (between.variance ?? 0) / count + common * common
        return Hour(
            estimate: Estimate(mean: between.mean, standardDeviation: variance.squareRoot()),
            stations: names
        )
    }

    private static func estimate(_ values: [Double], _ statistic: Statistic) -> Estimate {
        switch statistic {
        case .mean:
            let moments = Moments(values)
            let variance = (moments.variance ?? 0) / MeanUncertainty.independentCount(values)
            return Estimate(mean: moments.mean, standardDeviation: variance.squareRoot())
        case .percentile(let percentile):
            return lowPercentile(values, fraction: min(max(percentile / 100, 0), 1), readingUncertainty: 0)
        }
    }
}

/// Degrees between two directions, 0 to 180.
private func angle(_ a: Double, _ b: Double) -> Double {
    let difference = abs(a - b).truncatingRemainder(dividingBy: 360)
    return min(difference, 360 - difference)
}

extension Position {
    /// Initial bearing of the great circle to another place, degrees clockwise from north, 0..<360.
    fileprivate func bearingDegrees(to other: Position) -> Double {
        let radians = Double.pi / 180
        let turn = (other.longitude - longitude) * radians
        let (here, there) = (latitude * radians, other.latitude * radians)
        let east = sin(turn) * cos(there)
        let north = cos(here) * sin(there) - sin(here) * cos(there) * cos(turn)
        let degrees = atan2(east, north) / radians
        return degrees < 0 ? degrees + 360 : degrees
    }
}
