import Concurrent
import Formats
import Foundation
import Gridding
import Pipeline
import Quantities

/// Grids and writes.
struct GridRun: Sendable {
    let settings: GridSettings

    func perform() async throws -> GridOutcome {
        let result = try await settings.run.perform()
        let configuration = settings.configuration(result.columns[0].plan)
        let files = result.inputs.map { $0.name }.joined(separator: " ")
        let provenance = FileProvenance(
            // What makes the same bytes: all files of the result in order, and the options that bear on it.
            command: "crosswind grid \(files) [\(configuration)]",
            configuration: configuration,
            seed: nil,
            inputs: result.inputs,
            created: Self.created(ProcessInfo.processInfo.environment)
        )
        let product = Level3Product(
            result.columns,
            tally: result.tally,
            provenance: provenance,
            publication: settings.publication,
            shares: result.products
        )
        guard let product else { preconditionFailure("windows of one plan") }
        try await Level3Writer.write(product, layout: settings.layout, to: settings.output)
        let kriging = try await settings.further.write(
            product,
            gridName: LocalizedName(english: settings.gridName, chinese: settings.gridNameChinese),
            regions: settings.regions
        )
        try result.discard()
        return GridOutcome(result: result, provenance: provenance, kriging: kriging)
    }

    /// Same inputs, same bytes: the day alone, or the moment that a reproducible build asks for
    /// (https://reproducible-builds.org/specs/source-date-epoch).
    private static func created(_ environment: [String: String]) -> Instant {
        let moment = environment["SOURCE_DATE_EPOCH"].flatMap { Int64($0) }
            .flatMap { Instant(secondsSince1970: Double($0)) }
        if let moment { return moment }
        let day: Int64 = 86_400_000_000
        return Instant(microseconds: Instant.now().microseconds / day * day)
    }
}

/// What came of gridding.
struct GridOutcome: Sendable {
    let result: GriddingRun.Outcome
    let provenance: FileProvenance
    /// For each window that was mapped without gaps.
    let kriging: [KrigingSummary]
}
