import Foundation

/// The lowest air over flat ground by similarity theory: how wind and turbulence change with height.
public struct SurfaceLayer: Hashable, Sendable {
    /// m s-1.
    public let frictionVelocity: Double
    /// Length of Obukhov, m: negative in unstable air, infinite in neutral air.
    public let obukhovMetres: Double
    /// m.
    public let roughnessMetres: Double
    /// Height of the zero plane over a canopy or between houses, m.
    public let displacementMetres: Double

    static let karman = 0.4

    /// Nil unless friction and roughness are positive and finite, the displacement is not negative, and the length is
    /// neither NaN nor zero.
    public init?(
        frictionVelocity: Double,
        obukhovMetres: Double,
        roughnessMetres: Double,
        displacementMetres: Double = 0
    ) {
        guard frictionVelocity > 0, frictionVelocity.isFinite, roughnessMetres > 0, roughnessMetres.isFinite,
            displacementMetres >= 0, displacementMetres.isFinite, !obukhovMetres.isNaN, obukhovMetres != 0
        else { return nil }
        self.frictionVelocity = frictionVelocity
        self.obukhovMetres = obukhovMetres
        self.roughnessMetres = roughnessMetres
        self.displacementMetres = displacementMetres
    }

    /// With the friction velocity that gives a wind measured at some height.
    ///
    /// Nil as above, and where that height is not above the roughness.
    public init?(
        windSpeed: Double,
        atMetres height: Double,
        obukhovMetres: Double,
        roughnessMetres: Double,
        displacementMetres: Double = 0
    ) {
        guard
            let unit = SurfaceLayer(
                frictionVelocity: 1,
                obukhovMetres: obukhovMetres,
                roughnessMetres: roughnessMetres,
                displacementMetres: displacementMetres
            ), height - displacementMetres >= Self.leastHeights * roughnessMetres
        else { return nil }
        self.init(
            frictionVelocity: windSpeed / unit.speed(atMetres: height),
            obukhovMetres: obukhovMetres,
            roughnessMetres: roughnessMetres,
            displacementMetres: displacementMetres
        )
    }

    /// Roughness lengths below which the profile is held: among the roughness itself there is no mean profile.
    private static let leastHeights = 5.0

    /// Mean wind, m s-1, at a height above ground: u*/k (ln z/z0 - psi(z/L) + psi(z0/L)); below five roughness lengths
    /// that of five.
    public func speed(atMetres height: Double) -> Double {
        let z = max(height - displacementMetres, Self.leastHeights * roughnessMetres)
        let shape = log(z / roughnessMetres) - momentumCorrection(z) + momentumCorrection(roughnessMetres)
        return frictionVelocity / Self.karman * shape
    }

    /// Psi of momentum: Paulson (1970) with gamma 16 in unstable air; van Ulden and Holtslag (1985), which stays
    /// bounded, in stable air.
    private func momentumCorrection(_ z: Double) -> Double {
        let ratio = z / obukhovMetres
        if ratio >= 0 { return -17 * (1 - exp(-0.29 * ratio)) }
        let x = pow(1 - 16 * ratio, 0.25)
        return 2 * log((1 + x) / 2) + log((1 + x * x) / 2) - 2 * atan(x) + .pi / 2
    }

    /// Standard deviation of vertical wind, m s-1: 1.3 u* (1 - 3 z/L)^(1/3) in unstable air, Panofsky et al. (1977);
    /// 1.3 u* in neutral and stable air.
    public func verticalTurbulence(atMetres height: Double) -> Double {
        let ratio = min(0, max(height - displacementMetres, roughnessMetres) / obukhovMetres)
        return 1.3 * frictionVelocity * cbrt(1 - 3 * ratio)
    }

    /// Standard deviation of wind across its mean, m s-1: 1.9 u* of mechanical turbulence, and in unstable air 0.6 w*
    /// of the convection below an inversion (as AERMOD, Cimorelli et al. 2005), added as variances.
    ///
    /// - Parameter mixingHeight: m; without it the convection is left out.
    public func acrossTurbulence(mixingHeightMetres mixingHeight: Double? = nil) -> Double {
        let mechanical = 1.9 * frictionVelocity
        guard let mixingHeight, obukhovMetres < 0, obukhovMetres.isFinite else { return mechanical }
        let convective = 0.6 * frictionVelocity * cbrt(mixingHeight / (Self.karman * -obukhovMetres))
        return (mechanical * mechanical + convective * convective).squareRoot()
    }
}

/// The mean wind by height that carries a plume.
public enum WindProfile: Hashable, Sendable {
    /// The same at all heights, m s-1.
    case uniform(Double)
    /// A power law: speed, m s-1, at a height, m; exponent.
    case power(speed: Double, atMetres: Double, exponent: Double)
    case logarithmic(SurfaceLayer)

    /// A power law with the exponents of ISC3, EPA-454/B-95-003b (1995).
    public static func power(
        speed: Double,
        atMetres height: Double,
        stability: StabilityClass,
        terrain: PlumeTerrain
    ) -> WindProfile {
        let exponents =
            switch terrain {
            case .rural: [0.07, 0.07, 0.10, 0.15, 0.35, 0.55]
            case .urban: [0.15, 0.15, 0.20, 0.25, 0.30, 0.30]
            }
        return .power(speed: speed, atMetres: height, exponent: exponents[stability.rawValue])
    }

    /// m s-1; a power law is held below 1 m.
    public func speed(atMetres height: Double) -> Double {
        switch self {
        case .uniform(let speed): speed
        case .power(let speed, let reference, let exponent): speed * pow(max(height, 1) / reference, exponent)
        case .logarithmic(let layer): layer.speed(atMetres: height)
        }
    }
}
