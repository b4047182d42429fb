import Foundation

/// Turbulent fluxes at the ground as HYSPLIT has them: those of the meteorology, or from wind and temperature at its
/// two lowest levels by a bulk Richardson number (Draxler and Hess 1998, with profiles of Beljaars and Holtslag 1991
/// in stable and of Kadar and Perepelkin, Betchov and Yaglom in unstable air).
struct HysplitSurface {
    /// m s-1.
    var frictionVelocity: Float
    /// K; negative where the ground heats the air.
    var temperatureScale: Float
    /// m-1, such that the top of the surface layer is at -2...15 Obukhov lengths.
    var inverseLength: Float
    let roughness: Float

    /// From fluxes.
    /// - Parameter heatFlux: W m-2, upward.
    init(_ column: HysplitColumn, frictionVelocity friction: Float, heatFlux: Float, roughness: Float) {
        let top = HysplitColumn.surfaceTop
        frictionVelocity = max(1e-4, friction)
        let flux = max(-25, heatFlux)
        let scale = max(1e-4, abs(flux / (column.density[top] * 1005 * frictionVelocity)))
        temperatureScale = flux > 0 ? -scale : scale
        self.roughness = roughness
        inverseLength = 0
        limitLength(column)
    }

    /// From the profile.
    init(_ column: HysplitColumn, roughness: Float) {
        let top = HysplitColumn.surfaceTop
        let (height, thickness) = (column.heights[top], column.heights[top] - column.heights[0])
        let warming = column.potential[top] - column.potential[0]
        let shear = max(1e-4, column.squaredShear(0, top))
        let mean = 0.5 * (column.potential[top] + column.potential[0])
        let number = max(-1, min(1, HysplitColumn.gravity * warming * thickness / mean / shear))
        let ratio = Self.heightOverLength(number, height: height, roughness: roughness)
        self.roughness = roughness
        frictionVelocity = 0.4 * height * shear.squareRoot() / Self.windGradient(ratio) / thickness
        temperatureScale = 0.4 * height * warming / Self.heatGradient(ratio) / thickness
        inverseLength = 0
        limitLength(column)
    }

    private mutating func limitLength(_ column: HysplitColumn) {
        let top = HysplitColumn.surfaceTop
        let friction = frictionVelocity * frictionVelocity * column.potential[top]
        var ratio = column.heights[top] * 0.4 * HysplitColumn.gravity * temperatureScale / friction
        ratio = max(-2, min(15, ratio))
        if ratio == 0 { ratio = 1e-3 }
        inverseLength = ratio / column.heights[top]
    }

    /// z / L from the bulk Richardson number (Hess' fit over land).
    private static func heightOverLength(_ number: Float, height: Float, roughness: Float) -> Float {
        let momentum = log(height / roughness + 1)
        let heat = log(height / (0.1 * roughness) + 1)
        if number < 0 { return -abs(number * (momentum * momentum / heat - 0.5)) }
        guard number < 0.08 else {
            let curvature = 0.005 * momentum + 41.2
            let slope = 1.185 * momentum - 1.5 * log(10) - 1.37
            return abs((curvature * number + slope) * number)
        }
        let inner = heat * heat - 20 * momentum * heat * number + 20 * momentum * momentum * number
        let root = max(0, inner).squareRoot()
        return abs((-heat + 10 * momentum * number + root) / (10 * (1 - 5 * number)))
    }

    /// Dimensionless gradients of wind and of temperature at z / L.
    static func windGradient(_ zeta: Float) -> Float {
        if zeta < 0 { return cbrt((1 + 0.625 * zeta * zeta) / (1 - 7.5 * zeta)) }
        return 1 + (1 + stableTerm(zeta)) * zeta
    }

    static func heatGradient(_ zeta: Float) -> Float {
        if zeta < 0 { return 0.64 * cbrt((3 - 2.5 * zeta) / (1 - 10 * zeta + 50 * zeta * zeta)) }
        return 0.923 * (1 + ((1 + 0.66667 * zeta).squareRoot() + stableTerm(zeta)) * zeta)
    }

    private static func stableTerm(_ zeta: Float) -> Float {
        0.66667 * exp(-0.35 * zeta) * (6 - 0.35 * zeta)
    }

    /// Standard deviation of the vertical velocity, m s-1, and time scale, s, after Hanna (1982).
    /// - Parameter convective: w*, m s-1.
    func turbulence(
        atMetres height: Float,
        depthMetres depth: Float,
        _ convective: Float
    ) -> SIMD2<Float> {
        let relative = height / depth
        guard inverseLength < 0 else {
            let sigma = max(1e-5, 1.3 * frictionVelocity * (1 - relative))
            return SIMD2(sigma, 0.1 * depth / sigma * pow(relative, 0.8))
        }
        let length = 1 / inverseLength
        let shear = 0.96 * cbrt(3 * relative - length / depth)
        var sigma = shear
        switch relative {
        case ..<0.03: break
        case ..<0.4: sigma = min(shear, 0.763 * pow(relative, 0.175))
        case ..<0.96: sigma = 0.722 * pow(1 - relative, 0.207)
        default: sigma = 0.37
        }
        sigma = max(1e-5, sigma * convective)
        guard relative < 0.1 else {
            return SIMD2(sigma, 0.15 * depth / sigma * (1 - exp(-5 * relative)))
        }
        guard height - roughness < -length else { return SIMD2(sigma, 0.59 * height / sigma) }
        return SIMD2(sigma, 0.1 * height / (sigma * (0.55 + 0.38 * (height - roughness) * inverseLength)))
    }
}
