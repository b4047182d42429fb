/// Where the particles of one receptor were, step by step, and how strongly the ground acted on them there.
///
/// Row `i` of all arrays belongs together. The rows of a particle follow each other in any arrangement; time runs away
/// from the receptor.
public struct ParticleTable: Equatable, Sendable {
    /// Number of the particle.
    public var particle: [Int32] = []
    /// Minutes since the receptor's time; negative for a run backward.
    public var minutes: [Double] = []
    /// Degrees on WGS 84.
    public var longitude: [Double] = []
    public var latitude: [Double] = []
    /// m above ground.
    public var heightMetres: [Double] = []
    /// ppm per umol m-2 s-1 gained in the step that ends in this row (Lin et al. 2003, JGR 108, 4493, eq. 8).
    public var influence: [Double] = []

    /// What each row was computed from; empty unless ``DispersionOptions/keepsConditions`` asks for it.
    public var conditions = ParticleConditions()

    public init() {}

    public var count: Int { particle.count }
}

/// The air around the particles of a table, row by row.
public struct ParticleConditions: Equatable, Sendable {
    /// Depth of the mixed layer, m.
    public var mixedLayerMetres: [Float] = []
    /// Standard deviation of the vertical velocity, m s-1, and its time scale, s.
    public var verticalSigma: [Float] = []
    public var timescaleSeconds: [Float] = []
    /// kg m-3.
    public var density: [Float] = []
    /// Minutes of the step that ends in the row in which the ground acted on the particle.
    public var minutesBelow: [Float] = []
    /// ppm per umol m-2 s-1 of the row without the growing plume of the near field, with the weight of the point.
    public var influenceOfLayer: [Double] = []

    public init() {}
}
