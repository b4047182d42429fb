import Concurrent
import Formats
import Foundation
import Pipeline
import Quantities

/// Grids and writes.
struct GridRun: Sendable {
    let settings: GridSettings

    func perform() async throws -> GridOutcome {
        let result = try await settings.run.perform()
        let provenance = FileProvenance(
            command: command(result.inputs.map { $0.name }),
            configuration: settings.configuration,
            seed: nil,
            inputs: result.inputs,
            created: .now()
        )
        try await Level3Writer.write(
            result.columns[0],
            tally: result.tally,
            provenance: provenance,
            to: settings.output
        )
        return GridOutcome(result: result, provenance: provenance)
    }

    /// What makes the same bytes: all files of the result in order, and the options that bear on it.
    private func command(_ files: [String]) -> String {
        "crosswind grid \(files.joined(separator: " ")) [\(settings.configuration)]"
    }
}

/// What came of gridding.
struct GridOutcome: Sendable {
    let result: GriddingRun.Outcome
    let provenance: FileProvenance
}
