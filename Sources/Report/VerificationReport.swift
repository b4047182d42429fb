public import Geo
public import Quantities
public import Verification

/// Everything a verification report shows, without any layout. `Pipeline` fills it, ``HTMLReport`` draws it.
public struct VerificationReport: Sendable {
    public var title: LocalizedName
    /// One paragraph: what was compared, for whom.
    public var summary: LocalizedName
    /// Nil, and not shown, where the data do not tell.
    public var gas: Gas?
    /// Nil, and not shown, where the data do not tell.
    public var period: Period?
    /// The territory in words; not shown where nil.
    public var region: LocalizedName?
    /// What is compared: territory definition, sectors included and excluded, data vintages, method.
    public var scope: [(name: LocalizedName, value: LocalizedName)] = []
    /// Countries, sources, sectors: each with its own unit.
    public var groups: [ComparisonGroup]
    public var map: ReportMap
    public var fit: [ObservationFit]
    public var fitUnit: String
    public var states: [StateRow]
    public var diagnostics: [Diagnostic]
    /// Where several solvers solved one inversion; empty where only the exact one did.
    public var solvers: [SolverTable] = []
    public var observations: [ObservationUse]
    /// Names of the inputs that hold the observations, and of all that their fit follows from.
    public var observationInputs: [String] = []
    public var fitInputs: [String] = []
    /// Whether the errors of the observations were set so that the cost is what it should be: the fit is no check then.
    public var isFitTuned = false
    /// Statements a reader must know before using the numbers.
    public var caveats: [LocalizedName]
    public var provenance: Provenance
    /// The parts of the template beside comparisons and fit.
    public var content = TemplateContent()

    public init(
        title: LocalizedName,
        summary: LocalizedName,
        gas: Gas?,
        period: Period?,
        groups: [ComparisonGroup],
        map: ReportMap,
        fit: [ObservationFit],
        fitUnit: String,
        states: [StateRow],
        diagnostics: [Diagnostic],
        observations: [ObservationUse],
        caveats: [LocalizedName],
        provenance: Provenance
    ) {
        self.title = title
        self.summary = summary
        self.gas = gas
        self.period = period
        self.groups = groups
        self.map = map
        self.fit = fit
        self.fitUnit = fitUnit
        self.states = states
        self.diagnostics = diagnostics
        self.observations = observations
        self.caveats = caveats
        self.provenance = provenance
        region = nil
    }
}

/// Compared quantities that share a unit and a posterior covariance.
public struct ComparisonGroup: Sendable {
    /// Which table of the template holds the group.
    public enum Role: String, CaseIterable, Sendable {
        case result
        case subRegions = "sub_regions"
        case sectors

        var table: TableCode {
            switch self {
            case .result: .result
            case .subRegions: .subRegions
            case .sectors: .sectors
            }
        }
    }

    public var title: LocalizedName
    /// Unit of every estimate, e.g. "kt CH₄ yr⁻¹" or "1".
    public var unit: LocalizedName
    public var comparisons: [Comparison]
    /// Posterior correlation of the compared quantities, row-major n x n; empty when there is one only.
    public var correlations: [Double]
    public var role = Role.result
    /// Places in `comparisons` of single facilities, for the table of facilities.
    public var facilities: [Int] = []
    /// Names of the inputs that the group was computed from.
    public var inputs: [String] = []

    public init(
        title: LocalizedName,
        unit: LocalizedName,
        comparisons: [Comparison],
        correlations: [Double]
    ) {
        self.title = title
        self.unit = unit
        self.comparisons = comparisons
        self.correlations = correlations
    }
}

/// The domain with its regions and sites.
public struct ReportMap: Sendable {
    /// A field drawn as coloured cells, e.g. the prior flux or the observed enhancement.
    public struct Layer: Sendable {
        public var name: LocalizedName
        public var unit: String
        public var grid: CellGrid
        /// One per cell; NaN is not drawn.
        public var values: [Double]
        public var isLogarithmic: Bool
        /// Drawn in two colours round zero.
        public var isDifference = false
        /// Further fields on the grid that share the colour scale, so that maps can be compared by eye.
        public var companions: [[Double]] = []

        public init(
            name: LocalizedName,
            unit: String,
            grid: CellGrid,
            values: [Double],
            isLogarithmic: Bool
        ) {
            self.name = name
            self.unit = unit
            self.grid = grid
            self.values = values
            self.isLogarithmic = isLogarithmic
        }
    }

    /// A point with a label.
    public struct Site: Sendable {
        public enum Kind: Sendable {
            case station
            case source
        }
        public var name: LocalizedName
        public var position: Position
        public var kind: Kind

        public init(name: LocalizedName, position: Position, kind: Kind) {
            self.name = name
            self.position = position
            self.kind = kind
        }
    }

    public var box: BoundingBox
    public var layer: Layer?
    /// Outlines drawn from a mask: cells whose region differs from their neighbour's.
    public var mask: RegionMask?
    /// Indices into `mask.names` that are labelled.
    public var labelledRegions: [(index: Int, name: LocalizedName)]
    public var sites: [Site]
    /// Rings of an official boundary set in degrees of longitude and latitude; drawn instead of the mask's outlines.
    public var boundaries: [[SIMD2<Double>]] = []
    /// Source of outlines and their approval where one is needed.
    public var boundaryCredit: LocalizedName

    public init(
        box: BoundingBox,
        layer: Layer?,
        mask: RegionMask?,
        labelledRegions: [(index: Int, name: LocalizedName)],
        sites: [Site],
        boundaryCredit: LocalizedName
    ) {
        self.box = box
        self.layer = layer
        self.mask = mask
        self.labelledRegions = labelledRegions
        self.sites = sites
        self.boundaryCredit = boundaryCredit
    }
}

/// One observation before and after the inversion.
public struct ObservationFit: Sendable {
    /// Nil for soundings of one overpass, which are shown as a scatter.
    public var time: Instant?
    public var observed: Double
    public var sigma: Double
    public var prior: Double
    public var posterior: Double
    /// Set when the observation was not used; shown in grey with the reason in the table.
    public var isUsed: Bool
    /// The station or overpass; nil where the run had one source only.
    public var source: LocalizedName?

    public init(
        time: Instant?,
        observed: Double,
        sigma: Double,
        prior: Double,
        posterior: Double,
        isUsed: Bool
    ) {
        self.time = time
        self.observed = observed
        self.sigma = sigma
        self.prior = prior
        self.posterior = posterior
        self.isUsed = isUsed
    }
}

/// One element of the state vector.
public struct StateRow: Sendable {
    /// The inversion that solved for it, where a report holds several; a heading in the table.
    public var inversion: LocalizedName?
    public var name: LocalizedName
    public var unit: String
    public var prior: Estimate
    public var posterior: Estimate
    /// Diagonal of the averaging kernel.
    public var averagingKernel: Double

    public init(
        name: LocalizedName,
        unit: String,
        prior: Estimate,
        posterior: Estimate,
        averagingKernel: Double
    ) {
        self.name = name
        self.unit = unit
        self.prior = prior
        self.posterior = posterior
        self.averagingKernel = averagingKernel
    }
}

/// A named diagnostic with what it should be.
public struct Diagnostic: Sendable {
    public var name: LocalizedName
    public var value: Double
    public var meaning: LocalizedName

    public init(name: LocalizedName, value: Double, meaning: LocalizedName) {
        self.name = name
        self.value = value
        self.meaning = meaning
    }
}

/// How many observations of one source were used, and why the others were not.
public struct ObservationUse: Sendable {
    public var name: LocalizedName
    public var available: Int
    public var used: Int
    public var scale: String
    /// Reason and count.
    public var excluded: [(reason: LocalizedName, count: Int)]

    public init(
        name: LocalizedName,
        available: Int,
        used: Int,
        scale: String,
        excluded: [(reason: LocalizedName, count: Int)]
    ) {
        self.name = name
        self.available = available
        self.used = used
        self.scale = scale
        self.excluded = excluded
    }
}

/// What a figure can be followed back to.
public struct Provenance: Sendable {
    public struct Input: Sendable {
        public var role: LocalizedName
        public var name: String
        public var sha256: String
        public var credit: LocalizedName

        public init(role: LocalizedName, name: String, sha256: String, credit: LocalizedName) {
            self.role = role
            self.name = name
            self.sha256 = sha256
            self.credit = credit
        }
    }

    public var software: String
    public var command: String
    /// The case file as it was run.
    public var configuration: String
    public var inputs: [Input]
    /// Seed, threads, BLAS core and the like.
    public var environment: [(name: LocalizedName, value: LocalizedName)]

    public init(
        software: String,
        command: String,
        configuration: String,
        inputs: [Input],
        environment: [(name: LocalizedName, value: LocalizedName)]
    ) {
        self.software = software
        self.command = command
        self.configuration = configuration
        self.inputs = inputs
        self.environment = environment
    }
}
