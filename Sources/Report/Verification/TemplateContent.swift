public import Quantities

/// What a report holds beside the comparisons and the fit: the parts of the template that a case may give. What it
/// does not give is named as absent, with the reason of ``absences`` where one is given.
public struct TemplateContent: Sendable {
    /// Figures to head the report with where nothing is compared.
    public var keyFigures: [KeyFigure] = []
    /// T1, beside ``VerificationReport/scope``.
    public var scope: [ScopeFact] = []
    /// T3.
    public var sectors: [InventorySector] = []
    /// F2 and T8: yearly values, from below and from the air.
    public var series: [EmissionSeries] = []
    /// T5 and F6: what several bottom-up databases say of the same regions.
    public var databases: DatabaseComparison?
    /// T7: facilities observed over time, beside those of the inversion.
    public var residuals: [FacilityResiduals] = []
    /// T8.
    public var trends: [TrendRow] = []
    /// T9.
    public var sensitivity: [SensitivityRow] = []
    /// T11.
    public var budget: [BudgetRow] = []
    /// T12.
    public var findings: [FindingRow] = []
    /// T13.
    public var targets: [TargetRow] = []
    /// F7.
    public var quadrant: QuadrantChart?
    /// F8.
    public var scenario: ScenarioFan?
    /// F3: prior, posterior and difference.
    public var fluxMaps: [ReportMap.Layer] = []
    /// T14: versions of factors, databases and methods.
    public var versions: [ScopeFact] = []
    /// T14: who signs; a line is left to sign where no name is given.
    public var signatures: [Signature] = []
    /// Why a part is absent, by `T9` or `F8`.
    public var absences: [String: LocalizedName] = [:]

    public init() {}
}

/// A figure that heads a report without comparisons.
public struct KeyFigure: Sendable {
    public var name: LocalizedName
    public var unit: LocalizedName
    /// A standard deviation that is not positive where none is stated.
    public var value: Estimate
    /// The table, and the row counted from its end, the last being 1.
    public var table: TableCode
    public var rowFromEnd: Int

    public init(
        name: LocalizedName,
        unit: LocalizedName,
        value: Estimate,
        table: TableCode,
        rowFromEnd: Int
    ) {
        self.name = name
        self.unit = unit
        self.value = value
        self.table = table
        self.rowFromEnd = rowFromEnd
    }
}

/// A statement about the report: name, value and the inputs that it follows from.
public struct ScopeFact: Sendable {
    public var name: LocalizedName
    public var value: LocalizedName
    public var inputs: [String]

    public init(name: LocalizedName, value: LocalizedName, inputs: [String] = []) {
        self.name = name
        self.value = value
        self.inputs = inputs
    }
}

/// A sector of the inventory.
public struct InventorySector: Sendable {
    public var name: LocalizedName
    public var group: LocalizedName?
    public var unit: LocalizedName
    public var emission: Estimate
    /// Of the total; NaN where it is not part of one.
    public var share: Double
    /// Factor set, tier or database.
    public var method: LocalizedName
    public var inputs: [String]
    /// A total of other rows; in the table, not in the figure.
    public var isTotal = false
    /// Whether it is emitted on the territory; feedstock and imported energy are not.
    public var isEmitted = true

    public init(
        name: LocalizedName,
        group: LocalizedName?,
        unit: LocalizedName,
        emission: Estimate,
        share: Double,
        method: LocalizedName,
        inputs: [String]
    ) {
        self.name = name
        self.group = group
        self.unit = unit
        self.emission = emission
        self.share = share
        self.method = method
        self.inputs = inputs
    }
}

/// Yearly emissions by one method.
public struct EmissionSeries: Sendable {
    public enum Kind: String, Sendable {
        case bottomUp = "bottom_up"
        case topDown = "top_down"
    }

    public var name: LocalizedName
    public var region: LocalizedName
    public var kind: Kind
    public var unit: LocalizedName
    /// Ascending years; a standard deviation of NaN where none is stated.
    public var points: [(year: Int, value: Estimate)]
    public var inputs: [String]

    public init(
        name: LocalizedName,
        region: LocalizedName,
        kind: Kind,
        unit: LocalizedName,
        points: [(year: Int, value: Estimate)],
        inputs: [String]
    ) {
        self.name = name
        self.region = region
        self.kind = kind
        self.unit = unit
        self.points = points
        self.inputs = inputs
    }
}

/// Regions by databases.
public struct DatabaseComparison: Sendable {
    public struct Region: Sendable {
        public var name: LocalizedName
        /// One for each database; nil where it does not hold the region.
        public var values: [Estimate?]
        /// Middle of the databases.
        public var median: Double
        /// Largest less smallest, over the median; NaN with fewer than two.
        public var relativeRange: Double
        /// Databases that stand apart from the others (modified z above 3.5).
        public var outliers: [Int]
        /// Over all other regions; in the table, not in the figure.
        public var isSum = false
        /// Why a database has no value, by its place; told in its cell.
        public var reasons: [Int: LocalizedName] = [:]

        public init(
            name: LocalizedName,
            values: [Estimate?],
            median: Double,
            relativeRange: Double,
            outliers: [Int]
        ) {
            self.name = name
            self.values = values
            self.median = median
            self.relativeRange = relativeRange
            self.outliers = outliers
        }
    }

    public var unit: LocalizedName
    public var databases: [LocalizedName]
    /// The keys of the columns, one for each database.
    public var keys: [String]
    /// Places of the databases that are estimates from the air.
    public var topDown: Set<Int> = []
    public var regions: [Region]
    public var notes: [LocalizedName]
    public var inputs: [String]

    /// - Precondition: a key for each database, and for each of them a value in each region.
    public init(
        unit: LocalizedName,
        databases: [LocalizedName],
        keys: [String],
        regions: [Region],
        notes: [LocalizedName],
        inputs: [String]
    ) {
        precondition(databases.count == keys.count, "a key for each database")
        precondition(regions.allSatisfy { $0.values.count == keys.count }, "a value for each database")
        self.unit = unit
        self.databases = databases
        self.keys = keys
        self.regions = regions
        self.notes = notes
        self.inputs = inputs
    }
}
