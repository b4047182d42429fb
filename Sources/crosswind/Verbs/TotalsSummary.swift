import Formats
import Inversion
import LinearAlgebra
import Quantities

/// Totals of one solution with their covariance, as text and for `--json`.
struct TotalsSummary: Encodable {
    struct Entry: Encodable {
        let name: String
        let kind: String
        let unit: String
        let prior: Double
        let priorSigma: Double
        let posterior: Double
        /// Not known where an element of the total is at its bound.
        let posteriorSigma: Double?
        /// What emits and what takes up, with their signs; absent where the solver gives no covariance of the state.
        let source: Double?
        let sourceSigma: Double?
        let sink: Double?
        let sinkSigma: Double?
        let percentiles: [String: Double]?

        enum CodingKeys: String, CodingKey {
            case name, kind, unit, prior, posterior, source, sink, percentiles
            case priorSigma = "prior_sigma"
            case posteriorSigma = "posterior_sigma"
            case sourceSigma = "source_sigma"
            case sinkSigma = "sink_sigma"
        }
    }

    let entries: [Entry]
    /// Absent for more totals than ``MatrixInText`` takes.
    let covariance: [[Double?]]?
    let correlation: [[Double?]]?
    private let hasSinks: Bool
    private let all: Int?

    enum CodingKeys: String, CodingKey {
        case entries, covariance, correlation
    }

    init(_ totals: SolvedTotals) {
        let (prior, posterior) = (totals.values.prior, totals.values.posterior)
        entries = totals.plan.names.indices.map { index in
            let source = totals.sources.isEmpty ? nil : totals.sources[index]
            let sink = totals.sinks.isEmpty ? nil : totals.sinks[index]
            return Entry(
                name: totals.plan.names[index],
                kind: totals.plan.kinds[index].rawValue,
                unit: totals.plan.units[index],
                prior: prior[index].mean,
                priorSigma: prior[index].standardDeviation,
                posterior: posterior[index].mean,
                posteriorSigma: MatrixInText.known(posterior[index].standardDeviation),
                source: source?.mean,
                sourceSigma: source.flatMap { MatrixInText.known($0.standardDeviation) },
                sink: sink?.mean,
                sinkSigma: sink.flatMap { MatrixInText.known($0.standardDeviation) },
                percentiles: totals.percentiles.map { percentiles in
                    Dictionary(
                        uniqueKeysWithValues: zip(Percentiles.labels, percentiles.map { $0[index] })
                    )
                }
            )
        }
        covariance = MatrixInText.rows(totals.values.covariance)
        correlation = MatrixInText.rows(totals.values.correlations)
        hasSinks = totals.hasSinks
        all = totals.plan.all
    }

    /// Totals shown in the table, and in that of correlations; more are in `--json`.
    private static let mostTotals = 40
    private static let mostCorrelations = 10

    /// A table of the totals, with sources and sinks apart where there are sinks, and one of their correlations.
    var text: String {
        let shown = entries.prefix(Self.mostTotals)
        let parts = hasSinks ? ["sources", "", "sinks", ""] : []
        let table = AlignedTable.text(
            header: ["total", "unit", "prior", "", "posterior", ""] + parts,
            rows: shown.map { entry in
                [entry.name, entry.unit] + Self.figure(entry.prior, entry.priorSigma)
                    + Self.figure(entry.posterior, entry.posteriorSigma)
                    + (hasSinks
                        ? Self.figure(entry.source, entry.sourceSigma)
                            + Self.figure(entry.sink, entry.sinkSigma)
                        : [])
            }
        )
        let left = entries.count - shown.count
        let cut = left > 0 ? "\n\(left) more totals: see --json" : ""
        return ([table + cut] + [net, correlations]).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func figure(_ mean: Double?, _ sigma: Double?) -> [String] {
        guard let mean else { return ["", ""] }
        guard let sigma else { return [AlignedTable.fixed(mean, 4), "(at bound)"] }
        return [AlignedTable.fixed(mean, 4), "+- " + AlignedTable.fixed(sigma, 4)]
    }

    private var net: String {
        guard let all else { return "" }
        func words(_ mean: Double?, _ sigma: Double?) -> String {
            Self.figure(mean, sigma).joined(separator: " ")
        }
        let entry = entries[all]
        return "net \(words(entry.posterior, entry.posteriorSigma)) \(entry.unit): "
            + "sources \(words(entry.source, entry.sourceSigma)), sinks \(words(entry.sink, entry.sinkSigma))"
    }

    private var correlations: String {
        let single = entries.indices.filter { entries[$0].kind != TotalsPlan.Kind.all.rawValue }
        guard let correlation, (2...Self.mostCorrelations).contains(single.count) else { return "" }
        return AlignedTable.text(
            header: ["correlation"] + single.map { entries[$0].name },
            rows: single.map { row in
                [entries[row].name]
                    + single.map { correlation[row][$0].map { AlignedTable.fixed($0, 3) } ?? "" }
            }
        )
    }
}
