/// Near the receptor the plume that a particle stands for is thinner than the layer that STILT dilutes fluxes into, and
/// the influence greater: its depth grows from the height of release with the turbulence met on the way, as long as it
/// is below that layer (Fasoli et al. 2018, Geosci. Model Dev. 11, 2813, sect. 2.2; in STILT-R and PYSTILT by default).
struct NearFieldPlume {
    /// m.
    private(set) var depthMetres: Float

    init(releaseMetres: Float) { depthMetres = releaseMetres }

    /// - Parameters:
    ///   - age: seconds since the release.
    ///   - minutesBelow: minutes of the step below the layer.
    mutating func grow(age: Float, minutesBelow: Float, sigma: Float, timescale: Float) {
        // Taylor's growth, with the last term as those programs have it: 1 s2 in the place of the time scale squared.
        let spread = timescale * age + timescale * timescale * decay(age / timescale) - 1
        depthMetres += minutesBelow * sigma * (2 * max(0, spread)).squareRoot()
    }
}

extension ParticleState {
    /// Counts the influence of a step that is done.
    @inline(__always)
    mutating func count(over step: Float, _ settings: borrowing DispersionSettings) {
        age += step
        guard secondsBelow > 0 else { return }
        let minutes = secondsBelow / 60
        minutesBelow += minutes
        let layer = settings.influenceShare * depthMetres
        let ofLayer = gain(secondsBelow, layer: layer)
        influenceOfLayer += Double(ofLayer)
        var gained = ofLayer
        if settings.dilutesNearField {
            plume.grow(
                age: age,
                minutesBelow: minutes,
                sigma: verticalSigma,
                timescale: verticalTimescale
            )
            if plume.depthMetres < layer {
                gained = Self.molarMass * secondsBelow / (max(0.1, plume.depthMetres) * air.density)
            }
        }
        influence += Double(gained)
        secondsBelow = 0
    }
}
