import Formats
import Foundation
import Geo
import Quantities
import Transport

/// What `crosswind footprint` prints.
struct FootprintSummary {
    let outcome: FootprintOutcome
    let settings: FootprintSettings

    /// The keys of `--json`; they stay as they are.
    struct Object: Encodable {
        struct Row: Encodable {
            let name: String
            let time: Instant
            let points: Int
            /// Of the cells, ppm per umol m-2 s-1.
            let sum: Double
            let cells: Int
            let shareLeft: Double
            let shareOutside: Double
            /// Weight of a column above its highest point.
            let remainderWeight: Double
            /// Why there is no cell; absent where there are some.
            let empty: String?
            /// Absent without members.
            let transport: Spread?
        }

        struct Spread: Encodable {
            let members: Int
            let mean: Double
            let memberDeviation: Double
            let particleDeviation: Double?
            let transportDeviation: Double
            let standardError: Double?
        }

        let receptors: [Row]
        let grid: String
        let hours: Double
        let particles: Int
        let seed: UInt64
        let direction: String
        let meteorology: MeteorologySummary
        let seconds: Double
        let isSparse: Bool?
        let warnings: [String]
        let output: String
    }

    private var warnings: [String] { FootprintCaveats(outcome, settings).all.map(\.english) }

    var object: Object {
        let rows = outcome.results.enumerated().map { index, result in
            Object.Row(
                name: result.receptor.name,
                time: result.receptor.time,
                points: result.receptor.points.count,
                sum: result.account.griddedInfluence,
                cells: Set(result.footprint.layers.lazy.flatMap(\.cells)).count,
                shareLeft: result.shareLeft,
                shareOutside: result.account.shareOutside,
                remainderWeight: result.receptor.remainderWeight,
                empty: result.emptiness?.reason,
                transport: outcome.spreads.isEmpty ? nil : outcome.spreads[index].map(Self.spread)
            )
        }
        return Object(
            receptors: rows,
            grid: settings.grid.name,
            hours: settings.dispersion.hours,
            particles: settings.dispersion.particles,
            seed: settings.dispersion.seed,
            direction: settings.dispersion.direction.rawValue,
            meteorology: outcome.meteorology,
            seconds: outcome.seconds,
            isSparse: outcome.written?.isSparse,
            warnings: warnings,
            output: settings.output
        )
    }

    private static func spread(_ spread: TransportSpread) -> Object.Spread {
        Object.Spread(
            members: spread.members,
            mean: spread.mean,
            memberDeviation: spread.memberDeviation,
            particleDeviation: spread.particleDeviation,
            transportDeviation: spread.transportDeviation,
            standardError: spread.standardError
        )
    }

    var lines: [String] {
        let sums = outcome.results.map(\.account.griddedInfluence).sorted()
        let weather = outcome.meteorology
        let span = [weather.first, weather.last].compactMap { $0.map { "\($0)" } }.joined(separator: " to ")
        let rate = outcome.seconds > 0 ? Double(sums.count) / outcome.seconds : 0
        var rows = [
            ("receptors", "\(sums.count)"),
            ("weather", weather.sources.joined(separator: ", ")),
            ("", "\(weather.times) times, \(span)"),
            (
                "particles",
                "\(settings.dispersion.particles) of each, \(settings.dispersion.hours) hours "
                    + settings.dispersion.direction.rawValue
            ),
            ("grid", "\(settings.grid.name), \(settings.grid.grid.cellCount) cells"),
            ("took", "\(Figure.text(outcome.seconds, 1)) s, \(Figure.text(rate, 2)) receptors a second"),
        ]
        if let least = sums.first, let most = sums.last {
            let text = least == most ? Self.text(least) : "\(Self.text(least)) to \(Self.text(most))"
            rows.append(("sums", text + " ppm per umol m-2 s-1"))
        }
        rows += warnings.map { ("warning", $0) }
        rows += ([settings.output] + [settings.particles, settings.page].compactMap(\.self)).map {
            ("written", $0)
        }
        let lines = rows.map { $0.0 + String(repeating: " ", count: max(1, 14 - $0.0.count)) + $0.1 }
        return lines + table
    }

    /// Receptor by receptor, where there are not too many to read.
    private var table: [String] {
        guard outcome.results.count <= 40 else { return [] }
        let hasSpread = !outcome.spreads.isEmpty
        let header = ["receptor", "time", "sum"] + (hasSpread ? ["transport"] : []) + ["left %"]
        let rows = outcome.results.enumerated().map { index, result in
            [result.receptor.name, "\(result.receptor.time)", Self.text(result.account.griddedInfluence)]
                + (hasSpread ? [outcome.spreads[index].map { Self.text($0.transportDeviation) } ?? ""] : [])
                + [AlignedTable.fixed(result.shareLeft * 100, 1)]
        }
        return [""] + AlignedTable.text(header: header, rows: rows).split(separator: "\n").map(String.init)
    }

    private static func text(_ value: Double) -> String { String(format: "%.4g", value) }
}
