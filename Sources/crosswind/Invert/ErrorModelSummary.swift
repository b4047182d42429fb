import Inversion
import Pipeline

/// What the data say of the errors, as text and for `--json`.
struct ErrorModelSummary: Encodable {
    struct Interval: Encodable {
        /// Absent where it is open.
        let lower: Double?
        let upper: Double?

        init(_ interval: PositiveInterval) {
            (lower, upper) = (interval.lower, interval.upper)
        }

        func text(_ digits: Int) -> String {
            func text(_ value: Double?) -> String { value.map { AlignedTable.fixed($0, digits) } ?? "open" }
            return "\(text(lower)) to \(text(upper))"
        }
    }

    struct Parameter: Encodable {
        let name: String
        /// Where the search began.
        let start: Double
        let value: Double
        /// Absent where the data do not determine it: what the file states is kept.
        let adopted: Double?
        let sixtyEight: Interval
        let ninetyFive: Interval
        let standing: HyperParameterEstimate.Standing

        enum CodingKeys: String, CodingKey {
            case name, start, value, adopted, standing
            case sixtyEight = "interval_68_percent"
            case ninetyFive = "interval_95_percent"
        }
    }

    struct Desroziers: Encodable {
        let observationScales: [String: Double]
        let priorScale: Double

        enum CodingKeys: String, CodingKey {
            case observationScales = "observation_scales"
            case priorScale = "prior_scale"
        }
    }

    let parameters: [Parameter]
    let warnings: [String]
    let logEvidenceStated: Double
    let logEvidence: Double
    let chiSquareStated: Double
    let chiSquare: Double
    let desroziers: Desroziers?
    /// Whether the solution beside this uses the adopted values.
    let isAdopted: Bool
    private let desroziersFailure: String?

    enum CodingKeys: String, CodingKey {
        case parameters, warnings, desroziers
        case logEvidenceStated = "log_evidence_stated"
        case logEvidence = "log_evidence"
        case chiSquareStated = "innovation_chi2_per_observation_stated"
        case chiSquare = "innovation_chi2_per_observation"
        case isAdopted = "adopted"
        case desroziersFailure = "desroziers_failure"
    }

    init(_ fit: ErrorModelFit, isAdopted: Bool) {
        parameters = fit.likelihood.estimates.map {
            Parameter(
                name: $0.name,
                start: $0.stated,
                value: $0.value,
                adopted: fit.adoptedValues[$0.name],
                sixtyEight: Interval($0.oneSigma),
                ninetyFive: Interval($0.ninetyFive),
                standing: $0.standing
            )
        }
        warnings = fit.likelihood.estimates.filter { fit.adoptedValues[$0.name] == nil }.map {
            "\($0.name): \(Self.reason($0.standing)); what the file states is kept"
        }
        logEvidenceStated = fit.statedLogEvidence
        logEvidence = fit.likelihood.logEvidence
        chiSquareStated = fit.statedChiSquare.ratio
        chiSquare = fit.chiSquare.ratio
        desroziers = fit.desroziers.map {
            Desroziers(
                observationScales: Dictionary(zip($0.groupNames, $0.observationScales)) { $1 },
                priorScale: $0.priorScale
            )
        }
        desroziersFailure = fit.desroziersFailure.map {
            $0.place.isEmpty ? $0.what : "\($0.what): \($0.place)"
        }
        self.isAdopted = isAdopted
    }

    private static func reason(_ standing: HyperParameterEstimate.Standing) -> String {
        switch standing {
        case .determined: "not determined beside the others"
        case .flat: "the data do not tell it"
        case .upperLimitOnly: "the data tell only how large it is at most"
        case .lowerLimitOnly: "the data tell only how small it is at least"
        }
    }

    var text: String {
        let table = AlignedTable.text(
            header: [
                "error model", "start", "estimate", isAdopted ? "adopted" : "with --adopt", "68 %", "95 %",
            ],
            rows: parameters.map {
                [
                    $0.name, AlignedTable.fixed($0.start, 4), AlignedTable.fixed($0.value, 4),
                    $0.adopted.map { AlignedTable.fixed($0, 4) } ?? "as stated", $0.sixtyEight.text(3),
                    $0.ninetyFive.text(3),
                ]
            }
        )
        var lines = [table] + warnings
        lines.append(
            "log evidence \(AlignedTable.fixed(logEvidenceStated, 3)) as stated, "
                + "\(AlignedTable.fixed(logEvidence, 3)) at the estimate; innovation chi2/n "
                + "\(AlignedTable.fixed(chiSquareStated, 4)) as stated, \(AlignedTable.fixed(chiSquare, 4)) "
                + (isAdopted ? "as adopted" : "with --adopt")
        )
        if let desroziers {
            let scales = desroziers.observationScales.sorted { $0.key < $1.key }.map {
                "\($0.key) \(AlignedTable.fixed($0.value, 3))"
            }
            lines.append(
                "Desroziers: observation scale \(scales.joined(separator: ", ")); prior scale "
                    + AlignedTable.fixed(desroziers.priorScale, 3)
            )
        } else if let desroziersFailure {
            lines.append("Desroziers: \(desroziersFailure)")
        }
        lines.append(
            isAdopted
                ? "the solution uses the adopted values" : "the solution uses the stated errors; see --adopt"
        )
        return lines.joined(separator: "\n")
    }
}
