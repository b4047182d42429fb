import Foundation

/// Wind and stability near the ground by Monin-Obukhov similarity.
public enum SurfaceLayer {
    /// Correction of the logarithmic profile of wind at a height over the Obukhov length: of Dyer 1974 in the integral
    /// form of Paulson 1970 where unstable, of Beljaars and Holtslag 1991 (eq. 28) where stable.
    public static func stabilityCorrection(_ zeta: Double) -> Double {
        guard zeta < 0 else {
            let (a, b, c, d) = (1.0, 0.667, 5.0, 0.35)
            return -(a * zeta + b * (zeta - c / d) * exp(-d * zeta) + b * c / d)
        }
        let x = pow(1 - 16 * zeta, 0.25)
        return 2 * log((1 + x) / 2) + log((1 + x * x) / 2) - 2 * atan(x) + .pi / 2
    }

    /// Wind speed at a height over friction velocity; 0 at and below the roughness length.
    ///
    /// - Parameter obukhovLengthMetres: infinite where neutral.
    public static func windShape(
        heightMetres height: Double,
        roughnessMetres roughness: Double,
        obukhovLengthMetres length: Double
    ) -> Double {
        guard height > roughness else { return 0 }
        let stability =
            length.isFinite && length != 0
            ? stabilityCorrection(height / length) - stabilityCorrection(roughness / length) : 0
        return max(0, log(height / roughness) - stability) / MoistAir.vonKarman
    }

    /// m; infinite without a heat flux.
    ///
    /// - Parameters:
    ///   - heatFlux: W m-2, positive upward.
    ///   - density: kg m-3.
    public static func obukhovLengthMetres(
        frictionVelocity: Double,
        heatFlux: Double,
        kelvin: Double,
        density: Double = 1.2
    ) -> Double {
        guard heatFlux != 0 else { return .infinity }
        let cube = frictionVelocity * frictionVelocity * frictionVelocity
        return -density * MoistAir.heatCapacity * kelvin * cube
            / (MoistAir.vonKarman * MoistAir.gravity * heatFlux)
    }
}
