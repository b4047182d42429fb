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
    let rows: [Row]

    static func compute(_ options: Options) async throws -> FootprintEnhancements {
        let files = options.texts("footprints") + options.operands
        guard options.isSet("footprints") else {
            throw UsageError.missingOption("footprints", verb: options.verb)
        }
        let path = try options.required("flux")
        if let output = options.text("csv") { _ = try OutputPath(output, inputs: files + [path]) }
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(path)
        defer { heartbeat.doneReading() }
        let product = try await FluxFile.read(path)
        let fields = product.fields.sorted { $0.period.start < $1.period.start }
        // A single mean stands for all times: an inventory of a year is used for others too.
        let isResolved = fields.count > 1 && !options.isSet("integrated")
        let history = try FluxHistory(
            grid: .longitudeLatitude(fields[0].grid),
            periods: fields.map(\.period),
            values: fields.flatMap(\.microMolesPerSquareMetreSecond)
        )
        var rows: [Row] = []
        var operation = EnhancementOperation(history, isResolved: isResolved)
        for file in files {
            heartbeat.reading(file)
            rows += try await operation.rows(file)
        }
        return FootprintEnhancements(
            gas: fields[0].gas,
            flux: FileProvenance.Input.name(ofFile: path),
            timing: isResolved ? "resolved" : "integrated",
            isRegridded: operation.isRegridded,
            rows: rows
        )
    }

    private var warnings: [String] {
        let missing = rows.filter { $0.missingShare > 0 }
        guard let worst = missing.max(by: { $0.missingShare < $1.missingShare }) else { return [] }
        return [
            "\(missing.count) footprints meet cells or times without a flux, \(worst.receptor) of \(worst.time) with "
                + "\(Figure.percent(worst.missingShare)) of its sum; these count as nothing"
        ]
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
        let header = ["receptor", "time", "ppm"]
        let table = AlignedTable.text(
            header: header,
            rows: rows.prefix(60).map {
                [$0.receptor, "\($0.time)", String(format: "%.6g", $0.partsPerMillion)]
            }
        )
        let further = rows.count > 60 ? ["\(rows.count - 60) more: see --csv and --json"] : []
        return head + warnings.map { "warning     \($0)" } + [""]
            + table.split(separator: "\n").map(String.init)
            + further
    }

    func write(to path: String) throws {
        var text = "file,receptor,time,\(gas.rawValue)_ppm,residual_ppm,missing_share\n"
        for row in rows {
            text += "\(csvField(row.file)),\(csvField(row.receptor)),\(row.time),\(row.partsPerMillion),"
            text += "\(row.residualPartsPerMillion),\(row.missingShare)\n"
        }
        try writeText(text, to: path)
    }
}

/// Fluxes on the cells of whatever file of footprints comes.
private struct EnhancementOperation {
    private let history: FluxHistory
    private let isResolved: Bool
    private var current: FootprintOperator?
    private(set) var isRegridded = false

    init(_ history: FluxHistory, isResolved: Bool) {
        self.history = history
        self.isResolved = isResolved
    }

    @NetCDFThread
    mutating func rows(_ path: String) throws -> [FootprintEnhancements.Row] {
        let file = try FootprintFile(path)
        let operation = try operation(on: file.grid)
        var rows: [FootprintEnhancements.Row] = []
        for index in 0..<file.count {
            Heartbeat.inherited.reading(path)
            let footprint = try file.footprint(at: index, resolved: isResolved)
            let result = try operation.enhancement(footprint)
            rows.append(
                FootprintEnhancements.Row(
                    file: FileProvenance.Input.name(ofFile: path),
                    receptor: footprint.receptor,
                    time: footprint.time,
                    partsPerMillion: result.partsPerMillion,
                    residualPartsPerMillion: result.parts.filter(\.isResidual).reduce(0) {
                        $0 + $1.partsPerMillion
                    },
                    missingShare: result.missingShare
                )
            )
        }
        return rows
    }

    private mutating func operation(on grid: CellGrid) throws -> FootprintOperator {
        if let current, current.flux.grid == grid { return current }
        var flux = history
        if !grid.isSame(as: history.grid) {
            flux = try FluxRegridding(from: history.grid, to: grid)(history)
            isRegridded = true
        }
        let operation = FootprintOperator(
            flux: flux,
            timing: isResolved ? .resolved : .integrated,
            missing: .counted
        )
        current = operation
        return operation
    }
}
