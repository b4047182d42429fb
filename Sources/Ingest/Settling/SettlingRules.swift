import Archive
import Observations
import Quantities

/// What readings are settled by: the network files and the edits of their operators.
struct SettlingRules: Sendable {
    /// A series of a network.
    struct Name: Hashable, Sendable {
        let network: String
        let series: CompanionSeries

        init(_ network: String, _ series: CompanionSeries) {
            self.network = network
            self.series = series
        }
    }

    private let series: [Name: SeriesRules]
    /// By companion, the series that are compared with it; and each that is compared, by itself.
    private let dependents: [Name: [Name]]

    /// - Parameter edits: by network; none where absent.
    init(networks: [Network], edits: [String: OperatorEdits] = [:]) {
        var series: [Name: SeriesRules] = [:]
        var dependents: [Name: [Name]] = [:]
        for network in networks {
            let edits = edits[network.id] ?? OperatorEdits(network: network.id, edits: [])
            for station in network.stations {
                for instrument in station.instruments {
                    let own = CompanionSeries(
                        station: station.id,
                        instrument: instrument.id,
                        gas: instrument.gas
                    )
                    let name = Name(network.id, own)
                    let rules = SeriesRules(network: network.id, instrument: instrument, edits: edits)
                    series[name] = rules
                    guard let comparison = rules.comparison else { continue }
                    for companion in comparison.series.union([own]) {
                        dependents[Name(network.id, companion), default: []].append(name)
                    }
                }
            }
        }
        self.series = series
        self.dependents = dependents
    }

    /// Nil for an instrument that no network file describes any more; its readings stay as they are.
    func rules(of series: Series) -> SeriesRules? {
        rules(of: Name(series.network, series.companion))
    }

    func rules(of name: Name) -> SeriesRules? { series[name] }

    /// The series that are to be compared again when readings of one have changed.
    func comparing(with series: Series) -> [Name] {
        dependents[Name(series.network, series.companion)] ?? []
    }
}
