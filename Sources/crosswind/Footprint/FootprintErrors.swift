import Foundation
import Transport

/// What errors of the weather make of footprints, and of what fluxes add by them: runs in perturbed weather, and
/// controls in that of the files with other random numbers.
struct FootprintErrors {
    let settings: FootprintSettings
    let companions: FootprintCompanions
    let progress: StepProgress

    private struct Value: Sendable {
        let sum: Double
        let enhancement: Double?
    }

    /// Sets the spreads of the results of a batch, receptor by receptor.
    ///
    /// - Parameter first: of the results of the batch.
    func spread(
        _ batch: PlacedBatch,
        _ window: WeatherWindow,
        _ errors: TransportErrorOptions,
        into results: inout [FootprintOutcome.Result],
        from first: Int
    ) async throws {
        var members = [[Value]](repeating: [], count: batch.receptors.count)
        var controls = members
        for member in 0..<settings.members {
            var options = settings.dispersion
            // Other random numbers than those of the run itself.
            options.seed = settings.dispersion.seed &+ UInt64(member) &+ 1
            let weather = await window.meteorology.perturbed(by: errors, member: member)
            let perturbed = try window.atmosphere.replacing(weather.hours)
            let name = "member \(member + 1) of \(settings.members)"
            let values = try await self.values(batch, perturbed, options, name)
            let control = try await self.values(batch, window.atmosphere, options, "control of " + name)
            for index in batch.receptors.indices {
                members[index].append(values[index])
                controls[index].append(control[index])
            }
        }
        for index in batch.receptors.indices {
            let (member, control) = (members[index], controls[index])
            results[first + index].spread = TransportSpread(
                members: member.map(\.sum),
                controls: control.map(\.sum)
            )
            guard companions.operation != nil else { continue }
            results[first + index].enhancementSpread = TransportSpread(
                members: member.compactMap(\.enhancement),
                controls: control.compactMap(\.enhancement)
            )
        }
    }

    private func values(
        _ batch: PlacedBatch,
        _ atmosphere: GriddedAtmosphere,
        _ options: DispersionOptions,
        _ what: String
    ) async throws -> [Value] {
        let (gridding, grid, operation) = (settings.gridding, settings.grid.grid, companions.operation)
        var values: [Value] = []
        let start = progress.elapsedSeconds
        try await settings.follow(
            batch,
            atmosphere,
            options,
            shown: { progress.show(what, done: $0, of: batch.receptors.count, since: start) },
            finish: { particles in
                let gridded = gridding.footprint(of: particles.table, for: particles.receptor, on: grid)
                return Value(
                    sum: gridded.account.griddedInfluence,
                    enhancement: try operation?.enhancement(gridded.footprint).partsPerMillion
                )
            },
            consume: { values.append($0) }
        )
        return values
    }
}
