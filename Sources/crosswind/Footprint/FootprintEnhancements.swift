import Concurrent
import Formats
import Foundation
import Geo
import Inventory
import NetCDF
import Pipeline
import Quantities
import Transport

/// `crosswind footprint --flux`: what fluxes add at each receptor.
struct FootprintEnhancements {
    /// One receptor; the keys of `--json` stay as they are.
    struct Row: Encodable, Sendable {
        let file: String
        let receptor: String
        let time: Instant
        let partsPerMillion: Double
        /// Of it, from emissions before all layers.
        let residualPartsPerMillion: Double
        /// Part of the footprint that met no known flux.
        let missingShare: Double
        /// Absent without a curtain.
        let background: BackgroundRow?
    }

    struct Object: Encodable {
        let gas: String
        let flux: String
        let timing: String
        let isRegridded: Bool
        let enhancements: [Row]
        let warnings: [String]
    }

    let gas: Gas
    let flux: String
    let timing: String
    let isRegridded: Bool
    let hasBackground: Bool
    let rows: [Row]
    /// Footprints without hours, which meet the mean over all times of a flux of many.
    let undated: Int
    /// Of them, those of receptors before the first or after the last time of the flux.
    let undatedElsewhere: Int

    static func compute(_ options: Options) async throws -> FootprintEnhancements {
        let files = options.texts("footprints") + options.operands
        guard options.isSet("footprints") else {
            throw UsageError.missingOption("footprints", verb: options.verb)
        }
        let path = try options.required("flux")
        let background = options.text("background")
        let inputs = files + [path] + [background].compactMap(\.self)
        if let output = options.text("csv") { _ = try OutputPath(output, inputs: inputs) }
        let input = try await FluxInput.read(path, integrated: options.isSet("integrated"))
        let heartbeat = Heartbeat.inherited
        defer { heartbeat.doneReading() }
        var curtain: BoundaryCurtain?
        if let background {
            heartbeat.reading(background)
            curtain = try await BoundaryCurtainFile.read(background)
        }
        var rows: [Row] = []
        var operation = EnhancementOperation(input, curtain)
        for file in files {
            heartbeat.reading(file)
            rows += try await operation.rows(file)
        }
        return FootprintEnhancements(
            gas: input.gas,
            flux: input.name,
            timing: input.isResolved ? "resolved" : "integrated",
            isRegridded: operation.isRegridded,
            hasBackground: curtain != nil,
            rows: rows,
            undated: operation.undated,
            undatedElsewhere: operation.undatedElsewhere
        )
    }

    private var undatedWarnings: [String] {
        guard undated > 0 else { return [] }
        var warnings = ["\(undated) footprints have no hours: they met the mean flux over all times"]
        if undatedElsewhere > 0 {
            warnings.append("\(undatedElsewhere) of them are of times that the flux does not cover")
        }
        return warnings
    }

    private var warnings: [String] {
        let backgrounds =
            undatedWarnings
            + (hasBackground ? BackgroundRow.caveats(rows.map(\.background)).map(\.english) : [])
        let missing = rows.filter { $0.missingShare > 0 }
        guard let worst = missing.max(by: { $0.missingShare < $1.missingShare }) else { return backgrounds }
        return [
            "\(missing.count) footprints meet cells or times without a flux, \(worst.receptor) of \(worst.time) with "
                + "\(Figure.percent(worst.missingShare)) of its sum; these count as nothing"
        ] + backgrounds
    }

    var object: Object {
        Object(
            gas: gas.rawValue,
            flux: flux,
            timing: timing,
            isRegridded: isRegridded,
            enhancements: rows,
            warnings: warnings
        )
    }

    var lines: [String] {
        let kind = timing == "resolved" ? "flux of each hour" : "mean flux over all times"
        let head = [
            "flux        \(flux), \(gas.formula), \(kind)"
                + (isRegridded ? ", brought to the cells of the footprints" : "")
        ]
        func text(_ value: Double?) -> String { value.map { String(format: "%.6g", $0) } ?? "" }
        let table = AlignedTable.text(
            header: ["receptor", "time", "ppm"] + (hasBackground ? ["background"] : []),
            rows: rows.prefix(60).map {
                [$0.receptor, "\($0.time)", text($0.partsPerMillion)]
                    + (hasBackground ? [text($0.background?.partsPerMillion)] : [])
            }
        )
        let further = rows.count > 60 ? ["\(rows.count - 60) more: see --csv and --json"] : []
        return head + warnings.map { "warning     \($0)" } + [""]
            + table.split(separator: "\n").map(String.init)
            + further
    }

    func write(to path: String) throws {
        let further = hasBackground ? ",background_ppm,closure" : ""
        var text = "file,receptor,time,\(gas.rawValue)_ppm,residual_ppm,missing_share\(further)\n"
        for row in rows {
            text += "\(csvField(row.file)),\(csvField(row.receptor)),\(row.time),\(row.partsPerMillion),"
            text += "\(row.residualPartsPerMillion),\(row.missingShare)"
            if hasBackground {
                text += ",\(row.background?.partsPerMillion.map { "\($0)" } ?? "")"
                text += ",\(row.background.map { "\($0.closure)" } ?? "")"
            }
            text += "\n"
        }
        try writeText(text, to: path)
    }
}

/// Fluxes on the cells of whatever file of footprints comes.
private struct EnhancementOperation {
    private let input: FluxInput
    private let curtain: BoundaryCurtain?
    private var current: FootprintOperator?
    private(set) var isRegridded = false
    private(set) var undated = 0
    private(set) var undatedElsewhere = 0

    init(_ input: FluxInput, _ curtain: BoundaryCurtain?) {
        self.input = input
        self.curtain = curtain
    }

    @NetCDFThread
    mutating func rows(_ path: String) throws -> [FootprintEnhancements.Row] {
        let file = try FootprintFile(path)
        let operation = try operation(on: file.grid)
        var rows: [FootprintEnhancements.Row] = []
        for index in 0..<file.count {
            Heartbeat.inherited.reading(path)
            let footprint = try file.footprint(at: index, resolved: input.isResolved)
            let result = try operation.enhancement(footprint)
            count(footprint, operation.flux.periods)
            rows.append(
                FootprintEnhancements.Row(
                    file: FileProvenance.Input.name(ofFile: path),
                    receptor: footprint.receptor,
                    time: footprint.time,
                    partsPerMillion: result.partsPerMillion,
                    residualPartsPerMillion: result.parts.filter(\.isResidual).reduce(0) {
                        $0 + $1.partsPerMillion
                    },
                    missingShare: result.missingShare,
                    background: try background(index, file)
                )
            )
        }
        return rows
    }

    private mutating func count(_ footprint: ReceptorFootprint, _ periods: [Period]) {
        guard input.isResolved, periods.count > 1, footprint.layers.allSatisfy({ $0.emission == nil }) else {
            return
        }
        undated += 1
        if !periods.contains(where: { $0.contains(footprint.time) || $0.end == footprint.time }) {
            undatedElsewhere += 1
        }
    }

    @NetCDFThread
    private func background(_ index: Int, _ file: borrowing FootprintFile) throws -> BackgroundRow? {
        guard let curtain, let boundary = try file.boundary(at: index) else { return nil }
        return BackgroundRow(try curtain.background(boundary, missing: .counted))
    }

    private mutating func operation(on grid: CellGrid) throws -> FootprintOperator {
        if let current, current.flux.grid == grid { return current }
        let applied = try input.operation(on: grid)
        isRegridded = isRegridded || applied.isRegridded
        current = applied.operation
        return applied.operation
    }
}
