public import Quantities

/// Where a particle of a receptor was last: where it left the domain, or where the run ended with it inside.
public struct EdgeParticle: Hashable, Sendable {
    /// Degrees on WGS 84.
    public let longitude: Double
    public let latitude: Double
    /// m above ground.
    public let heightMetres: Double
    public let instant: Instant
    /// What it counts for; the weights of all particles of a receptor may sum to anything above 0.
    public let weight: Double
    public let leftDomain: Bool

    public init(
        longitude: Double,
        latitude: Double,
        heightMetres: Double,
        instant: Instant,
        weight: Double,
        leftDomain: Bool
    ) {
        self.longitude = longitude
        self.latitude = latitude
        self.heightMetres = heightMetres
        self.instant = instant
        self.weight = weight
        self.leftDomain = leftDomain
    }
}
