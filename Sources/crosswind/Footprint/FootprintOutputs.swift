import Concurrent
import Formats
import Foundation
import Geo
import Pipeline
import Quantities
import Report
import Transport

/// Writes what a run is asked for.
struct FootprintOutputs: Sendable {
    let settings: FootprintSettings

    func write(_ outcome: inout FootprintOutcome, _ spool: FootprintSpool) async throws {
        let provenance = try await provenance()
        outcome.provenance = provenance
        guard let source = spool.source(variables: outcome.variables) else {
            preconditionFailure("a run without receptors")
        }
        var options = FootprintFileOptions()
        options.title = "Footprints of \(outcome.results.count) receptors on \(settings.grid.name)"
        options.attributes = ["boundary_layer_height": outcome.meteorology.boundaryLayer.text]
        outcome.written = try await FootprintWriter.write(
            source,
            to: settings.output,
            options: options,
            provenance: provenance
        )
        if let page = settings.page { try writePages(outcome, to: page) }
        try outcome.requireMet(settings)
    }

    private func provenance() async throws -> FileProvenance {
        let others = [settings.receptors.file, settings.flux, settings.background]
        let files = settings.meteorology + others.compactMap(\.self)
        let heartbeat = Heartbeat.inherited
        defer { heartbeat.doneReading() }
        var inputs: [FileProvenance.Input] = []
        for file in files {
            heartbeat.reading(file)
            inputs.append(try await onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: file) })
        }
        return FileProvenance(
            command: GivenCommand.text(without: ["threads", "weather-memory"]),
            configuration: settings.configuration,
            seed: settings.dispersion.seed,
            inputs: inputs,
            created: FileProvenance.created(ProcessInfo.processInfo.environment)
        )
    }

    // MARK: - Pages

    private func writePages(_ outcome: FootprintOutcome, to folder: String) throws {
        try OutputProbe.create(folder)
        let report = report(outcome)
        for (language, own, other) in [(Language.english, "en", "zh"), (.chinese, "zh", "en")] {
            let text = FootprintPage.render(
                report,
                language: language,
                otherLanguage: "footprints-\(other).html"
            )
            try writeText(text, to: "\(folder)/footprints-\(own).html")
        }
    }

    private func report(_ outcome: FootprintOutcome) -> FootprintReport {
        let results = outcome.results
        let rows = results.map { result in
            FootprintReport.Row(
                receptor: result.receptor,
                sum: result.account.griddedInfluence,
                shareLeft: result.shareLeft,
                shareLeftGrid: result.closure,
                shareOutside: result.account.shareOutside,
                transport: result.spread,
                enhancement: result.enhancement?.known,
                enhancementError: result.enhancementSpread?.transportDeviation,
                background: result.background?.partsPerMillion,
                missingFlux: result.enhancement?.missingShare,
                missingBackground: result.background?.missingShare
            )
        }
        let count = results.count
        return FootprintReport(
            title: LocalizedName(
                english: count == 1
                    ? "Footprint of \(results[0].receptor.name)" : "Footprints of \(count) receptors",
                chinese: count == 1 ? "\(results[0].receptor.name)的印痕" : "\(count) 个受体的印痕"
            ),
            rows: rows,
            mean: outcome.mean,
            shown: outcome.shown,
            plumes: outcome.plumes,
            regions: settings.regions.map { SatelliteRegions($0, on: settings.grid.grid) },
            facts: facts(outcome),
            caveats: FootprintCaveats(outcome, settings).all,
            provenance: Provenance(
                software: outcome.provenance?.software ?? "",
                command: outcome.provenance?.command ?? "",
                configuration: settings.configuration,
                inputs: (outcome.provenance?.inputs ?? []).map { input in
                    Provenance.Input(
                        role: LocalizedName(english: "input", chinese: "输入"),
                        name: input.name,
                        sha256: input.sha256,
                        credit: LocalizedName(english: "")
                    )
                },
                environment: []
            )
        )
    }

    private func facts(_ outcome: FootprintOutcome) -> [(name: LocalizedName, value: LocalizedName)] {
        func fact(_ english: String, _ chinese: String, _ value: String) -> (
            name: LocalizedName, value: LocalizedName
        ) {
            (LocalizedName(english: english, chinese: chinese), LocalizedName(english: value))
        }
        let weather = outcome.meteorology
        let span = [weather.first, weather.last].compactMap { $0.map { "\($0)" } }.joined(separator: " – ")
        return [
            (
                LocalizedName(english: "Grid", chinese: "网格"),
                LocalizedName(english: settings.grid.name, chinese: settings.grid.nameChinese)
            ),
            fact("Weather", "气象资料", weather.sources.joined(separator: ", ")),
            fact("Hours of weather", "气象时次", "\(weather.times) (\(span))"),
            fact("Hours followed", "追踪小时数", "\(settings.dispersion.hours)"),
            fact("Particles of a receptor", "每个受体的粒子数", "\(settings.dispersion.particles)"),
            fact("Seed of the random numbers", "随机数种子", "\(settings.dispersion.seed)"),
        ]
    }
}
