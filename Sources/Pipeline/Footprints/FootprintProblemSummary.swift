public import Formats
import Quantities

/// What a problem of footprints was made of; the keys of `--json` stay as they are.
public struct FootprintProblemSummary: Encodable, Sendable {
    public struct Sector: Encodable, Sendable {
        public let sector: String
        public let source: String
        public let elements: Int
        /// kt per year that the elements emit a priori.
        public let priorKilotonnesPerYear: Double
        public let isRegridded: Bool
        public let isResolved: Bool
    }

    /// Observations or footprints of a name.
    public struct Count: Encodable, Equatable, Sendable {
        public let name: String
        public let count: Int
    }

    public let gas: String
    public let basis: String
    public let unknown: String
    public let observations: Int
    public let used: Int
    /// Reasons and how many were left out for each.
    public let excluded: [String: Int]
    /// Lines of tables without a value.
    public let withoutValue: Int
    public let observationsWithoutFootprint: [Count]
    public let footprints: Int
    public let footprintsWithoutObservation: [Count]
    public let states: Int
    public let boundaryElements: Int
    public let biasElements: Int
    public let sectors: [Sector]
    public let storage: JacobianRowSource.Storage
    /// Share of the elements of the Jacobian that are not zero.
    public let fill: Double
    /// Means over the observations that are used, ppm: observed, of it what no element scales, and H times the prior.
    public let meanObserved: Double
    public let meanFixed: Double
    public let meanModelled: Double
    public let warnings: [String]

    /// Below this share, and above this size in bytes, rows are written sparse.
    static let sparseBelow = 0.3
    static let denseBytes = 1 << 28

    init(
        plan: FootprintProblemPlan,
        state: FootprintState,
        rows: FootprintRows,
        observations: [FootprintObservation],
        match: FootprintMatch,
        withoutValue: Int,
        sequence: (count: Int, warnings: [String])
    ) {
        gas = state.sectors[0].flux.gas.rawValue
        basis = plan.basis.text
        unknown = plan.unknown.rawValue
        self.observations = observations.count
        used = rows.count
        excluded = Self.exclusions(observations)
        self.withoutValue = withoutValue
        observationsWithoutFootprint = Self.counts(
            match.unmatched.map { observations[$0].measured.name }
        )
        footprints = sequence.count
        footprintsWithoutObservation = match.unobserved.map { Count(name: $0.key, count: $0.value) }
            .sorted { $0.name < $1.name }
        states = state.count
        boundaryElements = state.boundary.count
        biasElements = state.biases.count
        sectors = state.sectors.map { sector in
            Sector(
                sector: sector.flux.sector,
                source: sector.flux.source,
                elements: sector.elements.count,
                priorKilotonnesPerYear: zip(sector.emissions, sector.priorMean).reduce(0) {
                    $0 + $1.0 * $1.1
                },
                isRegridded: sector.flux.isRegridded,
                isResolved: sector.flux.isResolved
            )
        }
        let size = Double(rows.count) * Double(state.count)
        let fill = Double(rows.elementCount) / size
        self.fill = fill
        storage =
            plan.storage
            ?? (fill < Self.sparseBelow && 8 * size > Double(Self.denseBytes) ? .sparse : .dense)
        let count = Double(rows.count)
        meanObserved = rows.used.reduce(0) { $0 + observations[$1.observation].measured.value } / count
        meanFixed = rows.fixed.reduce(0, +) / count
        meanModelled = rows.modelled.reduce(0, +) / count
        warnings =
            sequence.warnings + state.sectors.compactMap(\.flux.blankRemark) + Self.repeats(observations)
    }

    private static func repeats(_ observations: [FootprintObservation]) -> [String] {
        let again = observations.count { $0.exclusion == .repeated }
        return again > 0
            ? ["\(again) observations are there once more, with the same values, and count once"] : []
    }

    static func exclusions(_ observations: [FootprintObservation]) -> [String: Int] {
        observations.reduce(into: [:]) { counts, observation in
            if let reason = observation.exclusion { counts[reason.rawValue, default: 0] += 1 }
        }
    }

    private static func counts(_ names: [String]) -> [Count] {
        Dictionary(grouping: names) { $0 }.map { Count(name: $0.key, count: $0.value.count) }
            .sorted { $0.name < $1.name }
    }
}
