public import Quantities
public import Verification

/// The compared figures of a report as rows that other programs read.
///
/// One row a region, source or sector; every number in the unit of its row, standard deviations where the
/// name ends in `sigma`, and the central 95 % interval of the posterior.
public struct ComparisonTable: Sendable {
    /// The column names in their order; stable.
    public static let columns = [
        "region", "unit", "inventory", "inventory_sigma", "prior", "prior_sigma", "posterior",
        "posterior_sigma", "lower95", "upper95", "difference", "z", "uncertainty_reduction", "verdict",
    ]

    /// One row; its numbers may be NaN or infinite where the result is.
    public struct Row: Sendable {
        public let region: String
        public let unit: String
        public let comparison: Comparison
        /// The row of the file it was read from; nil where it was computed here.
        public internal(set) var origin: EvidenceOrigin?
        /// What the file says beside the figures.
        public internal(set) var circumstances = ReviewAdvice.Circumstances()

        /// In the order of ``ComparisonTable/columns`` from `inventory` to `uncertainty_reduction`.
        var numbers: [Double] {
            [
                comparison.inventory.mean, comparison.inventory.standardDeviation,
                comparison.prior.mean, comparison.prior.standardDeviation,
                comparison.posterior.mean, comparison.posterior.standardDeviation,
                comparison.posterior.lower95, comparison.posterior.upper95,
                comparison.difference, comparison.zScore, comparison.uncertaintyReduction,
            ]
        }
    }

    public internal(set) var rows: [Row] = []
    private let language: Language

    /// - Parameter language: of the region names and units; columns and verdicts stay as they are.
    public init(language: Language) { self.language = language }

    /// Adds comparisons that share a unit.
    public mutating func append(_ comparisons: [Comparison], unit: LocalizedName) {
        rows += comparisons.map {
            Row(region: $0.region[language], unit: unit[language], comparison: $0)
        }
    }

    /// Comma-separated values (RFC 4180) with a header row, numbers with all their digits; empty where a
    /// number is not finite.
    public var csv: String {
        let lines = rows.map { row in
            let numbers = row.numbers.map { $0.isFinite ? String($0) : "" }
            return ([row.region, row.unit] + numbers + [row.comparison.verdict.rawValue])
                .map(csvField).joined(separator: ",")
        }
        return ([Self.columns.joined(separator: ",")] + lines).map { $0 + "\r\n" }.joined()
    }
}
