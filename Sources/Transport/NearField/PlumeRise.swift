import Foundation

/// A stack that lifts its plume by warmth and speed: Briggs (1969, 1971, 1975) as in ISC3, EPA-454/B-95-003b (1995),
/// section 1.1.4.
public struct StackPlume: Hashable, Sendable {
    /// m above ground.
    public let heightMetres: Double
    public let diameterMetres: Double
    /// m s-1.
    public let exitSpeed: Double
    public let gasKelvin: Double
    public let airKelvin: Double

    private static let gravity = 9.80665

    /// Nil unless diameter and temperatures are positive and height and speed not negative.
    public init?(
        heightMetres: Double,
        diameterMetres: Double,
        exitSpeed: Double,
        gasKelvin: Double,
        airKelvin: Double
    ) {
        guard heightMetres >= 0, diameterMetres > 0, exitSpeed >= 0, gasKelvin > 0, airKelvin > 0 else {
            return nil
        }
        self.heightMetres = heightMetres
        self.diameterMetres = diameterMetres
        self.exitSpeed = exitSpeed
        self.gasKelvin = gasKelvin
        self.airKelvin = airKelvin
    }

    /// m4 s-3; zero for a gas colder than the air.
    public var buoyancyFlux: Double {
        let excess = max(0, gasKelvin - airKelvin)
        return Self.gravity * exitSpeed * diameterMetres * diameterMetres * excess / (4 * gasKelvin)
    }

    /// m4 s-2.
    public var momentumFlux: Double {
        exitSpeed * exitSpeed * diameterMetres * diameterMetres * airKelvin / (4 * gasKelvin)
    }

    /// Where and how high the plume comes to rest.
    public struct Rise: Equatable, Sendable {
        public let metres: Double
        /// Downwind, m; zero for a jet, which rises at once.
        public let distanceMetres: Double
    }

    /// In unstable and neutral air.
    ///
    /// - Parameter windSpeed: m s-1 at the top of the stack; held above 1 m s-1, as ISC3 does.
    public func neutralRise(windSpeed: Double) -> Rise {
        let speed = max(windSpeed, 1)
        let flux = buoyancyFlux
        let crossover =
            flux < 55
            ? 0.0297 * gasKelvin * cbrt(exitSpeed) / pow(diameterMetres, 2.0 / 3)
            : 0.00575 * gasKelvin * pow(exitSpeed, 2.0 / 3) / cbrt(diameterMetres)
        if gasKelvin - airKelvin <= crossover {
            return Rise(metres: 3 * diameterMetres * exitSpeed / speed, distanceMetres: 0)
        }
        return flux < 55
            ? Rise(metres: 21.425 * pow(flux, 0.75) / speed, distanceMetres: 49 * pow(flux, 0.625))
            : Rise(metres: 38.71 * pow(flux, 0.6) / speed, distanceMetres: 119 * pow(flux, 0.4))
    }

    /// In stable air.
    ///
    /// - Parameters:
    ///   - windSpeed: m s-1 at the top of the stack; held above 1 m s-1.
    ///   - gradient: of potential temperature, K m-1, above zero; ISC3 takes 0.020 in class E and 0.035 in F.
    public func stableRise(windSpeed: Double, potentialGradient gradient: Double) -> Rise {
        let speed = max(windSpeed, 1)
        let stability = Self.gravity * max(gradient, 1e-6) / airKelvin
        let crossover = 0.019582 * gasKelvin * exitSpeed * stability.squareRoot()
        if gasKelvin - airKelvin <= crossover {
            let stable = 1.5 * cbrt(momentumFlux / (speed * stability.squareRoot()))
            return Rise(metres: min(stable, 3 * diameterMetres * exitSpeed / speed), distanceMetres: 0)
        }
        return Rise(
            metres: 2.6 * cbrt(buoyancyFlux / (speed * stability)),
            distanceMetres: 2.0715 * speed / stability.squareRoot()
        )
    }

    /// Rise of a buoyant plume on its way, m, at a distance downwind, m: 1.6 F^(1/3) x^(2/3) / u, at most the final
    /// one.
    public func rise(_ final: Rise, downwindMetres distance: Double, windSpeed: Double) -> Double {
        guard distance < final.distanceMetres else { return final.metres }
        let climb = 1.60 * cbrt(buoyancyFlux) * pow(max(distance, 0), 2.0 / 3) / max(windSpeed, 1)
        return min(climb, final.metres)
    }
}
