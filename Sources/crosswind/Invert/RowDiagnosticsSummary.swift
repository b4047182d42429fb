import Formats
import Inversion

/// What each observation and each group of them adds, where the Jacobian is read by rows: observations are left out one
/// by one, in closed form.
struct RowDiagnosticsSummary: Encodable {
    struct Group: Encodable {
        let name: String
        let observations: Int
        /// Sum of the leverages.
        let dofs: Double
        /// Mean square of what each observation differs from a prediction by all others, over its expectation.
        let leftOutChiSquareRatio: Double?
        /// Mean of the same in its standard deviations.
        let meanResidual: Double?
        let desroziersRatio: Double?

        enum CodingKeys: String, CodingKey {
            case name, observations, dofs
            case leftOutChiSquareRatio = "left_one_out_chi2_per_observation"
            case meanResidual = "mean_left_one_out_residual_in_sigma"
            case desroziersRatio = "desroziers_ratio"
        }
    }

    let information: Double
    let chiSquareRatio: Double
    let verdict: ChiSquareCheck.Verdict
    let groupsAreStated: Bool
    let groups: [Group]
    let leftOneOut: DiagnosticsSummary.Withheld?
    /// Observations that nothing but themselves predicts.
    let undetermined: Int
    let dofsByRegion: [String: Double]
    let dofsBySector: [String: Double]

    enum CodingKeys: String, CodingKey {
        case verdict, groups
        case information = "information_bits"
        case chiSquareRatio = "innovation_chi2_per_observation"
        case groupsAreStated = "groups_are_stated"
        case leftOneOut = "left_one_out"
        case undetermined = "undetermined_observations"
        case dofsByRegion = "dofs_by_region"
        case dofsBySector = "dofs_by_sector"
    }

    /// One observation cannot be predicted by the others.
    static func check(_ problem: LinearProblem) throws {
        guard problem.observationCount > 1 else {
            throw InversionError.tooFew("observations", count: 1, least: 2, use: "diagnostics of the fit")
        }
    }

    init(_ input: LinearProblemInput, _ posterior: Posterior, _ leftOut: LeftOutObservations) throws {
        let problem = input.problem
        groupsAreStated = input.groups != nil
        let labels = [String](repeating: "all observations", count: problem.observationCount)
        let groups = input.groups ?? LabelGroups(labels: labels)
        let ratios = try Diagnostics.desroziersRatios(of: problem, posterior, groups)
        self.groups = zip(groups.names, zip(groups.members, ratios)).map { name, found in
            let (members, ratio) = found
            let residuals = leftOut.standardised(members)
            let count = Double(residuals.count)
            return Group(
                name: name,
                observations: members.count,
                dofs: members.reduce(0) { $0 + leftOut.leverages[$1] },
                leftOutChiSquareRatio: residuals.isEmpty ? nil : residuals.reduce(0) { $0 + $1 * $1 } / count,
                meanResidual: residuals.isEmpty ? nil : residuals.reduce(0, +) / count,
                desroziersRatio: ratio
            )
        }
        let parts = groups.members.map { leftOut.standardised($0) }.filter { !$0.isEmpty }
        leftOneOut = parts.isEmpty ? nil : DiagnosticsSummary.Withheld(try Coverage(standardised: parts))
        undetermined = leftOut.undetermined.count
        information = try Diagnostics.information(
            observationSigma: problem.observationError.sigma,
            posterior
        )
        let check = Diagnostics.chiSquareCheck(of: posterior)
        (chiSquareRatio, verdict) = (check.ratio, check.verdict)
        dofsByRegion = try DiagnosticsSummary.degrees(input, posterior, by: \.region)
        dofsBySector = try DiagnosticsSummary.degrees(input, posterior, by: \.sector)
    }

    var text: String {
        func number(_ value: Double?) -> String { value.map { AlignedTable.fixed($0, 3) } ?? "" }
        let table = AlignedTable.text(
            header: ["left out one by one", "obs.", "DOFS", "chi2/n", "mean/sigma", "R implied"],
            rows: groups.map { group in
                [
                    group.name, "\(group.observations)", number(group.dofs),
                    number(group.leftOutChiSquareRatio), number(group.meanResidual),
                    number(group.desroziersRatio),
                ]
            }
        )
        var lines = [table]
        if !groupsAreStated { lines.append("the file names no observation_group") }
        if undetermined > 0 {
            lines.append("\(undetermined) observations see what no other one sees, and cannot be left out")
        }
        if let leftOneOut { lines.append(leftOneOut.text("left-out")) }
        lines += DiagnosticsSummary.closing(
            ratio: chiSquareRatio,
            verdict: verdict,
            information: information,
            regions: dofsByRegion,
            sectors: dofsBySector
        )
        return lines.joined(separator: "\n")
    }
}
