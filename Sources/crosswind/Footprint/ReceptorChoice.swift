import Formats
import Foundation
import Geo
import Quantities
import Transport

/// Which receptors a command line asks for.
enum ReceptorChoice: Sendable {
    case one(Receptor)
    case list(String)
    case network(String, stations: [String]?, Period)
    case soundings(String, SoundingReceptors.Selection)

    private static let sources = ["at", "receptors", "network", "soundings"]

    init(_ options: Options) throws {
        let given = Self.sources.filter(options.isSet)
        guard let source = given.first else {
            throw UsageError.operands(
                expected: "receptors: --at with --time, --receptors, --network or --soundings",
                verb: options.verb
            )
        }
        if given.count > 1 { throw UsageError.conflict(given[1], with: source, verb: options.verb) }
        let own = [
            "at": ["time", "until"], "network": ["station", "from", "until"],
            "soundings": ["from", "until", "one-of", "top"], "receptors": [],
        ]
        let mine = own[source] ?? []
        try options.refuse(Set(own.values.joined()).subtracting(mine).sorted(), beside: source)
        switch source {
        case "at": self = .one(try Self.inlet(options))
        case "receptors": self = .list(try options.required("receptors"))
        case "network":
            guard let period = try Self.period(options) else {
                throw UsageError.missingOption(options.isSet("from") ? "until" : "from", verb: options.verb)
            }
            let stations = options.texts("station")
            self = .network(
                try options.required("network"),
                stations: stations.isEmpty ? nil : stations,
                period
            )
        default: self = .soundings(try options.required("soundings"), try Self.selection(options))
        }
    }

    /// The file that is read; nil for an inlet of the command line.
    var file: String? {
        switch self {
        case .one: nil
        case .list(let file), .network(let file, _, _), .soundings(let file, _): file
        }
    }

    /// Defaults of it, for what the output says of its making.
    var configuration: String {
        guard case .soundings(_, let selection) = self else { return "" }
        return " top_m=\(selection.topMetres) one_of=\(selection.oneOf)"
    }

    /// Receptors, of which columns wait for the weather, and what there is to say of them.
    func plans() async throws -> (plans: [ReceptorPlan], remarks: [FootprintRemark]) {
        switch self {
        case .one(let receptor): return ([.receptor(receptor)], [])
        case .list(let file): return (try ReceptorFile.plans(file), [])
        case .network(let file, let stations, let period):
            let network = try NetworkReceptors(
                of: NetworkFile(path: file).network,
                file: file,
                over: period,
                stations: stations
            )
            return (
                network.receptors.map(ReceptorPlan.receptor),
                network.passedOver.map { .stationLeftOut($0.station, $0.absence) }
            )
        case .soundings(let file, let selection):
            let soundings = try await SoundingReceptors.read(file, selection)
            let remark = FootprintRemark.soundingsChosen(
                used: soundings.plans.count,
                good: soundings.good,
                outside: soundings.outside,
                thinned: soundings.thinned
            )
            return (
                soundings.plans.map(ReceptorPlan.column),
                soundings.good == soundings.plans.count ? [] : [remark]
            )
        }
    }

    // MARK: - Options

    private static func inlet(_ options: Options) throws -> Receptor {
        let text = try options.required("at")
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        guard parts.count == 3, (-180...360).contains(parts[0]), (-90...90).contains(parts[1]),
            (0...20_000).contains(parts[2])
        else {
            let expected = "LON,LAT,HEIGHT: degrees, and 0 to 20000 m above ground"
            throw UsageError.badValue("at", text, expected: expected, verb: options.verb)
        }
        guard let time = try instant("time", options) else {
            throw UsageError.missingOption("time", verb: options.verb)
        }
        let end = try instant("until", options)
        let seconds = end?.seconds(since: time) ?? 0
        guard end == nil || (seconds > 0 && seconds <= 31 * 86_400) else {
            let expected = "after --time and within 31 days of it"
            throw UsageError.badValue(
                "until",
                options.text("until") ?? "",
                expected: expected,
                verb: options.verb
            )
        }
        return .inlet(
            name: "receptor",
            time: time,
            longitude: parts[0],
            latitude: parts[1],
            heightMetres: parts[2],
            averagingSeconds: seconds
        )
    }

    private static func selection(_ options: Options) throws -> SoundingReceptors.Selection {
        var selection = SoundingReceptors.Selection()
        selection.period = try period(options)
        if let top = try options.number("top") {
            guard (100...20_000).contains(top) else {
                throw UsageError.badValue(
                    "top",
                    "\(top)",
                    expected: "from 100 to 20000 m",
                    verb: options.verb
                )
            }
            selection.topMetres = top
        }
        if let oneOf = try options.integer("one-of") {
            guard oneOf > 0 else {
                throw UsageError.badValue("one-of", "\(oneOf)", expected: "at least 1", verb: options.verb)
            }
            selection.oneOf = oneOf
        }
        return selection
    }

    /// Nil unless both ends are given.
    private static func period(_ options: Options) throws -> Period? {
        guard let start = try instant("from", options), let end = try instant("until", options) else {
            return nil
        }
        guard start < end else {
            throw UsageError.badValue("until", "\(end)", expected: "after --from", verb: options.verb)
        }
        return Period(start: start, end: end)
    }

    private static func instant(_ name: String, _ options: Options) throws -> Instant? {
        guard let text = options.text(name) else { return nil }
        guard let instant = Instant(iso8601: text) else {
            let expected = "an ISO 8601 time with zone such as 2021-07-25T12:00:00Z"
            throw UsageError.badValue(name, text, expected: expected, verb: options.verb)
        }
        return instant
    }
}
