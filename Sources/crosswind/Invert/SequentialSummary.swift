import Formats
import Pipeline
import Quantities

/// What a sequential inversion did and knows, as text, for `--json` and as CSV.
struct SequentialSummary: Encodable {
    struct Period: Encodable {
        let start: String
        let isFinal: Bool
        let observations: Int
        let mean: [Double]
        let sigma: [Double]
        let totals: [Value]
        let atBound: [String]

        enum CodingKeys: String, CodingKey {
            case start, observations, mean, sigma, totals
            case isFinal = "final"
            case atBound = "at_bound"
        }
    }

    struct Value: Encodable {
        let mean: Double
        let sigma: Double

        init(_ estimate: Estimate) { (mean, sigma) = (estimate.mean, estimate.standardDeviation) }
    }

    let settings: SequentialSettings
    let progress: SequentialRun.Progress
    let stateName: [String]
    let totalName: [String]
    let periods: [Period]
    let timeMeans: [Value]
    let observations: Int
    let chiSquareRatio: Double
    let logEvidence: Double

    enum CodingKeys: String, CodingKey {
        case settings, progress, periods, observations
        case stateName = "state_name"
        case totalName = "total_name"
        case timeMeans = "totals_over_time"
        case chiSquareRatio = "innovation_chi2_per_observation"
        case logEvidence = "log_evidence"
    }

    /// - Parameter offsets: of the totals, which the state does not hold.
    init(
        _ result: SequentialResult,
        _ progress: SequentialRun.Progress,
        _ settings: SequentialSettings,
        offsets: [Double]
    ) {
        func value(_ estimate: Estimate, _ offset: Double) -> Value {
            Value(Estimate(mean: estimate.mean + offset, standardDeviation: estimate.standardDeviation))
        }
        self.settings = settings
        self.progress = progress
        stateName = result.elementNames
        totalName = result.totalNames
        periods = result.periods.map { period in
            Period(
                start: settings.start(of: period.period).map { "\($0)" } ?? "\(period.period)",
                isFinal: period.isFinal,
                observations: period.observations,
                mean: period.mean,
                sigma: period.sigma,
                totals: zip(period.totals, offsets).map(value),
                atBound: period.atBound.map { result.elementNames[$0] }
            )
        }
        timeMeans = zip(result.timeMeans, offsets).map(value)
        observations = result.observations
        chiSquareRatio = result.chiSquareRatio
        logEvidence = result.logEvidence
    }

    /// Columns of the table on a terminal; the rest is in `--output` and `--json`.
    private static let mostColumns = 6
    /// The last periods of it.
    private static let mostPeriods = 30

    var text: String {
        let names = totalName.isEmpty ? stateName : totalName
        let shown = names.indices.prefix(Self.mostColumns)
        let rows = periods.suffix(Self.mostPeriods).map { period in
            let values =
                totalName.isEmpty
                ? zip(period.mean, period.sigma).map { ($0, $1) } : period.totals.map { ($0.mean, $0.sigma) }
            return ["\(period.start)\(period.isFinal ? "" : " *")", "\(period.observations)"]
                + shown.map {
                    "\(AlignedTable.fixed(values[$0].0, 4)) +- \(AlignedTable.fixed(values[$0].1, 4))"
                }
        }
        var lines = [AlignedTable.text(header: ["period", "obs."] + shown.map { names[$0] }, rows: rows)]
        lines.append("* still open: later observations may change it")
        for (name, value) in zip(totalName, timeMeans) {
            lines.append(
                "\(name), mean over the \(periods.count) periods: \(AlignedTable.fixed(value.mean, 5)) +- "
                    + AlignedTable.fixed(value.sigma, 5)
            )
        }
        lines.append(
            "taken now \(progress.taken), known before \(progress.known), too late \(progress.late), revised "
                + "\(progress.revised); periods begun \(progress.begun), final \(progress.retired)"
        )
        if progress.taken >= 5, 2 * progress.alike > progress.taken {
            lines.append(
                "warning: \(progress.alike) of those taken have the value of a known one of their period: the same "
                    + "observations under another time or group?"
            )
        }
        lines.append(
            "\(observations) observations in all, innovation chi2/n \(AlignedTable.fixed(chiSquareRatio, 4)), log "
                + "evidence \(AlignedTable.fixed(logEvidence, 3))"
        )
        return lines.joined(separator: "\n")
    }

    /// A line for each period and element, then for each period and total.
    func csv(_ result: SequentialResult) -> String {
        var lines = ["period_start,kind,name,prior_mean,prior_sigma,mean,sigma,final,at_bound,observations"]
        for (period, numbers) in zip(periods, result.periods) {
            for index in stateName.indices {
                let values = [
                    numbers.priorMean[index], numbers.priorSigma[index], period.mean[index],
                    period.sigma[index],
                ]
                lines.append(
                    ([period.start, "element", csvField(stateName[index])] + values.map { "\($0)" } + [
                        "\(period.isFinal)", "\(numbers.atBound.contains(index))", "\(period.observations)",
                    ]).joined(separator: ",")
                )
            }
            for (name, value) in zip(totalName, period.totals) {
                lines.append(
                    [
                        period.start, "total", csvField(name), "", "", "\(value.mean)", "\(value.sigma)",
                        "\(period.isFinal)", "", "\(period.observations)",
                    ].joined(separator: ",")
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
