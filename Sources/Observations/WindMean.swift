import Foundation
public import Quantities

/// Wind at one moment.
public struct WindObservation: Equatable, Sendable {
    public let time: Instant
    /// m s-1.
    public let speed: Double
    /// Where it comes from, degrees clockwise from north; nil where the vane says nothing.
    public let direction: Double?

    /// Nil where the speed is negative or not a number, or the direction is not one of -360 to 720 degrees.
    public init?(time: Instant, speed: Double, direction: Double?) {
        guard speed >= 0, speed < 200 else { return nil }
        if let direction { guard (-360...720).contains(direction) else { return nil } }
        self.time = time
        self.speed = speed
        self.direction = direction.map { $0 - 360 * ($0 / 360).rounded(.down) }
    }

    /// Nil where the reading brings no wind speed.
    public init?(_ reading: Reading) {
        guard let speed = reading.conditions["ws"] else { return nil }
        self.init(time: reading.time, speed: speed, direction: reading.conditions["wd"])
    }
}

/// The wind of a window. Directions are averaged as vectors: the mean of 350 and 10 degrees is north.
public struct WindMean: Equatable, Sendable {
    public let period: Period
    /// Mean of the speeds, m s-1: what carries away what is emitted.
    public let scalarSpeed: Double
    /// Length of the mean wind vector, m s-1, at most the scalar speed.
    public let vectorSpeed: Double
    /// Where the mean wind vector comes from, degrees; nil where the vectors cancel or there was no wind.
    public let vectorDirection: Double?
    /// The mean of unit vectors: every moment counts alike, however hard it blows; degrees.
    public let unitDirection: Double?
    /// Standard deviation of the direction (Yamartino 1984, J. Climate Appl. Meteor. 23, 1362), degrees; nil
    /// without any direction.
    public let directionDeviation: Double?
    /// Length of the vector over the scalar speed, 0 to 1; nil in a calm.
    public let steadiness: Double?
    /// Observations; those with a usable direction; those too calm for the vane.
    public let count: Int
    public let directions: Int
    public let calms: Int
    /// Observations over what the nominal step would give, at most 1.
    public let completeness: Double

    public var isComplete: Bool { completeness >= Aggregate.requiredCompleteness }

    /// Below this the vane points where it last stood, m s-1 (WMO-No. 8, part I, chapter 5).
    public static let calmSpeed = 0.5

    /// Means of the windows that hold any wind, in the order of time.
    /// - Parameters:
    ///   - observations: in any order; the same at the same moment counts once.
    ///   - nominalStepSeconds: positive.
    ///   - calmSpeed: slower winds count with their speed and without direction, m s-1.
    public static func means(
        of observations: some Sequence<WindObservation>,
        _ interval: AggregateInterval,
        nominalStepSeconds: Double,
        calmSpeed: Double = WindMean.calmSpeed
    ) -> [WindMean] {
        precondition(nominalStepSeconds > 0 && nominalStepSeconds.isFinite, "the step is not positive")
        let windows = Dictionary(grouping: observations) { interval.index(of: $0.time) }
        let expected = max(1, interval.seconds / nominalStepSeconds)
        return windows.keys.sorted().compactMap { index in
            WindMean(ofWindow: windows[index] ?? [], interval, expected: expected, calmSpeed: calmSpeed)
        }
    }

    private init?(
        ofWindow unordered: [WindObservation],
        _ interval: AggregateInterval,
        expected: Double,
        calmSpeed: Double
    ) {
        // Several instruments of a station report the same wind in one message.
        var observations: [WindObservation] = []
        for observation in unordered.sorted(by: Self.precedes) where observation != observations.last {
            observations.append(observation)
        }
        guard let first = observations.first else { return nil }
        var sums = WindSums()
        for observation in observations { sums.add(observation, calmSpeed: calmSpeed) }
        let count = Double(observations.count)
        period = interval.window(containing: first.time)
        scalarSpeed = sums.speed / count
        // A calm has no direction and hardly moves the mean: it counts as a vector of no length.
        vectorSpeed = min(scalarSpeed, (sums.east * sums.east + sums.north * sums.north).squareRoot() / count)
        vectorDirection = Self.direction(sums.east, sums.north, rounding: 1e-9 * max(sums.speed, 1e-3))
        unitDirection = Self.direction(sums.unitEast, sums.unitNorth, rounding: 1e-9 * count)
        directionDeviation = sums.yamartinoDegrees
        steadiness = scalarSpeed > 0 ? vectorSpeed / scalarSpeed : nil
        self.count = observations.count
        directions = sums.directions
        calms = sums.calms
        completeness = min(1, count / expected)
    }

    private static func precedes(_ a: WindObservation, _ b: WindObservation) -> Bool {
        (a.time, a.speed, a.direction ?? -1) < (b.time, b.speed, b.direction ?? -1)
    }

    /// Degrees clockwise from north in 0..<360.
    private static func direction(_ east: Double, _ north: Double, rounding: Double) -> Double? {
        guard (east * east + north * north).squareRoot() > rounding else { return nil }
        let degrees = atan2(east, north) * 180 / .pi
        let positive = degrees < 0 ? degrees + 360 : degrees
        return positive >= 360 ? 0 : positive
    }
}

/// Sums over a window, in the direction that the wind comes from.
private struct WindSums {
    var speed = 0.0
    var east = 0.0
    var north = 0.0
    var unitEast = 0.0
    var unitNorth = 0.0
    var directions = 0
    var calms = 0

    mutating func add(_ wind: WindObservation, calmSpeed: Double) {
        speed += wind.speed
        if wind.speed < calmSpeed {
            calms += 1
        } else if let direction = wind.direction {
            let radians = direction * .pi / 180
            let (sine, cosine) = (sin(radians), cos(radians))
            east += wind.speed * sine
            north += wind.speed * cosine
            unitEast += sine
            unitNorth += cosine
            directions += 1
        }
    }

    /// asin(e) (1 + (2 / 3^(1/2) - 1) e3) with e2 = 1 - (mean sine)2 - (mean cosine)2.
    var yamartinoDegrees: Double? {
        guard directions > 0 else { return nil }
        let count = Double(directions)
        let (sine, cosine) = (unitEast / count, unitNorth / count)
        let epsilon = max(0, 1 - sine * sine - cosine * cosine).squareRoot()
        let factor = 1 + (2 / 3.0.squareRoot() - 1) * epsilon * epsilon * epsilon
        return asin(min(1, epsilon)) * factor * 180 / .pi
    }
}
