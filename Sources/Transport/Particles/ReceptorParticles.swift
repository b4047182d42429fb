/// Where the particles of a receptor ended: at the edge of the domain, or where their time was up. The air they bring
/// from there is the background.
public struct ParticleEnds: Equatable, Sendable {
    /// Number of the particle.
    public var particle: [Int32] = []
    /// Minutes since the receptor's time.
    public var minutes: [Double] = []
    /// Degrees on WGS 84; the last place within the domain.
    public var longitude: [Double] = []
    public var latitude: [Double] = []
    /// m above ground.
    public var heightMetres: [Double] = []
    /// What the particle counts for: weight of its point times particles over those of the point.
    public var weight: [Double] = []
    /// Whether it left the domain before its time was up.
    public var hasLeft: [Bool] = []

    public init() {}

    public var count: Int { particle.count }
}

/// What following the particles of a receptor gives.
public struct ReceptorParticles: Sendable {
    public let receptor: Receptor
    /// Influence carries the weights of the points, such that the sum over all rows over the number of particles is the
    /// sum of the footprint.
    public let table: ParticleTable
    public let ends: ParticleEnds

    public init(receptor: Receptor, table: ParticleTable, ends: ParticleEnds) {
        self.receptor = receptor
        self.table = table
        self.ends = ends
    }
}

/// How far a run is.
public struct DispersionProgress: Sendable {
    public let receptorsDone: Int
    public let receptors: Int
    public let particlesDone: Int
}
