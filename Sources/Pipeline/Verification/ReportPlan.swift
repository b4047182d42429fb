import Formats
import Quantities
import Report
import Verification

/// What a case gives a report beside its inversion.
public struct ReportPlan: Sendable {
    var region: LocalizedName?
    var scope: [ScopeFact] = []
    var regions: [RegionName] = []
    /// The table of their names.
    var regionsFile: String?
    var databases: [DatabasePlan] = []
    /// The year in which databases are compared; each keeps its own where nil.
    var unit: LocalizedName = ""
    /// Comparisons made elsewhere.
    var comparisons: ComparisonPlan?
    var accounting: AccountingPlan?
    /// Choices to be tried, every combination.
    var vary: [(axis: SensitivityPlan.Axis, values: [Double])] = []
    /// Tables in the columns of T9, T11 and T13.
    var sensitivity: String?
    var budget: String?
    var targets: String?
    /// A history of review cases, and whether the report opens cases in it.
    var cases: String?
    var opensCases = false
    /// Observations of facilities over time against what they declare.
    var residuals: String?
    var residualRules = FacilityRules()
    /// How figures are brought to one scope before they are compared.
    var alignments: [AlignmentPlan] = []
    var quadrant: QuadrantPlan?
    var scenario: ScenarioPlan?
    /// An official boundary set with its approval number.
    var boundaries: String?
    var points: PointsPlan?
    var versions: [ScopeFact] = []
    var signatures: [Signature] = []
    var absences: [String: LocalizedName] = [:]
    /// Names of quantities that are facilities, and whether stack measurements stand behind the declared figures.
    var facilities: [String] = []

    /// Whether there is anything to report without an inversion.
    var readsTables: Bool {
        let files = [sensitivity, budget, targets, cases, residuals].compactMap(\.self)
        return !databases.isEmpty || !files.isEmpty || comparisons != nil || accounting != nil
            || quadrant != nil || scenario != nil || points != nil
    }

    /// - Throws: ``PipelineError`` for a facility that no compared quantity is named after.
    func requireFacilities(among names: [String], file: String) throws(PipelineError) {
        for facility in facilities where !names.contains(facility) {
            throw .unknownName(
                kind: "compared quantity for the facility",
                name: facility,
                file: file,
                nearest: nearest(to: facility, among: names)
            )
        }
    }

    /// A region with the spellings it is found under.
    struct RegionName: Sendable {
        var name: LocalizedName
        var spellings: [String]
    }

    /// One bottom-up or top-down database as a table.
    struct DatabasePlan: Sendable {
        var key: String
        var name: LocalizedName
        var credit: String
        var file: String
        /// Told as absent instead of refused where the file is not there.
        var isOptional: Bool
        var kind: EmissionSeries.Kind
        var regionColumn: String
        /// Nil where the whole table is of `year`.
        var yearColumn: String?
        /// The year compared.
        var year: Int
        var valueColumn: String
        var sigmaColumn: String?
        /// Of a total, where the table has no uncertainty of its own.
        var relativeSigma: Double?
        /// Only rows whose column holds the text.
        var filter: (column: String, text: String)?
        var factor: Double
        /// Set where the file is a catalogue of point sources, which are counted by region.
        var points: PointRegionsPlan?
    }

    /// How point sources come to their regions.
    struct PointRegionsPlan: Sendable {
        var regions: String
        var credit: String
        var overrides: String?
        var reachMetres: Double
    }

    struct ComparisonPlan: Sendable {
        var file: String
        var inventoryIsPrior: Bool
        var credit: String
    }

    struct AccountingPlan: Sendable {
        var activity: String
        var sets: [String]
        var gridFactor: Double
        var gridSource: String
        var credit: String
    }

    struct QuadrantPlan: Sendable {
        var file: String
        var name: String
        /// Nil for regions by state and trend.
        var title: LocalizedName?
        var x: (column: String, title: LocalizedName)
        var y: (column: String, title: LocalizedName)
        var size: String?
    }

    struct ScenarioPlan: Sendable {
        var file: String
        var name: LocalizedName
        var unit: LocalizedName
    }

    /// Points for the map.
    struct PointsPlan: Sendable {
        var file: String
        var credit: String
        var value: String
        var step: Double
        var name: LocalizedName
        var unit: String
    }
}
