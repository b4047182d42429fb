public import Quantities

/// Soundings of one product in columns: element `i` of every array belongs to sounding `i`.
///
/// Profiles are flat, `soundings x levels`, level 0 at the top of the atmosphere.
public struct SoundingBatch: Sendable {
    public let product: String
    public let gas: Gas
    public let scale: CalibrationScale
    public let levels: Int
    /// What an element of a profile stands for.
    public let profileSupport: ProfileSupport
    /// `OCO-2`, `GOSAT`, `Sentinel-5P`; empty where the file does not tell.
    public var platform = ""
    /// The producer's version of the retrieval: `B11210`, `02.04.00`; empty where the file does not tell.
    public var build = ""
    /// Diameter of a round field of view, km; nil where corners are given or nothing is known.
    public var fieldOfViewKilometres: Double?

    /// The producer's identifiers; above 2^53, so never through a double.
    public var ids: [UInt64] = []
    public var times: [Instant] = []
    public var longitudes: [Double] = []
    public var latitudes: [Double] = []
    /// Column-averaged dry-air mole fraction, ppm.
    public var columns: [Double] = []
    /// Standard uncertainty of `columns`, ppm.
    public var uncertainties: [Double] = []
    /// Prior column, ppm.
    public var priorColumns: [Double] = []
    /// Normalised column averaging kernel, 1.
    public var averagingKernels: [Double] = []
    /// Pressure weight, 1; sums to one for each sounding.
    public var pressureWeights: [Double] = []
    /// Prior profile, ppm.
    public var priorProfiles: [Double] = []
    /// Pressure at the levels, or at the `levels + 1` boundaries of layers, hPa.
    public var pressures: [Double] = []
    /// Corners of the footprints in the producer's order, `soundings x 4`, degrees, NaN where the producer gave
    /// none; empty for products without corners.
    public var cornerLongitudes: [Double] = []
    public var cornerLatitudes: [Double] = []
    /// Position across the track counted from 1, 0 where unknown; empty for products without.
    public var footprints: [UInt16] = []
    /// Empty for products without.
    public var surfaces: [SurfaceKind] = []
    /// Empty for products without.
    public var modes: [ObservationMode] = []
    /// How many soundings of the source were left out, and why.
    public var rejected: [RejectionReason: Int] = [:]

    /// - Parameter levels: elements of a profile; 0 when profiles were not read.
    public init(
        product: String,
        gas: Gas,
        scale: CalibrationScale,
        levels: Int,
        profileSupport: ProfileSupport = .levels
    ) {
        self.product = product
        self.gas = gas
        self.scale = scale
        self.levels = levels
        self.profileSupport = profileSupport
    }

    public var count: Int { columns.count }
    /// Elements of ``pressures`` for each sounding.
    public var pressureCount: Int { levels == 0 ? 0 : levels + (profileSupport == .layers ? 1 : 0) }

    /// Makes room for that many soundings in every column.
    public mutating func reserveCapacity(_ soundings: Int) {
        ids.reserveCapacity(soundings)
        times.reserveCapacity(soundings)
        longitudes.reserveCapacity(soundings)
        latitudes.reserveCapacity(soundings)
        columns.reserveCapacity(soundings)
        uncertainties.reserveCapacity(soundings)
        priorColumns.reserveCapacity(soundings)
        averagingKernels.reserveCapacity(soundings * levels)
        pressureWeights.reserveCapacity(soundings * levels)
        priorProfiles.reserveCapacity(soundings * levels)
        pressures.reserveCapacity(soundings * pressureCount)
    }
}
