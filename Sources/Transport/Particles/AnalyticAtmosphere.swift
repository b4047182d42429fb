import Foundation
public import Geo
public import Quantities

/// An atmosphere of given formulas over a plane of metres, for tests and for cases with a known answer.
///
/// Columns, rows, longitude and latitude are all the same here: 100 km from the origin count 1.
public struct AnalyticAtmosphere: Atmosphere {
    /// Mean wind along x and y and upward, m s-1, at x, y, height (m) and time (s).
    public typealias Wind =
        @Sendable (_ x: Double, _ y: Double, _ height: Double, _ seconds: Double) -> SIMD3<Double>

    public let reference: Instant
    public var topMetres: Float = 50_000
    public var wind: Wind
    /// What the mixed layer is like, with the wind of no meaning.
    public var surface: Air
    /// Prescribed turbulence; Hanna's of `surface` without it.
    public var vertical: (@Sendable (Float) -> VerticalTurbulence)?
    public var horizontal: HorizontalTurbulence?
    /// Half the side of the domain, degrees.
    public var reachDegrees = 80.0
    /// Times that are covered; all without it.
    public var covered: ClosedRange<Instant>?

    public static let metresPerDegree = 100_000.0

    /// Uniform wind along x over neutral air of constant density.
    public init(
        reference: Instant,
        speed: Double = 5,
        mixedLayerMetres: Float = 1000,
        frictionVelocity: Float = 0.3,
        buoyancyFlux: Float = 0,
        surfaceDensity: Float = 1.2,
        densityDecay: Float = 0
    ) {
        self.reference = reference
        wind = { _, _, _, _ in SIMD3(speed, 0, 0) }
        surface = Air(
            alongColumns: 0,
            alongRows: 0,
            upward: 0,
            densityDecay: densityDecay,
            mixedLayerMetres: mixedLayerMetres,
            frictionVelocity: frictionVelocity,
            buoyancyFlux: buoyancyFlux,
            surfaceDensity: surfaceDensity,
            columnsPerMetre: Float(1 / Self.metresPerDegree),
            rowsPerMetre: Float(1 / Self.metresPerDegree)
        )
    }

    /// The wind over a rough ground in neutral air: `u* / 0.4 ln(1 + z / z0)` along x.
    public static func logarithmicWind(frictionVelocity: Double, roughnessMetres: Double) -> Wind {
        { _, _, height, _ in SIMD3(frictionVelocity / 0.4 * log(1 + height / roughnessMetres), 0, 0) }
    }

    /// `speed (z / at)^exponent` along x.
    public static func powerWind(speed: Double, atMetres: Double, exponent: Double) -> Wind {
        { _, _, height, _ in SIMD3(speed * pow(max(0, height) / atMetres, exponent), 0, 0) }
    }

    public func firstMissing(from start: Instant, to end: Instant) -> Instant? {
        guard let covered else { return nil }
        if start < covered.lowerBound { return start }
        return end > covered.upperBound ? end : nil
    }

    public func gridPlace(longitude: Double, latitude: Double) -> SIMD2<Double>? {
        contains(column: longitude, row: latitude) ? SIMD2(longitude, latitude) : nil
    }

    public func places(columns: [Double], rows: [Double]) -> GeographicPoints {
        GeographicPoints(longitudes: columns, latitudes: rows)
    }

    public func wrapped(column: Double) -> Double { column }

    public func contains(column: Double, row: Double) -> Bool {
        abs(column) <= reachDegrees && abs(row) <= reachDegrees
    }

    public func air(column: Double, row: Double, height: Float, seconds: Double) -> Air {
        let metres = SIMD2(column, row) * Self.metresPerDegree
        let speed = wind(metres.x, metres.y, Double(height), seconds)
        var air = surface
        air.alongColumns = Float(speed.x)
        air.alongRows = Float(speed.y)
        air.upward = Float(speed.z)
        air.density = surface.surfaceDensity * exp(-surface.densityDecay * height)
        return air
    }

    public func column(of air: Air, options: DispersionOptions) -> Column {
        Column(hanna: HannaColumn(air, options), vertical: vertical, horizontal: horizontal)
    }

    /// Prescribed turbulence where there is any, Hanna's elsewhere.
    public struct Column: TurbulentColumn {
        let hanna: HannaColumn
        let vertical: (@Sendable (Float) -> VerticalTurbulence)?
        let horizontal: HorizontalTurbulence?

        public var depthMetres: Float { hanna.depthMetres }

        public func vertical(atMetres height: Float, _ tables: HannaTables) -> VerticalTurbulence {
            vertical?(height) ?? hanna.vertical(atMetres: height, tables)
        }

        public func horizontal(atMetres height: Float) -> HorizontalTurbulence {
            horizontal ?? hanna.horizontal(atMetres: height)
        }
    }
}
