public import Quantities

/// The state of the air over a ``Meteorology/grid`` at one time, on the levels of the model it comes from.
///
/// Three-dimensional arrays hold `levels` x rows x columns values with the level outermost, ascending from the ground,
/// and rows ascending with latitude or northing; surface arrays hold rows x columns.
public struct MeteorologyHour: Sendable {
    public let time: Instant
    /// Middles of the layers, or the levels themselves, m above ground; strictly ascending in each column.
    public let heightMetres: [Float]
    /// m s-1 along the columns and the rows of the grid: for a projected grid not eastward and northward.
    public let alongColumns: [Float]
    public let alongRows: [Float]
    /// m s-1, positive upward; empty where the model gives none, or zeros alone.
    public let upward: [Float]
    public let temperatureKelvin: [Float]
    public let pressurePascal: [Float]
    /// kg kg-1; empty where the model gives none.
    public let specificHumidity: [Float]
    public let surface: SurfaceFields
    /// How many of the lowest levels of each column hold what was put in between the ground and the first level of the
    /// model above it; empty where none does.
    public let filledLevels: [Int32]

    public init(
        time: Instant,
        heightMetres: [Float],
        alongColumns: [Float],
        alongRows: [Float],
        upward: [Float] = [],
        temperatureKelvin: [Float],
        pressurePascal: [Float],
        specificHumidity: [Float] = [],
        surface: SurfaceFields,
        filledLevels: [Int32] = []
    ) {
        self.time = time
        self.heightMetres = heightMetres
        self.alongColumns = alongColumns
        self.alongRows = alongRows
        // All zero is how files say that they have none; over slopes it would be a wind that blows into the ground.
        self.upward = upward.contains { $0 != 0 } ? upward : []
        self.temperatureKelvin = temperatureKelvin
        self.pressurePascal = pressurePascal
        self.specificHumidity = specificHumidity
        self.surface = surface
        self.filledLevels = filledLevels
    }
}

/// What a model says at the ground, rows x columns each; an empty array where it does not.
public struct SurfaceFields: Sendable {
    /// Pa; never empty.
    public var pressurePascal: [Float] = []
    /// m above sea level; never empty.
    public var terrainMetres: [Float] = []
    /// At 2 m.
    public var temperatureKelvin: [Float] = []
    /// At 10 m, m s-1 along the columns and rows of the grid.
    public var alongColumns: [Float] = []
    public var alongRows: [Float] = []
    /// m above ground.
    public var boundaryLayerMetres: [Float] = []
    /// Whether these heights are those of ``BoundaryLayer``, as the model has none.
    public var hasDiagnosedBoundaryLayer = false
    /// m s-1.
    public var frictionVelocity: [Float] = []
    /// W m-2, positive upward.
    public var sensibleHeatFlux: [Float] = []
    /// m.
    public var roughnessMetres: [Float] = []

    public init() {}
}

extension MeteorologyHour {
    /// The same with boundary-layer heights by ``BoundaryLayer`` where there are none.
    public var withBoundaryLayer: MeteorologyHour {
        guard surface.boundaryLayerMetres.isEmpty else { return self }
        var completed = surface
        completed.boundaryLayerMetres = BoundaryLayer.metres(of: self)
        completed.hasDiagnosedBoundaryLayer = true
        return with(completed)
    }
}
