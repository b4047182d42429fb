public import Quantities

/// How particles are moved. The defaults are those of STILT where it has the choice.
public struct DispersionOptions: Hashable, Sendable {
    public enum Direction: String, Hashable, Sendable {
        /// From the receptor towards the sources; the mean wind is reversed.
        case backward
        case forward
    }

    /// What becomes of a particle that meets the top of the mixed layer.
    public enum MixedLayerTop: Hashable, Sendable {
        /// Passes with the ratio of the turbulent velocities beyond and before, and is sent back otherwise, which
        /// keeps well mixed what is (Thomson et al. 1997, Atmos. Environ. 31, 2143), as in STILT.
        case passesByChance
        /// Is always sent back.
        case reflects
    }

    /// How long horizontal turbulence remembers.
    public enum HorizontalTimescale: Hashable, Sendable {
        /// A constant, which lets slow meanders of the wind disperse too.
        case seconds(Double)
        /// Hanna (1982).
        case hanna
    }

    public var direction = Direction.backward
    /// Hours that each particle is followed.
    public var hours = 24.0
    /// Particles of each receptor, shared out among its points.
    public var particles = 500
    public var seed: UInt64 = 1
    /// Minutes between the rows of a ``ParticleTable``; influence is summed up in between.
    public var outputMinutes = 1.0
    /// Longest step of the mean wind, s: one minute as STILT's.
    public var longestStepSeconds = 60.0
    /// How many cells of the meteorology the mean wind may cross in a step (HYSPLIT's TRATIO).
    public var longestStepCells = 0.75
    /// Step of vertical turbulence as a share of its time scale (STILT's TLFRAC, there 0.1). The step is of second
    /// order: at 0.3 the density of well-mixed particles near the ground is right within 2 %, where one of first order
    /// at 0.1 is 10 to 20 % off.
    public var timescaleShare = 0.25
    /// The ground acts on particles below this share of the mixed layer (STILT's VEGHT).
    public var influenceShare = 0.5
    /// Whether the influence near the receptor is that of a plume that still grows (STILT's HNF_PLUME): without it the
    /// first minutes count as if the air were mixed through the layer at once, and what stands beside the inlet seems
    /// far weaker than it is.
    public var dilutesNearField = true
    /// Whether the table keeps ``ParticleTable/conditions``.
    public var keepsConditions = false
    /// Without it particles follow the mean wind alone.
    public var turbulence = true
    /// Whether the mean vertical wind of the model moves particles.
    public var verticalWind = true
    /// The mixed layer is at least so deep, m (HYSPLIT's KMIX0).
    public var shallowestMixedLayerMetres = 150.0
    /// Multiplies the depth of the mixed layer (STILT's ZISCALE): for ensembles of its error.
    public var mixedLayerScale = 1.0
    /// m s-1 added to the mean wind along columns and rows: for ensembles of its error.
    public var windOffset = SIMD2<Double>(0, 0)
    public var mixedLayerTop = MixedLayerTop.passesByChance
    /// STILT's HSCALE.
    public var horizontalTimescale = HorizontalTimescale.seconds(10_800)
    /// Below this height, m, turbulence is as at it, where STILT has its lowest level: Hanna's time scale goes to zero
    /// at the ground and steps with it.
    public var lowestTurbulenceMetres = 10.0
    /// Depth of the mixed layer over the Obukhov length below which turbulence is that of neutral air; 0 leaves
    /// stable and unstable alone, as STILT has it.
    public var neutralDepthOverLength = 1.0
    /// Above the mixed layer: vertical diffusivity, m2 s-1, and its time scale, s (STILT's). Where STILT takes a mixing
    /// length with at least 0.01 m2 s-1, this is a constant.
    public var freeDiffusivity = 0.1
    public var freeTimescaleSeconds = 100.0
    /// Above the mixed layer: standard deviation of the horizontal wind, m s-1; the least that STILT gives.
    public var freeHorizontalSigma = 0.2

    public init() {}

    /// Steps as short as STILT's, for runs beside it over ``GriddedAtmosphere/Columns/hysplit`` columns.
    public static var stilt: DispersionOptions {
        var options = DispersionOptions()
        options.timescaleShare = 0.1
        return options
    }

    /// - Throws: ``DispersionError/option(name:value:valid:)`` for the first that makes no sense.
    public func validated() throws(DispersionError) {
        try check("hours", hours, 1e-3...10_000)
        try check("particles", Double(particles), 1...10_000_000)
        try check("output minutes", outputMinutes, 1e-3...10_000)
        try check("longest step, s", longestStepSeconds, 0.01...3_600)
        try check("longest step, cells", longestStepCells, 0.01...10)
        try check("timescale share", timescaleShare, 1e-3...0.5)
        try check("influence share", influenceShare, 1e-3...1)
        try check("shallowest mixed layer, m", shallowestMixedLayerMetres, 1...5_000)
        try check("mixed layer scale", mixedLayerScale, 0.01...100)
        try check("wind offset along columns, m s-1", windOffset.x, -50...50)
        try check("wind offset along rows, m s-1", windOffset.y, -50...50)
        if case .seconds(let scale) = horizontalTimescale {
            try check("horizontal timescale, s", scale, 1...1e6)
        }
        try check("lowest turbulence, m", lowestTurbulenceMetres, 0.1...100)
        try check("neutral depth over length", neutralDepthOverLength, 0...100)
        try check("free diffusivity, m2 s-1", freeDiffusivity, 1e-4...100)
        try check("free timescale, s", freeTimescaleSeconds, 1...10_000)
        try check("free horizontal sigma, m s-1", freeHorizontalSigma, 0...10)
    }

    private func check(_ name: String, _ value: Double, _ valid: ClosedRange<Double>) throws(DispersionError)
    {
        guard valid.contains(value) else { throw .option(name: name, value: value, valid: valid) }
    }
}

/// Why particles cannot be followed.
public enum DispersionError: Fault, Equatable {
    case option(name: String, value: Double, valid: ClosedRange<Double>)
    /// A receptor has more points than there are particles.
    case fewParticles(receptor: String, points: Int, particles: Int)
    /// A point of a receptor lies beyond the meteorology, or is no place.
    case outside(receptor: String, longitude: Double, latitude: Double, heightMetres: Double)
    /// A point of a receptor lies below the ground, or above the highest air of the run.
    case height(receptor: String, metres: Double, topMetres: Double)
    /// The meteorology lacks a time that the run needs.
    case missingMeteorology(at: Instant, receptor: String, from: Instant, to: Instant)
    /// The meteorology has no such field.
    case missingField(String, at: Instant)
    /// The arrays of an hour do not fit the grid.
    case unfitting(String, at: Instant)
    case emptyMeteorology

    public var exitStatus: ExitStatus {
        switch self {
        case .option: .usage
        case .fewParticles, .outside, .height: .badData
        case .missingMeteorology, .missingField, .emptyMeteorology: .missingInput
        case .unfitting: .badData
        }
    }

    public var what: String {
        switch self {
        case .option(let name, let value, let valid):
            "option \(name) is \(value), not in \(valid.lowerBound)...\(valid.upperBound)"
        case .fewParticles(_, let points, let particles): "\(particles) particles for \(points) points"
        case .outside(_, let longitude, let latitude, let height):
            "no meteorology at longitude \(longitude), latitude \(latitude), \(height) m"
        case .height(let receptor, let metres, let top):
            metres < 0
                ? "receptor `\(receptor)` lies below the ground, at \(Self.text(metres)) m"
                : "receptor `\(receptor)` at \(Self.text(metres)) m lies above the air of the run, whose top is "
                    + "\(Self.text(top)) m above ground"
        case .missingMeteorology(let time, _, let start, let end):
            "meteorology lacks \(time.description) of \(start.description) to \(end.description)"
        case .missingField(let field, let time): "meteorology has no \(field) at \(time.description)"
        case .unfitting(let field, let time): "\(field) does not fit the grid at \(time.description)"
        case .emptyMeteorology: "meteorology of fewer than two hours, rows, columns or levels"
        }
    }

    private static func text(_ metres: Double) -> String {
        Int(exactly: metres).map { "\($0)" } ?? "\(metres)"
    }

    public var place: String {
        switch self {
        case .fewParticles(let receptor, _, _), .outside(let receptor, _, _, _),
            .missingMeteorology(_, let receptor, _, _):
            "receptor \(receptor)"
        default: ""
        }
    }

    public var remedy: String {
        switch self {
        case .option: "choose a value within"
        case .fewParticles: "take more particles or fewer points"
        case .outside: "take meteorology of a larger region or check the place"
        case .height: "give the height in m above ground"
        case .missingMeteorology: "add the files of that time or shorten the run"
        case .missingField: "add the field to the files"
        case .unfitting, .emptyMeteorology: "check the files"
        }
    }
}
