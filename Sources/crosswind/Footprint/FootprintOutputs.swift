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

    /// Footprints that get a map of their own.
    private static let mostMaps = 6

    func write(_ outcome: inout FootprintOutcome) async throws {
        let provenance = try await provenance()
        outcome.provenance = provenance
        let footprints = outcome.results.map(\.footprint)
        guard let source = FootprintSource(footprints) else { preconditionFailure("footprints of one grid") }
        var options = FootprintFileOptions()
        options.title = "Footprints of \(footprints.count) receptors on \(settings.grid.name)"
        outcome.written = try await FootprintWriter.write(
            source,
            to: settings.output,
            options: options,
            provenance: provenance
        )
        if let page = settings.page { try writePages(outcome, to: page) }
    }

    private func provenance() async throws -> FileProvenance {
        let files = settings.meteorology + [settings.receptors.file].compactMap(\.self)
        let heartbeat = Heartbeat.inherited
        defer { heartbeat.doneReading() }
        var inputs: [FileProvenance.Input] = []
        for file in files {
            heartbeat.reading(file)
            inputs.append(try await onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: file) })
        }
        let names = inputs.map(\.name).joined(separator: " ")
        return FileProvenance(
            command: "crosswind footprint --meteorology \(names) [\(settings.configuration)]",
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
        let rows = results.enumerated().map { index, result in
            FootprintReport.Row(
                receptor: result.receptor,
                sum: result.account.griddedInfluence,
                shareLeft: result.shareLeft,
                transport: outcome.spreads.isEmpty ? nil : outcome.spreads[index]
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
            mean: FootprintField(meanOf: results.lazy.map(\.footprint)),
            shown: results.prefix(Self.mostMaps).map { ($0.receptor, FootprintField($0.footprint)) },
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
            fact("Grid", "网格", settings.grid.name),
            fact("Weather", "气象资料", weather.sources.joined(separator: ", ")),
            fact("Hours of weather", "气象时次", "\(weather.times) (\(span))"),
            fact("Hours followed", "追踪小时数", "\(settings.dispersion.hours)"),
            fact("Particles of a receptor", "每个受体的粒子数", "\(settings.dispersion.particles)"),
        ]
    }
}

/// What a reader must know before using footprints.
struct FootprintCaveats {
    let all: [LocalizedName]

    init(_ outcome: FootprintOutcome, _ settings: FootprintSettings) {
        var caveats: [LocalizedName] = []
        let left = outcome.results.map(\.shareLeft)
        let mean = left.reduce(0, +) / Double(max(1, left.count))
        if mean > 0.02 {
            let share = Figure.percent(mean)
            caveats.append(
                LocalizedName(
                    english:
                        "\(share) of the particles left the weather before their hours were up; what they would "
                        + "have met later is not in the footprints.",
                    chinese: "\(share) 的粒子在追踪结束前离开气象资料范围，其后的影响未计入印痕。"
                )
            )
        }
        let outside = outcome.results.map(\.account.shareOutside)
        let meanOutside = outside.reduce(0, +) / Double(max(1, outside.count))
        if meanOutside > 0.05 {
            let share = Figure.percent(meanOutside)
            caveats.append(
                LocalizedName(
                    english: "\(share) of the influence lies outside of the grid.",
                    chinese: "\(share) 的影响位于网格之外。"
                )
            )
        }
        let empty = outcome.results.filter { $0.emptiness != nil }
        if let first = empty.first, let reason = first.emptiness?.reason {
            caveats.append(
                LocalizedName(
                    english: "\(empty.count) footprints are empty; \(first.receptor.name): \(reason).",
                    chinese: "\(empty.count) 个印痕为空，例如 \(first.receptor.name)。"
                )
            )
        }
        if settings.dispersion.direction == .forward {
            caveats.append(
                LocalizedName(
                    english: "Particles were followed onward in time: the maps tell where the air went.",
                    chinese: "粒子为向前（顺时间）追踪：图中为空气的去向。"
                )
            )
        }
        all = caveats + outcome.remarks.map { LocalizedName(english: $0) }
    }
}
