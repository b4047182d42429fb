public import Geo
public import Gridding
public import Quantities

/// Everything that the quality page of a gridded satellite product shows, without any layout.
/// ``SatellitePage`` draws it.
public struct SatelliteReport: Sendable {
    /// One file that was read.
    public struct File: Sendable {
        /// Without the folders it lay in.
        public var name: String
        public var sha256: String
        /// Product, platform and build in words; empty where not known.
        public var product: String
        /// Soundings of this file, where they were counted file by file.
        public var tally: SoundingTally?

        public init(name: String, sha256: String, product: String = "", tally: SoundingTally? = nil) {
            self.name = name
            self.sha256 = sha256
            self.product = product
            self.tally = tally
        }
    }

    public var title: LocalizedName
    /// In the order of time, of one plan; empty when no sounding was gridded.
    public var windows: [GriddedColumns]
    public var tally: SoundingTally
    public var files: [File]
    public var regions: SatelliteRegions?
    /// The products with their soundings, where these were counted; several are remarked on.
    public var products: [ProductShare]
    /// What the maps show; the whole grid where nil.
    public var box: BoundingBox?
    /// Statements a reader must know before using the numbers.
    public var caveats: [LocalizedName]
    /// Its inputs are not shown: the table of files is.
    public var provenance: Provenance

    public init(
        title: LocalizedName,
        windows: [GriddedColumns],
        tally: SoundingTally,
        files: [File],
        regions: SatelliteRegions? = nil,
        products: [ProductShare] = [],
        box: BoundingBox? = nil,
        caveats: [LocalizedName] = [],
        provenance: Provenance
    ) {
        self.title = title
        self.windows = windows
        self.tally = tally
        self.files = files
        self.regions = regions
        self.products = products
        self.box = box
        self.caveats = caveats
        self.provenance = provenance
    }
}

/// The territories that coverage is told of: provinces, countries.
public struct SatelliteRegions: Sendable {
    /// On the grid of the product.
    public let fractions: RegionFractions
    /// Source of the outlines and their approval where one is needed.
    public let credit: LocalizedName

    public init(_ fractions: RegionFractions, credit: LocalizedName) {
        self.fractions = fractions
        self.credit = credit
    }
}
