import Foundation

/// How a plume lies in the vertical between the ground and, where there is one, an inversion, both of which reflect it.
public struct VerticalSpread: Hashable, Sendable {
    /// Height of the axis, m above ground.
    public let axisMetres: Double
    public let sigmaMetres: Double
    /// Height of the inversion, m; nil without one.
    public let lidMetres: Double?

    public init(axisMetres: Double, sigmaMetres: Double, lidMetres: Double? = nil) {
        self.axisMetres = axisMetres
        self.sigmaMetres = sigmaMetres
        self.lidMetres = lidMetres
    }

    /// Density at a height, m-1; its integral from the ground to the lid is one. Zero below ground and above the lid;
    /// zero everywhere below the lid for a plume above it.
    ///
    /// The images converge fast while the plume is thin, the cosines of the same sum (Poisson) once it fills the layer;
    /// with the change at a spread of 0.6 of the layer either needs at most four terms for full precision.
    public func density(atMetres z: Double) -> Double {
        guard z >= 0, sigmaMetres > 0 else { return 0 }
        guard let lid = lidMetres else {
            return normal(z - axisMetres) + normal(z + axisMetres)
        }
        guard z <= lid, axisMetres <= lid else { return 0 }
        let ratio = sigmaMetres / lid
        if ratio < 0.6 {
            var sum = normal(z - axisMetres) + normal(z + axisMetres)
            for image in 1...4 {
                let shift = 2 * Double(image) * lid
                sum += normal(z - axisMetres - shift) + normal(z + axisMetres - shift)
                sum += normal(z - axisMetres + shift) + normal(z + axisMetres + shift)
            }
            return sum
        }
        var sum = 1.0
        for term in 1...8 {
            let wave = Double(term) * .pi
            let decay = exp(-0.5 * wave * wave * ratio * ratio)
            if decay < 1e-18 { break }
            sum += 2 * decay * cos(wave * z / lid) * cos(wave * axisMetres / lid)
        }
        return max(0, sum / lid)
    }

    /// Mean height of the plume with its reflections, m.
    public var meanMetres: Double {
        guard sigmaMetres > 0 else { return axisMetres }
        let ratio = axisMetres / sigmaMetres
        let free =
            sigmaMetres * (2 / Double.pi).squareRoot() * exp(-0.5 * ratio * ratio)
            + axisMetres * erf(ratio * 0.5.squareRoot())
        guard let lid = lidMetres else { return free }
        return min(free, max(axisMetres, lid / 2))
    }

    private func normal(_ distance: Double) -> Double {
        let scaled = distance / sigmaMetres
        return exp(-0.5 * scaled * scaled) / (sigmaMetres * (2 * Double.pi).squareRoot())
    }
}
