public import Formats

/// What a linear problem is made of whose Jacobian is footprints times fluxes.
public struct FootprintProblemPlan: Sendable {
    /// Fluxes of one sector.
    public struct Flux: Sendable {
        public var file: String
        /// Empty for all there is.
        public var sector: String
        /// Whether cells without a value emit nothing; otherwise their flux is unknown.
        public var blankIsZero = false

        public init(file: String, sector: String = "") {
            self.file = file
            self.sector = sector
        }
    }

    /// The air that enters over the sides of the domain.
    public struct Boundary: Sendable {
        /// Mole fractions on the four sides.
        public var file: String
        /// m above ground; they part the factors of each side. Ascending.
        public var bandTops: [Double] = []
        /// Standard deviation of the factors, whose prior is 1.
        public var priorSigma = 0.1
        /// Footprints less of whose particles left the domain are not used.
        public var minimumClosure = 0.9
        /// Whether particles that are still inside are taken to bring the mean of those that left.
        public var isNormalised = true

        public init(file: String) { self.file = file }
    }

    /// What an element of a flux stands for.
    public enum Unknown: String, CaseIterable, Codable, Sendable {
        /// A factor of the prior flux, 1 a priori.
        case scaling
        /// The mean flux of its cells, umol m-2 s-1, which keep the proportions of the prior.
        case flux
    }

    /// Files of footprints on one grid.
    public var footprints: [String]
    /// One or more; each adds elements of its own.
    public var fluxes: [Flux]
    public var basis = CellBasis.native
    /// A netCDF mask or GeoJSON polygons by which elements are parted and totals told; nil for none.
    public var regions: String?
    public var unknown = Unknown.scaling
    /// Whether footprints by time of emission are taken integrated over time.
    public var isIntegrated = false
    public var boundary: Boundary?
    /// Standard deviation of the flux elements, relative to the prior.
    public var priorSigma = 1.0
    /// Least standard deviation of an element that is a flux, umol m-2 s-1; what has no prior flux needs it.
    public var leastFluxSigma: Double?
    /// Standard deviation of the systematic errors that observations name, ppm; their prior is 0.
    public var biasSigma: Double?
    /// Standard deviation that transport and representation add to that of each observation, ppm.
    public var modelErrorPartsPerMillion = 0.0
    /// Nil for sparse rows where few elements respond and dense ones would be large.
    public var storage: JacobianRowSource.Storage?
    public var title = ""

    public init(footprints: [String], fluxes: [Flux]) {
        self.footprints = footprints
        self.fluxes = fluxes
    }

    /// Says of all fluxes what cells without a value mean.
    public mutating func setBlankIsZero(_ blankIsZero: Bool) {
        for index in fluxes.indices { fluxes[index].blankIsZero = blankIsZero }
    }

    /// Part of a footprint that may meet no known flux or boundary; observations of others are not used.
    static let mostMissing = 0.01
}

/// How the cells of a grid are gathered in elements of a state.
public enum CellBasis: Equatable, Sendable {
    /// One element a cell that has a flux.
    case native
    /// The regions of ``FootprintProblemPlan/regions``, and one for all cells outside of them.
    case regions
    /// Rectangles of about equal footprint times flux, so many of each sector.
    case quadtree(Int)
    /// Compact parts of about equal footprint times flux, so many of each sector.
    case clusters(Int)

    /// From `native`, `regions`, `quadtree=N` or `clusters=N`; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: "=", omittingEmptySubsequences: false)
        let count = words.count == 2 ? Int(words[1]).flatMap { (1...100_000).contains($0) ? $0 : nil } : nil
        switch (words.first, words.count, count) {
        case ("native", 1, _): self = .native
        case ("regions", 1, _): self = .regions
        case ("quadtree", 2, let count?): self = .quadtree(count)
        case ("clusters", 2, let count?): self = .clusters(count)
        default: return nil
        }
    }

    /// As it is asked for.
    public var text: String {
        switch self {
        case .native: "native"
        case .regions: "regions"
        case .quadtree(let count): "quadtree=\(count)"
        case .clusters(let count): "clusters=\(count)"
        }
    }

    /// Whether the parts depend on what the footprints see.
    var needsInfluence: Bool {
        switch self {
        case .native, .regions: false
        case .quadtree, .clusters: true
        }
    }
}
