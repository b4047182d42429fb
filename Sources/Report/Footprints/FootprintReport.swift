public import Quantities
public import Transport

/// Everything that the page of a footprint run shows, without any layout. ``FootprintPage`` draws it.
public struct FootprintReport: Sendable {
    /// What came of one receptor.
    public struct Row: Sendable {
        public var receptor: Receptor
        /// Of the cells, ppm per umol m-2 s-1.
        public var sum: Double
        /// Share of its particles, by weight, that left the weather before their hours were up; nil where not known.
        public var shareLeft: Double?
        /// Share of its particles, by weight, that left the grid for good; nil where not known.
        public var shareLeftGrid: Double?
        /// Share of the influence of all its particles that lies outside of the grid; nil where not known.
        public var shareOutside: Double?
        /// Spread of the sum from errors of the weather; nil where no ensemble was run.
        public var transport: TransportSpread?
        /// What fluxes add, ppm, and its standard deviation from errors of the weather; nil where there are none.
        public var enhancement: Double?
        public var enhancementError: Double?
        /// What the air brought into the grid, ppm; nil where not known.
        public var background: Double?
        /// Shares of the sum of the footprint that met no known flux, and of the particles at the boundary that met no
        /// known mole fraction; nil where they were not asked for.
        public var missingFlux: Double?
        public var missingBackground: Double?

        public init(
            receptor: Receptor,
            sum: Double,
            shareLeft: Double? = nil,
            shareLeftGrid: Double? = nil,
            shareOutside: Double? = nil,
            transport: TransportSpread? = nil,
            enhancement: Double? = nil,
            enhancementError: Double? = nil,
            background: Double? = nil,
            missingFlux: Double? = nil,
            missingBackground: Double? = nil
        ) {
            self.receptor = receptor
            self.sum = sum
            self.shareLeft = shareLeft
            self.shareLeftGrid = shareLeftGrid
            self.shareOutside = shareOutside
            self.transport = transport
            self.enhancement = enhancement
            self.enhancementError = enhancementError
            self.background = background
            self.missingFlux = missingFlux
            self.missingBackground = missingBackground
        }
    }

    public var title: LocalizedName
    /// In the order of the run.
    public var rows: [Row]
    /// The mean over all receptors; nil where there is none to draw.
    public var mean: FootprintField?
    /// Footprints that are drawn one by one.
    public var shown: [(receptor: Receptor, field: FootprintField)]
    /// Particles that are drawn.
    public var plumes: [(receptor: Receptor, particles: ParticleTable)]
    public var regions: SatelliteRegions?
    /// Grid, weather, hours, particles and the like.
    public var facts: [(name: LocalizedName, value: LocalizedName)]
    /// Statements a reader must know before using the numbers.
    public var caveats: [LocalizedName]
    public var provenance: Provenance

    public init(
        title: LocalizedName,
        rows: [Row],
        mean: FootprintField? = nil,
        shown: [(receptor: Receptor, field: FootprintField)] = [],
        plumes: [(receptor: Receptor, particles: ParticleTable)] = [],
        regions: SatelliteRegions? = nil,
        facts: [(name: LocalizedName, value: LocalizedName)] = [],
        caveats: [LocalizedName] = [],
        provenance: Provenance
    ) {
        self.title = title
        self.rows = rows
        self.mean = mean
        self.shown = shown
        self.plumes = plumes
        self.regions = regions
        self.facts = facts
        self.caveats = caveats
        self.provenance = provenance
    }
}
