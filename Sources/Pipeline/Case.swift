public import Formats
public import Geo
public import Observations
public import Quantities
public import Report

/// One question to be answered: which gas, where, when, from which observations and against which inventory.
public struct Case: Sendable {
    /// The file it was read from, and its text as it was run.
    public var file: String
    public var text: String
    public var name: String
    public var title: LocalizedName
    public var summary: LocalizedName
    public var gas: Gas
    public var period: Period
    /// What the readings come from; nil when the observations are in the problem files.
    public var stations: StationPlan?
    /// How the inverse problems are made.
    public var inversion: InversionPlan
    /// Solvers beside the exact one, for comparison.
    public var solvers = SolverPlan()
    /// Who publishes the results; for the files that say so.
    public var publication = Level3Publication()
    public var map: MapPlan
    public var caveats: [LocalizedName]
    /// What the report holds beside the inversion.
    public var report = ReportPlan()
    /// Where the outputs go; nil when only the command line can say.
    public var outputDirectory: String?
}

/// Solvers whose results stand beside the exact one.
public struct SolverPlan: Sendable {
    public var solvers: [Solver] = []
    /// Of the random numbers of samplers.
    public var seed: UInt64 = 1
    /// Draws of each of four chains, after as many to warm up.
    public var draws = 1000
    /// No emission below zero, beside the bounds of the problem, for the solvers that keep bounds.
    public var isNonNegative = false

    public init() {}

    /// Whether anything is drawn at random.
    public var isRandom: Bool { solvers.contains(where: \.isSampler) }
}

/// Which readings of the store may be used.
public struct StationPlan: Sendable {
    /// Network files, for names and positions.
    public var networkFiles: [String]
    /// The store; `--store` overrides it.
    public var store: String?
    /// Flags of readings that may be used; missing values never may.
    public var flags: [QualityFlag]
}

/// How the inverse problem of a case is made.
public enum InversionPlan: Sendable {
    /// From readings in the store and sensitivities computed by a transport model.
    case footprints(FootprintPlan)
    /// From observations, footprints and fluxes that are multiplied here.
    case fluxes(FluxCasePlan)
    /// From linear problem files that hold observations and Jacobian.
    case problems([ProblemPlan])
}

extension InversionPlan {
    /// Nil where the problem files hold complete errors.
    var modelError: ModelErrorPlan? {
        switch self {
        case .footprints(let plan): plan.modelError
        case .fluxes(let plan): plan.modelError
        case .problems: nil
        }
    }
}

/// An inversion of station readings with footprints that are already multiplied by a prior flux.
public struct FootprintPlan: Sendable {
    public var file: String
    public var credit: String
    /// Rows whose boundary sensitivity is below this share of the largest are not used: their particles had
    /// not reached the boundary, so the footprint is incomplete.
    public var minimumBoundaryClosure: Double
    /// Standard deviation of the flux scaling factors, 1.
    public var priorSigmaFlux: Double
    /// Standard deviation of the boundary scaling factors, 1.
    public var priorSigmaBoundary: Double
    public var modelError: ModelErrorPlan
    public var regions: [RegionPlan]
    public var inventory: InventoryPlan
}

/// An inversion whose Jacobian is footprints times fluxes.
public struct FluxCasePlan: Sendable {
    public var problem: FootprintProblemPlan
    /// Tables of observations beside those of the store, and files of soundings.
    public var tables: [String]
    public var soundings: [String]
    /// Who is to be named, by file.
    public var credits: [String: String]
    public var modelError: ModelErrorPlan
    public var regions: [RegionPlan]
    public var inventory: InventoryPlan
}

/// The error of the model beside that of the measurement.
public enum ModelErrorPlan: Sendable {
    /// Standard deviation in ppm.
    case fixed(partsPerMillion: Double)
    /// The value that makes the innovation chi2 per observation one.
    case fromInnovations
}

/// A region of the mask whose total is reported.
public struct RegionPlan: Sendable {
    /// Name in the mask.
    public var key: String
    public var name: LocalizedName
    /// Relative standard uncertainty of the inventory total, 1.
    public var inventoryRelativeSigma: Double
}

/// The declared emissions.
public struct InventoryPlan: Sendable {
    /// A gridded inventory on the grid of the regions; nil where the prior flux of the footprint file is it.
    public var file: String?
    public var label: LocalizedName
    public var credit: String
    /// Whether the prior of the inversion was taken from it.
    public var isPrior: Bool
}

/// One linear problem file with the quantities to report.
public struct ProblemPlan: Sendable {
    public var file: String
    public var credit: String
    public var title: LocalizedName
    /// What the observations are, e.g. the satellite.
    public var observationName: LocalizedName
    /// Unit of the quantities.
    public var unit: LocalizedName
    public var quantities: [QuantityPlan]
    /// Which table of the report holds them.
    public var role = ComparisonGroup.Role.result
    /// Names of state elements for people.
    public var stateNames: [String: LocalizedName]
}

/// A reported quantity: a weighted sum of state elements.
public struct QuantityPlan: Sendable {
    public var name: LocalizedName
    /// Weight of each state element, e.g. the emission in Mt/yr at scaling factor one.
    public var weights: [String: Double]
    /// The true value where a simulation knows it.
    public var truth: Double?
    public var position: Position?
}

/// What the map of the report shows.
public struct MapPlan: Sendable {
    public var box: BoundingBox
    /// Step of the cells onto which soundings are averaged for the map, degrees; nil for station cases.
    public var soundingStepDegrees: Double?
    public var boundaryCredit: LocalizedName
}
