import Formats
import Foundation
import Geo
import Quantities
import Tracing

extension TraceSummary {
    /// For a terminal.
    var lines: [String] {
        let noise = result.noise.sorted()
        let count = result.events.count
        var lines = [
            "readings    \(used) of \(result.sensors.count) sensors in \(result.windowCount) windows of "
                + "\(short(options.settings.windowSeconds / 60)) min"
                + (blank > 0 ? "; \(blank) blank" : "")
                + (blankWind > 0 ? "; \(blankWind) blank of wind" : ""),
            "noise       \(short(noise.first ?? .nan)) to \(short(noise.last ?? .nan)) ppm of a mean",
            "events      \(count)",
        ]
        if result.windlessCount > 0 {
            lines.append("not used    \(result.windlessCount) means without wind")
        }
        lines += warnings.map { "warning     " + $0 }
        for (number, event) in result.events.enumerated() { lines += [""] + text(event, number + 1) }
        if let output = options.output { lines += ["", "written     \(output)"] }
        return lines
    }

    private func text(_ event: TracedEvent, _ number: Int) -> [String] {
        var lines = [
            "event \(number)  \(event.period.start) to \(event.period.end)",
            "  peak \(short(event.peakEnhancement)) ppm at \(event.peakSensor) "
                + "(\(Figure.text(event.peakLevel, 0)) times the noise), "
                + "wind \(Figure.text(event.windSpeed, 1)) m/s from \(Figure.text(event.windFromDegrees, 0))",
        ]
        if let attribution = event.attribution { lines += text(attribution) }
        if let location = event.location {
            lines.append(
                "  best place \(Figure.text(location.position.longitude, 6)), "
                    + "\(Figure.text(location.position.latitude, 6)), \(short(location.heightMetres)) m: "
                    + "\(text(location.rate)) kg/h"
            )
            lines.append(
                "  it lies within \(short(location.regionSquareMetres)) m2 (95 %), at most "
                    + "\(Figure.text(location.regionReachMetres, 0)) m away"
                    + (location.isOpen ? "; the region goes on beyond the box" : "")
            )
        }
        return lines
    }

    private func text(_ attribution: Attribution) -> [String] {
        let rows = attribution.ranking.map { index in
            let source = attribution.sources[index]
            return [
                "  " + source.name, Figure.text(source.probability, 3),
                source.alone.map(text) ?? "not constrained",
                source.jointly.map { text($0.rate, $0.lower95, $0.upper95) } ?? "",
            ]
        }
        let header = ["  source", "probability", "kg/h alone (95 %)", "kg/h beside the others (95 %)"]
        var lines = AlignedTable.text(header: header, rows: rows).split(separator: "\n").map(String.init)
        lines.append("  none of them: probability \(Figure.text(attribution.noneProbability, 3))")
        if let joint = attribution.joint {
            lines.append(
                "  \(Figure.text(joint.degreesOfFreedom, 1)) of \(joint.rates.count) rates told, condition "
                    + short(joint.condition)
            )
        }
        return lines
    }

    private func text(_ rate: RateEstimate) -> String { text(rate.median, rate.lower95, rate.upper95) }

    private func text(_ rate: Double, _ lower: Double, _ upper: Double) -> String {
        "\(short(rate)) (\(short(lower)) to \(short(upper)))"
    }

    func short(_ value: Double) -> String {
        value.isFinite ? String(format: "%.3g", value) : "infinite"
    }

    /// A line for each event and source, or place.
    var table: String {
        var lines = [
            "# \(provenance.software)", "# command: \(provenance.command)",
            "# configuration: \(provenance.configuration)",
        ]
        lines += provenance.inputs.map { "# input: \($0.sha256)  \($0.name)" }
        let rates = ["rate", "lower68", "upper68", "lower95", "upper95"]
        let header =
            ["event", "start", "end", "source", "probability", "constrained"]
            + rates.map { "\($0)_kg_h" } + rates.map { "joint_\($0)_kg_h" }
            + ["lon", "lat", "height_m", "region_m2", "region_open"]
        lines.append(header.joined(separator: ","))
        for (number, event) in result.events.enumerated() {
            let first = ["\(number + 1)", "\(event.period.start)", "\(event.period.end)"]
            for index in event.attribution?.ranking ?? [] {
                guard let source = event.attribution?.sources[index] else { continue }
                let own = [csvField(source.name), digits(source.probability), "\(source.isConstrained)"]
                lines.append(
                    (first + own + fields(source.alone) + fields(source.jointly) + ["", "", "", "", ""])
                        .joined(separator: ",")
                )
            }
            if let place = event.location {
                let own = ["best place", "", "true"] + fields(place.rate) + fields(nil as JointRate?)
                let at = [
                    Figure.text(place.position.longitude, 7), Figure.text(place.position.latitude, 7),
                    digits(place.heightMetres), digits(place.regionSquareMetres), "\(place.isOpen)",
                ]
                lines.append((first + own + at).joined(separator: ","))
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func fields(_ rate: RateEstimate?) -> [String] {
        guard let rate else { return ["", "", "", "", ""] }
        return [rate.median, rate.lower68, rate.upper68, rate.lower95, rate.upper95].map(digits)
    }

    private func fields(_ rate: JointRate?) -> [String] {
        guard let rate else { return ["", "", "", "", ""] }
        return [rate.rate, rate.lower68, rate.upper68, rate.lower95, rate.upper95].map(digits)
    }

    private func digits(_ value: Double) -> String { String(format: "%.6g", value) }
}
