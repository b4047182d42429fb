public import Geo
public import Quantities

/// The air around a particle: the mean wind there, and the layer by the ground beneath.
public struct Air: Sendable {
    /// Mean wind along the columns and the rows of the grid, m s-1.
    public var alongColumns: Float
    public var alongRows: Float
    /// Mean change of the height above ground, m s-1.
    public var upward: Float
    /// -d(ln density)/dz, m-1.
    public var densityDecay: Float
    /// kg m-3.
    public var density: Float
    /// Depth of the mixed layer, m.
    public var mixedLayerMetres: Float
    /// m s-1.
    public var frictionVelocity: Float
    /// Kinematic flux of buoyancy at the ground, m2 s-3; positive where the ground heats the air.
    public var buoyancyFlux: Float
    /// Density of dry air at the ground, kg m-3.
    public var surfaceDensity: Float
    /// Columns and rows of the grid in a metre.
    public var columnsPerMetre: Float
    public var rowsPerMetre: Float

    /// - Parameter density: that at the ground where not given.
    public init(
        alongColumns: Float,
        alongRows: Float,
        upward: Float,
        densityDecay: Float,
        density: Float? = nil,
        mixedLayerMetres: Float,
        frictionVelocity: Float,
        buoyancyFlux: Float,
        surfaceDensity: Float,
        columnsPerMetre: Float,
        rowsPerMetre: Float
    ) {
        self.alongColumns = alongColumns
        self.alongRows = alongRows
        self.upward = upward
        self.densityDecay = densityDecay
        self.density = density ?? surfaceDensity
        self.mixedLayerMetres = mixedLayerMetres
        self.frictionVelocity = frictionVelocity
        self.buoyancyFlux = buoyancyFlux
        self.surfaceDensity = surfaceDensity
        self.columnsPerMetre = columnsPerMetre
        self.rowsPerMetre = rowsPerMetre
    }
}

/// Vertical turbulence at a height.
public struct VerticalTurbulence: Sendable {
    /// Standard deviation of the vertical velocity, m s-1; positive.
    public var sigma: Float
    /// Its change with height, s-1.
    public var sigmaGradient: Float
    /// Lagrangian time scale, s; positive.
    public var timescale: Float

    public init(sigma: Float, sigmaGradient: Float, timescale: Float) {
        self.sigma = sigma
        self.sigmaGradient = sigmaGradient
        self.timescale = timescale
    }
}

/// Horizontal turbulence at a height: along the mean wind and across it.
public struct HorizontalTurbulence: Sendable {
    /// m s-1.
    public var alongSigma: Float
    public var acrossSigma: Float
    /// s.
    public var alongTimescale: Float
    public var acrossTimescale: Float

    public init(alongSigma: Float, acrossSigma: Float, alongTimescale: Float, acrossTimescale: Float) {
        self.alongSigma = alongSigma
        self.acrossSigma = acrossSigma
        self.alongTimescale = alongTimescale
        self.acrossTimescale = acrossTimescale
    }
}

/// The turbulence over one place, for the length of a step.
public protocol TurbulentColumn {
    /// Depth of the mixed layer, m.
    var depthMetres: Float { get }
    /// Vertical turbulence within the mixed layer.
    func vertical(atMetres height: Float, _ tables: HannaTables) -> VerticalTurbulence
    /// Horizontal turbulence at any height.
    func horizontal(atMetres height: Float) -> HorizontalTurbulence
}

/// What particles move through. Places are columns and rows of a grid, whole numbers at its nodes, and metres above
/// ground; times are seconds since ``reference``. Code over it is specialised for each type: nothing of it is called
/// through an existential in the loop over particles.
public protocol Atmosphere: Sendable {
    associatedtype Column: TurbulentColumn

    /// Where seconds count from.
    var reference: Instant { get }
    /// Particles do not rise above it, m.
    var topMetres: Float { get }
    /// The first time that the run from one time to the other lacks; nil when it is covered.
    func firstMissing(from start: Instant, to end: Instant) -> Instant?
    /// The place on the grid; nil outside of the domain.
    func gridPlace(longitude: Double, latitude: Double) -> SIMD2<Double>?
    /// Degrees on WGS 84.
    func places(columns: [Double], rows: [Double]) -> GeographicPoints
    /// Brings a place round the circle where the grid closes it; the place itself elsewhere.
    func wrapped(column: Double) -> Double
    func contains(column: Double, row: Double) -> Bool
    /// - Precondition: the place is within the domain and the time is covered.
    func air(column: Double, row: Double, height: Float, seconds: Double) -> Air
    func column(of air: Air, options: DispersionOptions) -> Column
    /// Whether turbulence is taken from ``layers(column:row:seconds:options:)`` and not from ``column(of:options:)``.
    var isLayered: Bool { get }
    func layers(column: Double, row: Double, seconds: Double, options: DispersionOptions) -> TurbulentLayers
    /// Standard deviation of the vertical velocity, m s-1, and its time scale, s, at a level.
    func turbulence(_ layers: TurbulentLayers, level: Int) -> SIMD2<Float>
}

extension Atmosphere {
    public var isLayered: Bool { false }

    public func layers(
        column: Double,
        row: Double,
        seconds: Double,
        options: DispersionOptions
    ) -> TurbulentLayers {
        TurbulentLayers(
            depthMetres: 1000,
            earlyDepth: 1000,
            lateDepth: 1000,
            early: 0,
            late: 0,
            share: 0,
            scale: 1
        )
    }

    public func turbulence(_ layers: TurbulentLayers, level: Int) -> SIMD2<Float> { SIMD2(0.1, 100) }
}
