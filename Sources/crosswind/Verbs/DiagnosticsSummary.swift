import Formats
import Inversion

/// What the observations add group by group, as text and for `--json`.
struct DiagnosticsSummary: Encodable {
    struct Group: Encodable {
        let name: String
        let observations: Int
        /// Chi2 over the number of observations, predicted by all others.
        let predictedChiSquareRatio: Double
        let desroziersRatio: Double?
        let informationAdded: Double
        let informationAlone: Double
        /// Largest change of a state element, in its posterior standard deviation.
        let largestChange: Double

        enum CodingKeys: String, CodingKey {
            case name, observations
            case predictedChiSquareRatio = "predicted_chi2_per_observation"
            case desroziersRatio = "desroziers_ratio"
            case informationAdded = "information_added_bits"
            case informationAlone = "information_alone_bits"
            case largestChange = "largest_change_in_sigma"
        }
    }

    struct Withheld: Encodable {
        let observations: Int
        let withinOneSigma: Double
        let withinNinetyFive: Double
        let inflation: Double

        enum CodingKeys: String, CodingKey {
            case observations, inflation
            case withinOneSigma = "within_68_percent"
            case withinNinetyFive = "within_95_percent"
        }

        init(_ coverage: Coverage) {
            observations = coverage.count
            withinOneSigma = coverage.withinOneSigma
            withinNinetyFive = coverage.withinNinetyFive
            inflation = coverage.inflation
        }

        /// - Parameter which: observations.
        func text(_ which: String) -> String {
            "\(which) observations within 68 %: \(AlignedTable.fixed(100 * withinOneSigma, 1)) %, within "
                + "95 %: \(AlignedTable.fixed(100 * withinNinetyFive, 1)) %; deviations should be "
                + "\(AlignedTable.fixed(inflation, 3)) times as large"
        }
    }

    let information: Double
    let chiSquareRatio: Double
    let verdict: ChiSquareCheck.Verdict
    /// Whether the groups are those of the file, and not random parts.
    let groupsAreStated: Bool
    let groups: [Group]
    let withheld: Withheld?
    let dofsByRegion: [String: Double]
    let dofsBySector: [String: Double]

    enum CodingKeys: String, CodingKey {
        case verdict, groups, withheld
        case information = "information_bits"
        case chiSquareRatio = "innovation_chi2_per_observation"
        case groupsAreStated = "groups_are_stated"
        case dofsByRegion = "dofs_by_region"
        case dofsBySector = "dofs_by_sector"
    }

    /// Random parts where the file names no groups.
    private static let parts = 10

    init(_ input: LinearProblemInput, _ posterior: Posterior) throws {
        let problem = input.problem
        // One observation cannot be predicted by the others.
        guard problem.observationCount > 1 else {
            throw InversionError.tooFew("observations", count: 1, least: 2, use: "diagnostics of the fit")
        }
        groupsAreStated = input.groups != nil
        let groups =
            try input.groups
            ?? LabelGroups.folds(
                count: problem.observationCount,
                folds: min(Self.parts, problem.observationCount),
                seed: 1
            )
        let report = try Diagnostics.report(
            of: problem,
            posterior,
            observationGroups: groups,
            stateGroups: LabelGroups(labels: problem.stateNames),
            totals: try input.totals ?? LinearFunctionals.elements(of: problem.stateNames)
        )
        information = report.information
        chiSquareRatio = report.innovation.ratio
        verdict = report.innovation.verdict
        let found = zip(report.groups, report.desroziersRatios).map { group, ratio in
            Group(
                name: group.name,
                observations: group.observations.count,
                predictedChiSquareRatio: group.chiSquare / Double(group.observations.count),
                desroziersRatio: ratio,
                informationAdded: group.informationAdded,
                informationAlone: group.informationAlone,
                largestChange: zip(group.meanChange, posterior.sigma).map { abs($0) / $1 }.max() ?? 0
            )
        }
        // Random parts by their number, stations as they come.
        self.groups =
            groupsAreStated
            ? found : found.sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
        withheld = report.coverage.map(Withheld.init)
        dofsByRegion = try Self.degrees(input, posterior, by: \.region)
        dofsBySector = try Self.degrees(input, posterior, by: \.sector)
    }

    static func degrees(
        _ input: LinearProblemInput,
        _ posterior: Posterior,
        by property: KeyPath<StateElement, String>
    ) throws -> [String: Double] {
        guard let state = input.state else { return [:] }
        let found = try Diagnostics.signalDegrees(of: posterior, groups: state.groups(by: property))
        return Dictionary(uniqueKeysWithValues: zip(found.groupNames, found.groups))
    }

    var text: String {
        let table = AlignedTable.text(
            header: ["left out", "obs.", "chi2/n", "R implied", "bits added", "bits alone", "moves by"],
            rows: groups.map { group in
                [
                    group.name, "\(group.observations)", AlignedTable.fixed(group.predictedChiSquareRatio, 3),
                    group.desroziersRatio.map { AlignedTable.fixed($0, 3) } ?? "",
                    AlignedTable.fixed(group.informationAdded, 2),
                    AlignedTable.fixed(group.informationAlone, 2),
                    AlignedTable.fixed(group.largestChange, 2),
                ]
            }
        )
        var lines = [table]
        if !groupsAreStated { lines.append("the file names no observation_group: random parts") }
        if let withheld {
            lines.append(withheld.text("withheld"))
        }
        lines += Self.closing(
            ratio: chiSquareRatio,
            verdict: verdict,
            information: information,
            regions: dofsByRegion,
            sectors: dofsBySector
        )
        return lines.joined(separator: "\n")
    }

    /// What holds for all observations together.
    static func closing(
        ratio: Double,
        verdict: ChiSquareCheck.Verdict,
        information: Double,
        regions: [String: Double],
        sectors: [String: Double]
    ) -> [String] {
        let words: [ChiSquareCheck.Verdict: String] = [
            .consistent: "the stated errors are consistent",
            .errorsTooSmall: "the stated errors are too small",
            .errorsTooLarge: "the stated errors are too large",
        ]
        var lines = [
            "innovation chi2/n \(AlignedTable.fixed(ratio, 4)): \(words[verdict] ?? ""); "
                + "\(AlignedTable.fixed(information, 2)) bits in all"
        ]
        for (name, degrees) in [("region", regions), ("sector", sectors)] where !degrees.isEmpty {
            let parts = degrees.sorted { $0.key < $1.key }.map {
                "\($0.key) \(AlignedTable.fixed($0.value, 3))"
            }
            lines.append("DOFS by \(name): " + parts.joined(separator: ", "))
        }
        return lines
    }
}
