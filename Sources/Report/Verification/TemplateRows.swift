public import Quantities
public import Verification

/// The trend of one series, or what two series say of each other.
public struct TrendRow: Sendable {
    public var subject: LocalizedName
    public var unit: LocalizedName
    public var years: String
    public var count: Int
    /// Per year, with the rank limits of its interval of 95 %; NaN where too few years give one.
    public var slope: Double
    public var lower: Double
    public var upper: Double
    public var score: Int
    public var zScore: Double
    public var probability: Double
    /// The null distribution of the probability, in words.
    public var method: LocalizedName
    public var statement: LocalizedName
    public var inputs: [String]

    public init(
        subject: LocalizedName,
        unit: LocalizedName,
        years: String,
        count: Int,
        slope: (value: Double, lower: Double, upper: Double),
        test: (score: Int, zScore: Double, probability: Double),
        method: LocalizedName,
        statement: LocalizedName,
        inputs: [String]
    ) {
        self.subject = subject
        self.unit = unit
        self.years = years
        self.count = count
        (self.slope, lower, upper) = slope
        (score, zScore, probability) = test
        self.method = method
        self.statement = statement
        self.inputs = inputs
    }
}

/// The result under one other choice.
public struct SensitivityRow: Sendable {
    /// What was chosen: prior, background, correlation length, subset of stations.
    public var choice: LocalizedName
    public var quantity: LocalizedName
    public var unit: LocalizedName
    public var posterior: Estimate
    /// From the base run, in its standard deviations.
    public var shift: Double
    public var inputs: [String]

    public init(
        choice: LocalizedName,
        quantity: LocalizedName,
        unit: LocalizedName,
        posterior: Estimate,
        shift: Double,
        inputs: [String]
    ) {
        self.choice = choice
        self.quantity = quantity
        self.unit = unit
        self.posterior = posterior
        self.shift = shift
        self.inputs = inputs
    }
}

/// One contribution to the uncertainty.
public struct BudgetRow: Sendable {
    public var component: LocalizedName
    public var quantity: LocalizedName
    public var unit: LocalizedName
    public var standardDeviation: Double
    /// Of the variance; NaN where the parts do not add up to one.
    public var share: Double
    /// How it was come by.
    public var basis: LocalizedName
    public var inputs: [String]

    public init(
        component: LocalizedName,
        quantity: LocalizedName,
        unit: LocalizedName,
        standardDeviation: Double,
        share: Double,
        basis: LocalizedName,
        inputs: [String]
    ) {
        self.component = component
        self.quantity = quantity
        self.unit = unit
        self.standardDeviation = standardDeviation
        self.share = share
        self.basis = basis
        self.inputs = inputs
    }
}

/// Why two figures differ, and what is to be done about it, decided by a person.
public struct FindingRow: Sendable {
    public var subject: LocalizedName
    public var evidence: LocalizedName
    public var reason: LocalizedName
    public var direction: ReviewDirection
    /// `open`, `checked` or `closed`, with who decided where somebody has.
    public var state: LocalizedName
    public var inputs: [String]

    public init(
        subject: LocalizedName,
        evidence: LocalizedName,
        reason: LocalizedName,
        direction: ReviewDirection,
        state: LocalizedName,
        inputs: [String]
    ) {
        self.subject = subject
        self.evidence = evidence
        self.reason = reason
        self.direction = direction
        self.state = state
        self.inputs = inputs
    }
}

/// One target beside what was reached.
public struct TargetRow: Sendable {
    public var indicator: LocalizedName
    public var region: LocalizedName
    public var kind: LocalizedName
    public var unit: LocalizedName
    public var baseYear: Int?
    /// What progress counts from: the level of the base year, 0 for a change since then; NaN where not told.
    public var base = Double.nan
    public var targetYear: Int
    public var target: Double
    public var actualYear: Int?
    /// NaN where nothing was reached or told yet.
    public var actual: Double
    /// Of the way from the base to the target; NaN without.
    public var progress: Double
    public var source: LocalizedName
    public var inputs: [String]

    public init(
        indicator: LocalizedName,
        region: LocalizedName,
        kind: LocalizedName,
        unit: LocalizedName,
        years: (base: Int?, target: Int, actual: Int?),
        values: (target: Double, actual: Double, progress: Double),
        source: LocalizedName,
        inputs: [String]
    ) {
        self.indicator = indicator
        self.region = region
        self.kind = kind
        self.unit = unit
        (baseYear, targetYear, actualYear) = years
        (target, actual, progress) = values
        self.source = source
        self.inputs = inputs
    }
}

/// Regions by state and trend (F7).
public struct QuadrantChart: Sendable {
    public struct Point: Sendable {
        public var name: LocalizedName
        public var x: Double
        public var y: Double
        /// Area of the mark, relative; NaN for the smallest.
        public var size: Double

        public init(name: LocalizedName, x: Double, y: Double, size: Double) {
            self.name = name
            self.x = x
            self.y = y
            self.size = size
        }
    }

    /// What is charted; nil for regions by state and trend.
    public var title: LocalizedName?
    public var horizontal: LocalizedName
    public var vertical: LocalizedName
    public var points: [Point]
    public var inputs: [String]

    public init(horizontal: LocalizedName, vertical: LocalizedName, points: [Point], inputs: [String]) {
        self.horizontal = horizontal
        self.vertical = vertical
        self.points = points
        self.inputs = inputs
    }
}

/// Given quantiles of emissions in the years to come, and how probable each year is as that of the peak (F8).
public struct ScenarioFan: Sendable {
    public struct Year: Sendable {
        public var year: Int
        /// At 5, 25, 50, 75 and 95 %.
        public var quantiles: [Double]

        public init(year: Int, quantiles: [Double]) {
            self.year = year
            self.quantiles = quantiles
        }
    }

    public var name: LocalizedName
    public var unit: LocalizedName
    public var years: [Year]
    /// Probabilities that add up to at most one.
    public var peakYears: [(year: Int, probability: Double)]
    public var inputs: [String]

    public init(
        name: LocalizedName,
        unit: LocalizedName,
        years: [Year],
        peakYears: [(year: Int, probability: Double)],
        inputs: [String]
    ) {
        self.name = name
        self.unit = unit
        self.years = years
        self.peakYears = peakYears
        self.inputs = inputs
    }
}

/// Who answers for the report.
public struct Signature: Sendable {
    public enum Role: String, CaseIterable, Sendable {
        case compiler
        case qualityAssurance = "quality_assurance"
        case approver

        public var name: LocalizedName {
            switch self {
            case .compiler: LocalizedName(english: "Compiled by", chinese: "编制")
            case .qualityAssurance: LocalizedName(english: "Quality assurance", chinese: "校核")
            case .approver: LocalizedName(english: "Approved by", chinese: "审定")
            }
        }
    }

    public var role: Role
    /// Empty for a line to sign on.
    public var name: String
    public var date: String

    public init(role: Role, name: String, date: String) {
        self.role = role
        self.name = name
        self.date = date
    }
}
