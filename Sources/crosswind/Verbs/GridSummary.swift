import Formats
import Foundation
import Geo
import Gridding
import Observations
import Quantities

/// What `crosswind grid` prints.
struct GridSummary {
    let outcome: GridOutcome
    let settings: GridSettings

    /// The keys of `--json`; they stay as they are.
    struct Object: Encodable {
        struct Input: Encodable {
            let name: String
            let sha256: String
        }

        let inputs: [Input]
        let grid: String
        let gridCells: Int
        let cellsFilled: Int
        let soundingsRead: Int
        let soundingsUsed: Int
        let rejected: [String: Int]
        let gas: String
        let scale: String
        let meanPPM: Double
        let meanStandardErrorPPM: Double
        let firstSounding: Instant
        let lastSounding: Instant
        let weighting: String
        let method: String
        let output: String

        enum CodingKeys: String, CodingKey {
            case inputs, grid, rejected, gas, scale, weighting, method, output
            case gridCells = "grid_cells"
            case cellsFilled = "cells_filled"
            case soundingsRead = "soundings_read"
            case soundingsUsed = "soundings_used"
            case meanPPM = "mean_ppm"
            case meanStandardErrorPPM = "mean_standard_error_ppm"
            case firstSounding = "first_sounding"
            case lastSounding = "last_sounding"
        }
    }

    var object: Object {
        let columns = outcome.columns
        let rejected = outcome.tally.rejected.map { ($0.key.rawValue, $0.value) }
        return Object(
            inputs: outcome.provenance.inputs.map { Object.Input(name: $0.name, sha256: $0.sha256) },
            grid: settings.gridName,
            gridCells: columns.grid.cellCount,
            cellsFilled: columns.cells.count,
            soundingsRead: outcome.tally.read,
            soundingsUsed: outcome.tally.used,
            rejected: Dictionary(uniqueKeysWithValues: rejected),
            gas: columns.gas.rawValue,
            scale: columns.scale.rawValue,
            meanPPM: columns.areaMean.mean,
            meanStandardErrorPPM: columns.areaMean.standardDeviation,
            firstSounding: columns.firstSounding,
            lastSounding: columns.lastSounding,
            weighting: settings.weighting.rawValue,
            method: "centre",
            output: settings.output
        )
    }

    var lines: [String] {
        let columns = outcome.columns
        let tally = outcome.tally
        let mean = columns.areaMean
        let reasons = tally.rejected.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        let rows = [
            ("files", "\(settings.files.count)"),
            ("soundings read", "\(tally.read)"),
            ("used", "\(tally.used)"),
            (
                "rejected",
                "\(tally.read - tally.used)"
                    + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))")
            ),
            ("grid", "\(settings.gridName), \(columns.grid.cellCount) cells"),
            ("cells filled", "\(columns.cells.count)"),
            (
                "mean by area",
                String(format: "%.3f +- %.3f ppm", mean.mean, mean.standardDeviation)
                    + " X\(columns.gas.rawValue.uppercased()) on \(columns.scale)"
            ),
            ("soundings from", "\(columns.firstSounding) to \(columns.lastSounding)"),
            ("written", settings.output),
        ]
        return rows.map { $0.0 + String(repeating: " ", count: 16 - $0.0.count) + $0.1 }
    }
}
