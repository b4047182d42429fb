import Formats
import Foundation
import Geo
import Gridding
import Observations
import Pipeline
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

        struct Window: Encodable {
            /// Absent where the window is all of time.
            let start: Instant?
            let end: Instant?
            let cellsFilled: Int
            let meanPPM: Double
            let meanStandardErrorPPM: Double

            enum CodingKeys: String, CodingKey {
                case start, end
                case cellsFilled = "cells_filled"
                case meanPPM = "mean_ppm"
                case meanStandardErrorPPM = "mean_standard_error_ppm"
            }
        }

        let inputs: [Input]
        let reused: [String]
        let replaced: [String]
        let grid: String
        let gridCells: Int
        let cellsFilled: Int
        let soundingsRead: Int
        let soundingsUsed: Int
        let rejected: [String: Int]
        let footprintsReordered: Int
        let products: [ProductShare]
        let warnings: [String]
        let gas: String
        let scale: String
        /// Absent where there are several windows.
        let meanPPM: Double?
        let meanStandardErrorPPM: Double?
        let firstSounding: Instant
        let lastSounding: Instant
        let windows: [Window]
        /// Absent without `--regions`.
        let regions: [RegionRow]?
        /// Absent unless asked for.
        let biases: BiasReport?
        let comparisons: [Gridding.ComparisonResult]
        let kriging: [KrigingSummary]
        let weighting: String
        let method: String
        let output: String

        enum CodingKeys: String, CodingKey {
            case inputs, reused, replaced, products, warnings, grid, rejected, gas, scale, windows, regions
            case biases, comparisons, kriging, weighting, method, output
            case gridCells = "grid_cells"
            case cellsFilled = "cells_filled"
            case soundingsRead = "soundings_read"
            case soundingsUsed = "soundings_used"
            case footprintsReordered = "footprints_reordered"
            case meanPPM = "mean_ppm"
            case meanStandardErrorPPM = "mean_standard_error_ppm"
            case firstSounding = "first_sounding"
            case lastSounding = "last_sounding"
        }
    }

    private var all: [GriddedColumns] { outcome.result.columns }
    private var tally: SoundingTally { outcome.result.tally }
    private var warnings: [String] {
        [ProductShare.remark(outcome.result.products), polarRemark].compactMap(\.self)
            + outcome.result.remarks
    }

    /// The terms that were computed.
    private var errorText: String {
        let plan = all[0].plan
        let model = plan.errorModel
        var text = "shared \(model.sharedPartsPerMillion) ppm, noise x \(model.noiseFactor)"
        guard let near = model.correlation else { return text }
        text += ", correlated \(near.partsPerMillion) ppm"
        return plan.seesCoverage
            ? text + ", uncovered area" : text + ", nothing for uncovered area (unknown to the method centre)"
    }

    private var polarRemark: String? {
        guard let count = tally.rejected[.polarFootprint] else { return nil }
        return
            "\(count) footprint\(count == 1 ? " goes" : "s go") round a pole and have no shape in longitude and "
            + "latitude: take a grid in a polar projection, or --method centre"
    }
    private var cellsFilled: Int { all.map { $0.cells.count }.reduce(0, +) }

    var object: Object {
        let windows = all.map(window)
        let only = windows.count == 1 ? windows[0] : nil
        return Object(
            inputs: outcome.result.inputs.map { Object.Input(name: $0.name, sha256: $0.sha256) },
            reused: outcome.result.reused,
            replaced: outcome.result.replaced,
            grid: settings.gridName,
            gridCells: all[0].grid.cellCount,
            cellsFilled: cellsFilled,
            soundingsRead: tally.read,
            soundingsUsed: tally.used,
            rejected: Dictionary(uniqueKeysWithValues: tally.rejected.map { ($0.key.rawValue, $0.value) }),
            footprintsReordered: tally.reordered,
            products: outcome.result.products,
            warnings: warnings,
            gas: all[0].gas.rawValue,
            scale: all[0].scale.rawValue,
            meanPPM: only?.meanPPM,
            meanStandardErrorPPM: only?.meanStandardErrorPPM,
            firstSounding: all.map { $0.firstSounding }.min() ?? all[0].firstSounding,
            lastSounding: all.map { $0.lastSounding }.max() ?? all[0].lastSounding,
            windows: windows,
            regions: regionTable?.rows,
            biases: outcome.result.biases,
            comparisons: outcome.result.comparisons,
            kriging: outcome.kriging,
            weighting: settings.run.plan.weighting.rawValue,
            method: settings.run.plan.method.rawValue,
            output: settings.output
        )
    }

    private func window(_ columns: GriddedColumns) -> Object.Window {
        let mean = columns.areaMean
        return Object.Window(
            start: columns.window?.start,
            end: columns.window?.end,
            cellsFilled: columns.cells.count,
            meanPPM: mean.mean,
            meanStandardErrorPPM: mean.standardDeviation
        )
    }

    var lines: [String] {
        let written = ([settings.output] + settings.further.all).map { ("written", $0) }
        let rows = readRows + productRows + gridRows + warnings.map { ("warning", $0) } + written
        let width = max(16, (rows.map(\.0.count).max() ?? 0) + 2)
        let table = rows.map { $0.0 + String(repeating: " ", count: max(0, width - $0.0.count)) + $0.1 }
        let checks = (outcome.result.biases?.lines ?? []) + outcome.result.comparisons.flatMap(\.lines)
        return table + (regionTable?.lines ?? []) + checks + outcome.kriging.flatMap(\.lines)
    }

    private var regionTable: GridRegions? { settings.regions.map { GridRegions($0, all) } }

    private var readRows: [(String, String)] {
        let reasons = tally.rejected.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        var rows = [("files", "\(outcome.result.inputs.count)")]
        if !outcome.result.reused.isEmpty {
            rows.append(("from kept sums", "\(outcome.result.reused.count)"))
        }
        if !outcome.result.replaced.isEmpty {
            rows.append(("replaced", outcome.result.replaced.joined(separator: ", ")))
        }
        rows += [
            ("soundings read", "\(tally.read)"),
            ("used", "\(tally.used)"),
            (
                "rejected",
                "\(tally.read - tally.used)"
                    + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))")
            ),
        ]
        if tally.reordered > 0 {
            rows.append(("reordered", "\(tally.reordered) footprints with crossed corners"))
        }
        return rows
    }

    private var productRows: [(String, String)] {
        outcome.result.products.enumerated().map { ($0 == 0 ? "product" : "", $1.text) }
    }

    private var gridRows: [(String, String)] {
        var rows = [
            ("grid", "\(settings.gridName), \(all[0].grid.cellCount) cells"),
            ("cells filled", "\(cellsFilled)" + (all.count > 1 ? " in \(all.count) windows" : "")),
        ]
        for columns in all {
            let mean = columns.areaMean
            let text =
                String(format: "%.3f +- %.3f ppm", mean.mean, mean.standardDeviation)
                + " X\(columns.gas.rawValue.uppercased()) \(columns.scale.phrase)"
            // Also where there is one: the months of a season are not told by its first sounding.
            rows.append((columns.window?.days ?? "mean by area", text))
        }
        rows.append(("error model", errorText))
        let first = all.map { $0.firstSounding }.min() ?? all[0].firstSounding
        let last = all.map { $0.lastSounding }.max() ?? all[0].lastSounding
        rows.append(("soundings from", "\(first) to \(last)"))
        return rows
    }
}

extension Period {
    /// `2014-09-01 to 2014-11-30`: its first and last day, once where they are the same.
    fileprivate var days: String {
        let last = Instant(microseconds: end.microseconds - 1)
        let days = [start, last].map { String("\($0)".prefix(10)) }
        return days[0] == days[1] ? days[0] : "\(days[0]) to \(days[1])"
    }
}
