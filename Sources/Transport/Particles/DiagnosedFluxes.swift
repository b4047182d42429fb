import Foundation

/// Fluxes at the ground from wind and temperature at two heights, for models that give none: similarity of Monin and
/// Obukhov with the profiles of Dyer (1974, Boundary-Layer Meteorol. 7, 363) in unstable and of Beljaars and Holtslag
/// (1991, J. Appl. Meteorol. 30, 327) in stable air.
struct DiagnosedFluxes {
    /// m s-1.
    let frictionVelocity: Float
    /// m2 s-3; positive where the ground heats the air.
    let buoyancyFlux: Float

    /// - Parameters:
    ///   - speed: at `speedHeight`, m s-1.
    ///   - temperature: at 2 m, K; without it the layer is neutral.
    ///   - potentialTemperatureAbove: with the pressure of the ground as reference, K, at `heightAbove`.
    init(
        speed: Float,
        speedHeight: Float,
        temperature: Float?,
        potentialTemperatureAbove: Float,
        heightAbove: Float,
        roughness: Float
    ) {
        let wind = max(0.2, speed)
        let logarithm = log(1 + speedHeight / roughness)
        var friction = 0.4 * wind / logarithm
        var scale: Float = 0
        var inverseLength: Float = 0
        if let temperature {
            let mean = 0.5 * (temperature + potentialTemperatureAbove)
            for _ in 0..<20 {
                let momentum =
                    logarithm - Self.momentum(speedHeight * inverseLength)
                    + Self.momentum(roughness * inverseLength)
                let heat =
                    log(heightAbove / 2) - Self.heat(heightAbove * inverseLength)
                    + Self.heat(2 * inverseLength)
                friction = max(0.02, 0.4 * wind / max(1, momentum))
                scale = 0.4 * (potentialTemperatureAbove - temperature) / max(0.2, heat)
                let next = 0.4 * 9.80665 * scale / (mean * friction * friction)
                // Obukhov lengths under 5 m are beyond what the profiles are known for; half-way steps keep stable air
                // from swinging between two solutions.
                inverseLength = 0.5 * (inverseLength + max(-0.2, min(0.2, next)))
            }
        }
        frictionVelocity = friction
        buoyancyFlux = -inverseLength * friction * friction * friction / 0.4
    }

    /// Integrated correction of the profile of wind at `z / L`.
    static func momentum(_ zeta: Float) -> Float {
        guard zeta < 0 else { return stable(zeta, 1 + zeta) }
        let x = (1 - 16 * zeta).squareRoot().squareRoot()
        return 2 * log((1 + x) / 2) + log((1 + x * x) / 2) - 2 * atan(x) + .pi / 2
    }

    /// Integrated correction of the profile of temperature at `z / L`.
    static func heat(_ zeta: Float) -> Float {
        guard zeta < 0 else { return stable(zeta, pow(1 + 2 / 3 * zeta, 1.5)) }
        return 2 * log((1 + (1 - 16 * zeta).squareRoot()) / 2)
    }

    private static func stable(_ zeta: Float, _ growth: Float) -> Float {
        let (b, c, d): (Float, Float, Float) = (0.667, 5, 0.35)
        return -(growth - 1 + b * (zeta - c / d) * exp(-d * zeta) + b * c / d)
    }
}
