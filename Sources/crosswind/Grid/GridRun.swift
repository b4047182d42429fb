import Concurrent
import Formats
import Foundation
import Gridding
import Pipeline
import Quantities

/// Grids and writes.
struct GridRun: Sendable {
    let settings: GridSettings

    /// - Parameter tell: makes the summary, beside the writing where nothing else is to be told.
    /// - Returns: the summary.
    func perform(_ tell: @escaping @Sendable (GridOutcome) throws -> String) async throws -> String {
        // The means are packed while the digests of the files are made.
        let (result, ahead) = try await settings.run.perform { outcome in
            try await Level3Writer.tilesAhead(self.product(outcome), layout: settings.layout)
        }
        let product = self.product(result)
        async let early =
            settings.further.all.isEmpty ? try tell(GridOutcome(result: result, kriging: [])) : nil
        try await Level3Writer.write(product, layout: settings.layout, ahead: ahead, to: settings.output)
        let kriging = try await settings.further.write(
            product,
            gridName: LocalizedName(english: settings.gridName, chinese: settings.gridNameChinese),
            regions: settings.regions
        )
        try result.discard()
        return try await early ?? tell(GridOutcome(result: result, kriging: kriging))
    }

    private func product(_ result: GriddingRun.Outcome) -> Level3Product {
        let configuration = settings.configuration(result.columns[0].plan)
        let files = result.inputs.map { $0.name }.joined(separator: " ")
        let provenance = FileProvenance(
            // What makes the same bytes: all files of the result in order, and the options that bear on it.
            command: "crosswind grid \(files) [\(configuration)]",
            configuration: configuration,
            seed: nil,
            inputs: result.inputs,
            created: FileProvenance.created(ProcessInfo.processInfo.environment)
        )
        let product = Level3Product(
            result.columns,
            tally: result.tally,
            provenance: provenance,
            publication: settings.publication,
            shares: result.products
        )
        guard let product else { preconditionFailure("windows of one plan") }
        return product
    }
}

/// What came of gridding.
struct GridOutcome: Sendable {
    let result: GriddingRun.Outcome
    /// For each window that was mapped without gaps.
    let kriging: [KrigingSummary]
}
