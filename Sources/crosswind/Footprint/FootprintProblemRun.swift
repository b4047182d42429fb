import Concurrent
import Formats
import Foundation
import NetCDF
import Pipeline
import Quantities

/// `crosswind footprint --problem`.
struct FootprintProblemRun {
    /// What is printed.
    struct Object: Encodable {
        let problem: FootprintProblemSummary
        let output: String
    }

    private let settings: FootprintProblemSettings

    init(_ options: Options) throws {
        settings = try FootprintProblemSettings(options)
        try OutputProbe.check([settings.output])
    }

    func perform() async throws -> Object {
        let heartbeat = Heartbeat.inherited
        defer { heartbeat.doneReading() }
        let problem = try await FootprintProblem.prepare(settings.plan, from: settings.sources)
        var inputs: [FileProvenance.Input] = []
        for file in settings.inputs {
            heartbeat.reading(file)
            inputs.append(try await onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: file) })
        }
        let provenance = FileProvenance(
            command: GivenCommand.text,
            configuration: "basis \(problem.summary.basis), state \(problem.summary.unknown)",
            seed: nil,
            inputs: inputs,
            created: FileProvenance.created(ProcessInfo.processInfo.environment)
        )
        let attributes = provenance.attributes.compactMap { name, value -> (String, String)? in
            if case .text(let text) = value { (name, text) } else { nil }
        }
        try await problem.write(to: settings.output, provenance: attributes)
        return Object(problem: problem.summary, output: settings.output)
    }
}

extension FootprintProblemRun.Object {
    /// For people.
    var lines: [String] {
        let own = problem
        var lines = [
            "observations   \(own.used) of \(own.observations) used",
            "footprints     \(own.footprints)",
            "state          \(own.states) elements: \(own.sectors.reduce(0) { $0 + $1.elements }) of fluxes "
                + "(\(own.basis), \(own.unknown)), \(own.boundaryElements) of the boundary, \(own.biasElements) biases",
        ]
        for (reason, count) in own.excluded.sorted(by: { $0.key < $1.key }) {
            lines.append("not used       \(count) \(reason)")
        }
        if own.withoutValue > 0 { lines.append("without value  \(own.withoutValue) lines") }
        lines += Self.list("no footprint", own.observationsWithoutFootprint, "observations")
        lines += Self.list("not observed", own.footprintsWithoutObservation, "footprints")
        for sector in own.sectors {
            let name = sector.sector.isEmpty ? "fluxes" : sector.sector
            lines.append(
                "prior          \(name): \(String(format: "%.6g", sector.priorKilotonnesPerYear)) kt yr-1, "
                    + (sector.isResolved ? "flux of each hour" : "mean flux")
                    + (sector.isRegridded ? ", brought to the cells of the footprints" : "")
            )
        }
        lines += [
            String(
                format: "means          observed %.6g, not scaled %.6g, modelled a priori %.6g ppm",
                own.meanObserved,
                own.meanFixed,
                own.meanModelled
            ),
            String(format: "jacobian       %@, %.3g %% not zero", own.storage.rawValue, 100 * own.fill),
        ]
        return lines + own.warnings.map { "warning        \($0)" } + ["written        \(output)"]
    }

    /// The first names, and how many more there are.
    private static func list(_ head: String, _ counts: [FootprintProblemSummary.Count], _ what: String)
        -> [String]
    {
        let most = 10
        let lines = counts.prefix(most).map { "\($0.count) \(what) of \($0.name)" }
        let more = counts.count > most ? ["\(counts.count - most) more names: see --json"] : []
        return (lines + more).map { head.padding(toLength: 15, withPad: " ", startingAt: 0) + $0 }
    }
}
