public import Quantities

/// A point of a receptor, from which particles leave.
public struct ReceptorPoint: Hashable, Sendable {
    /// Degrees on WGS 84.
    public let longitude: Double
    public let latitude: Double
    /// m above ground.
    public let heightMetres: Double
    /// What its particles count for in the footprint of the receptor: 1 / number of points for a plain mean; for a
    /// column, averaging kernel times pressure weight, whose sum need not be 1.
    public let weight: Double
    /// Seconds after ``Receptor/time``, for a vehicle that moves through its points.
    public let secondsAfter: Double

    public init(
        longitude: Double,
        latitude: Double,
        heightMetres: Double,
        weight: Double = 1,
        secondsAfter: Double = 0
    ) {
        self.longitude = longitude
        self.latitude = latitude
        self.heightMetres = heightMetres
        self.weight = weight
        self.secondsAfter = secondsAfter
    }
}

/// Where and when something is measured: an inlet, a segment of a drive, a column or a line of sight. All its points
/// give one footprint.
public struct Receptor: Hashable, Sendable {
    public let name: String
    /// Start of what is averaged.
    public let time: Instant
    /// Seconds that it averages; 0 for a moment.
    public let averagingSeconds: Double
    public let points: [ReceptorPoint]
    /// Weight of a column above its highest point, which no particle carries: that air is taken to hold nothing of the
    /// emissions of the run.
    public let remainderWeight: Double

    /// - Precondition: at least one point.
    public init(
        name: String,
        time: Instant,
        points: [ReceptorPoint],
        averagingSeconds: Double = 0,
        remainderWeight: Double = 0
    ) {
        precondition(!points.isEmpty, "a receptor without a point")
        self.name = name
        self.time = time
        self.points = points
        self.averagingSeconds = averagingSeconds
        self.remainderWeight = remainderWeight
    }

    /// Sum of the weights of the points: 1 for a mean, less for the lower part of a column.
    public var weight: Double { points.reduce(0) { $0 + $1.weight } }

    /// From the first to the last moment that particles leave.
    public var period: Period {
        let last = points.reduce(averagingSeconds) { max($0, $1.secondsAfter) }
        let first = points.reduce(0) { min($0, $1.secondsAfter) }
        return Period(start: time.advanced(bySeconds: first), end: time.advanced(bySeconds: last))
    }

    /// The mean place of its points by weight; equal weights where they sum to nothing. Longitudes are averaged on the
    /// side of the first.
    public var meanPlace: ReceptorPoint {
        let sum = weight
        let shares = points.map { sum > 0 ? $0.weight / sum : 1 / Double(points.count) }
        func mean(_ value: (ReceptorPoint) -> Double) -> Double {
            zip(points, shares).reduce(0) { $0 + value($1.0) * $1.1 }
        }
        let origin = points[0].longitude
        return ReceptorPoint(
            longitude: wrappedLongitude(origin + mean { longitudeDifference($0.longitude, from: origin) }),
            latitude: mean(\.latitude),
            heightMetres: mean(\.heightMetres),
            weight: sum,
            secondsAfter: mean(\.secondsAfter)
        )
    }

    /// The same receptor as a mean over a time: each point leaves its share of particles in the middle of each of
    /// `releases` equal parts.
    ///
    /// - Precondition: at least one release.
    public func averaged(overSeconds seconds: Double, releases: Int) -> Receptor {
        precondition(releases > 0, "an average of nothing")
        let spread = (0..<releases).flatMap { release in
            points.map { point in
                ReceptorPoint(
                    longitude: point.longitude,
                    latitude: point.latitude,
                    heightMetres: point.heightMetres,
                    weight: point.weight / Double(releases),
                    secondsAfter: point.secondsAfter + (Double(release) + 0.5) * seconds / Double(releases)
                )
            }
        }
        return Receptor(
            name: name,
            time: time,
            points: spread,
            averagingSeconds: seconds,
            remainderWeight: remainderWeight
        )
    }
}

/// Degrees eastward from one longitude to another, -180..<180.
func longitudeDifference(_ longitude: Double, from origin: Double) -> Double {
    let difference = (longitude - origin).truncatingRemainder(dividingBy: 360)
    return difference >= 180 ? difference - 360 : difference < -180 ? difference + 360 : difference
}

/// -180..<180.
func wrappedLongitude(_ longitude: Double) -> Double { longitudeDifference(longitude, from: 0) }
