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
    public let time: Instant
    public let points: [ReceptorPoint]

    /// - Precondition: at least one point.
    public init(name: String, time: Instant, points: [ReceptorPoint]) {
        precondition(!points.isEmpty, "a receptor without a point")
        self.name = name
        self.time = time
        self.points = points
    }
}
