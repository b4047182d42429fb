import Formats

/// What the solution of a problem in memory tells and that of one whose Jacobian is read by rows does not.
struct MissingByRows: Encodable {
    /// By the key of the summary, with the reason.
    let reasons: [String: String]

    init(isDiagnosed: Bool) {
        var reasons = [
            "averaging_kernel": "beyond its diagonal it costs as much as the solution: --memory",
            "solvers other than exact": "they need the jacobian in memory: --memory",
        ]
        if isDiagnosed {
            for key in [
                "predicted_chi2_per_observation", "information_added_bits", "information_alone_bits",
                "largest_change_in_sigma",
            ] { reasons["diagnostics.groups.\(key)"] = "whole groups are left out in memory: --memory" }
        }
        self.reasons = reasons
    }

    func encode(to encoder: any Encoder) throws { try reasons.encode(to: encoder) }

    var text: String {
        let lines = reasons.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        return "the jacobian was read by rows; not available are\n" + lines.joined(separator: "\n")
    }
}
