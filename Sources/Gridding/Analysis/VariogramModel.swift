import Foundation

/// How correlation falls off with distance over its length `L`.
public enum VariogramFamily: String, CaseIterable, Codable, Sendable {
    /// `exp(-d / L)` along the great circle.
    case exponential
    /// `1 - 1.5 d/L + 0.5 (d/L)³` along the great circle, 0 from `L` on.
    case spherical
    /// `(1 + √3 d/L) exp(-√3 d/L)` along the chord: of the great circle distance it is not positive definite
    /// (Gneiting 2013, Bernoulli 19, 1327).
    case matern = "matern-3/2"

    /// - Parameter ratio: distance over length, not negative.
    public func correlation(_ ratio: Double) -> Double {
        switch self {
        case .exponential: return exp(-ratio)
        case .spherical: return ratio < 1 ? 1 - ratio * (1.5 - 0.5 * ratio * ratio) : 0
        case .matern:
            let scaled = 3.0.squareRoot() * ratio
            return (1 + scaled) * exp(-scaled)
        }
    }

    /// Lengths after which the correlation is 0.05.
    var practicalLengths: Double {
        switch self {
        case .exponential: 2.9957
        case .spherical: 0.8114
        case .matern: 2.7389
        }
    }
}

/// Covariance of the true column between places and times.
///
/// In space: `C(d) = a r(d)`, and `nugget` more for a place with itself: variation below the spacing of the cells.
/// In space and time the product-sum model (De Iaco, Myers and Posa 2001, Stat. Prob. Letters 52, 21; used for XCO2 by
/// Zeng et al. 2014, 2017): `C(d, t) = a r(d) + b q(t) + c r(d) q(t)` with `q(t) = exp(-|t| / T)`. With no
/// coefficient negative it is positive definite on the sphere and the time axis.
public struct VariogramModel: Codable, Hashable, Sendable {
    public let family: VariogramFamily
    /// ppm²
    public let nugget: Double
    /// `a`, ppm²
    public let spatialSill: Double
    /// `L`, km
    public let lengthKilometres: Double
    /// `b`, ppm²
    public let temporalSill: Double
    /// `c`, ppm²
    public let jointSill: Double
    /// `T`; nil without time.
    public let lengthDays: Double?

    /// Nil when a sill is negative, a length is not positive or anything is not finite.
    public init?(
        family: VariogramFamily,
        nugget: Double,
        spatialSill: Double,
        lengthKilometres: Double,
        temporalSill: Double = 0,
        jointSill: Double = 0,
        lengthDays: Double? = nil
    ) {
        let sills = [nugget, spatialSill, temporalSill, jointSill]
        guard sills.allSatisfy({ $0 >= 0 && $0.isFinite }), lengthKilometres > 0, lengthKilometres.isFinite
        else { return nil }
        if let lengthDays, !(lengthDays > 0 && lengthDays.isFinite) { return nil }
        self.family = family
        self.nugget = nugget
        self.spatialSill = spatialSill
        self.lengthKilometres = lengthKilometres
        self.temporalSill = temporalSill
        self.jointSill = jointSill
        self.lengthDays = lengthDays
    }

    /// Variance of the field at a place, ppm².
    public var sill: Double { nugget + spatialSill + temporalSill + jointSill }

    /// Where the correlation in space has fallen to 0.05, km.
    public var rangeKilometres: Double { family.practicalLengths * lengthKilometres }
    public var rangeDays: Double? { lengthDays.map { VariogramFamily.exponential.practicalLengths * $0 } }

    /// Half the mean squared difference of the field between places, ppm².
    public func semivariance(kilometres: Double, days: Double = 0) -> Double {
        guard kilometres > 0 || days != 0 else { return 0 }
        let chord = SpherePoint.squaredChord(kilometres: kilometres)
        return sill - covariance(squaredChord: chord, days: days)
    }

    /// Between two places or times that are not the same, ppm².
    func covariance(squaredChord: Double, days: Double) -> Double {
        let correlation = family.correlation(
            family.kilometres(squaredChord: squaredChord) / lengthKilometres
        )
        guard let lengthDays else { return (spatialSill + jointSill) * correlation + temporalSill }
        let persistence = days == 0 ? 1 : exp(-abs(days) / lengthDays)
        return spatialSill * correlation + (temporalSill + jointSill * correlation) * persistence
    }

    /// How many radii of the sphere a day counts as in the search for neighbours.
    var radiiPerDay: Double {
        lengthDays.map { lengthKilometres / $0 / SpherePoint.radiusKilometres } ?? 0
    }
}

extension VariogramFamily {
    /// The distance that the family takes.
    func kilometres(squaredChord: Double) -> Double {
        self == .matern
            ? squaredChord.squareRoot() * SpherePoint.radiusKilometres
            : SpherePoint.kilometres(squaredChord: squaredChord)
    }
}
