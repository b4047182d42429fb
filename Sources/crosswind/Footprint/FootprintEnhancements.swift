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
        /// Absent where the footprint met no known flux at all.
        let partsPerMillion: Double?
        /// Of it, from emissions before all layers.
        let residualPartsPerMillion: Double?
        /// Part of the footprint that met no known flux.
        let missingShare: Double
        /// Part that met cells without a value, which were taken for no flux.
        let blankShare: Double
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
    let remarks: [FootprintRemark]
    /// What files of footprints are warned of, with their names.
    let fileWarnings: [String]

    static func compute(_ options: Options) async throws -> FootprintEnhancements {
        let files = options.texts("footprints") + options.operands
        guard options.isSet("footprints") else {
            throw UsageError.missingOption("footprints", verb: options.verb)
        }
        let path = try options.required("flux")
        let background = options.text("background")
        let inputs = files + [path] + [background].compactMap(\.self)
        if let output = options.text("csv") { _ = try OutputPath(output, inputs: inputs) }
        let input = try await FluxInput.read(
            path,
            integrated: options.isSet("integrated"),
            blankIsZero: options.isSet("blank-is-zero")
        )
        let heartbeat = Heartbeat.inherited
        defer { heartbeat.doneReading() }
        var sides: Background?
        if let background {
            heartbeat.reading(background)
            try await input.requireGas(ofCurtain: background)
            sides = Background(file: background, curtain: try await BoundaryCurtainFile.read(background))
        }
        var rows: [Row] = []
        var operation = EnhancementOperation(input, sides)
        let chosen = DistinctFiles(files)
        for file in chosen.files {
            heartbeat.reading(file)
            rows += try await operation.rows(file)
        }
        let distinct = try Self.withoutRepeats(rows)
        rows = distinct.rows
        try requireMet(rows, flux: path, background: background)
        return FootprintEnhancements(
            gas: input.gas,
            flux: input.name,
            timing: input.isResolved ? "resolved" : "integrated",
            isRegridded: operation.isRegridded,
            hasBackground: sides != nil,
            rows: rows,
            undated: operation.undated,
            undatedElsewhere: operation.undatedElsewhere,
            remarks: operation.remarks,
            fileWarnings: chosen.warnings + operation.fileWarnings + distinct.warnings
        )
    }

    /// One row of each receptor and time that is there more than once with the same enhancement.
    ///
    /// - Throws: ``CompanionFault/contradiction(file:row:)`` for two rows of one file name that differ: the table would
    ///   not tell them apart.
    private static func withoutRepeats(_ rows: [Row]) throws(CompanionFault) -> (
        rows: [Row], warnings: [String]
    ) {
        var firsts: [String: [Row]] = [:]
        var kept: [Row] = []
        var (again, others) = (0, 0)
        for row in rows {
            let key = "\(row.receptor) \(row.time)"
            let known = firsts[key] ?? []
            if known.contains(where: { $0.partsPerMillion == row.partsPerMillion }) {
                again += 1
                continue
            }
            if known.contains(where: { $0.file == row.file }) {
                throw .contradiction(file: row.file, row: key)
            }
            if !known.isEmpty { others += 1 }
            firsts[key] = known + [row]
            kept.append(row)
        }
        var warnings: [String] = []
        if again > 0 {
            warnings.append(
                "\(again) footprints are of a receptor and time that came before, with the same result: told once"
            )
        }
        if others > 0 {
            warnings.append(
                "\(others) footprints are of a receptor and time of another file, with another result"
            )
        }
        return (kept, warnings)
    }

    /// - Throws: ``CompanionFault`` where no footprint has what was asked for.
    private static func requireMet(_ rows: [Row], flux: String, background: String?) throws(CompanionFault) {
        if !rows.isEmpty, rows.allSatisfy({ $0.partsPerMillion == nil }) {
            throw .noFluxMet(file: flux, written: nil)
        }
        guard let background else { return }
        try BackgroundRow.requireMet(rows.map(\.background), file: background, written: nil)
    }

    private var undatedWarnings: [String] {
        guard undated > 0 else { return [] }
        var warnings = ["\(undated) footprints have no hours: they met the mean flux over all times"]
        if undatedElsewhere > 0 {
            warnings.append("\(undatedElsewhere) of them are of times that the flux does not cover")
        }
        return warnings
    }

    private var blankWarnings: [String] {
        let blank = rows.filter { $0.blankShare > 0 }
        guard let worst = blank.max(by: { $0.blankShare < $1.blankShare }) else { return [] }
        return [
            "\(blank.count) footprints meet cells without a value, \(worst.receptor) of \(worst.time) with "
                + "\(Figure.percent(worst.blankShare)) of its sum; --blank-is-zero takes these for no flux"
        ]
    }

    private var warnings: [String] {
        let backgrounds =
            fileWarnings + remarks.map(\.text.english) + undatedWarnings
            + (hasBackground ? BackgroundRow.caveats(rows.map(\.background)).map(\.english) : [])
            + blankWarnings
        let missing = rows.filter { $0.missingShare > 0 }
        guard let worst = missing.max(by: { $0.missingShare < $1.missingShare }) else { return backgrounds }
        return [
            "\(missing.count) footprints meet cells or times without a flux, \(worst.receptor) of \(worst.time) with "
                + "\(Figure.percent(worst.missingShare)) of its sum; these count as nothing"
                + (worst.missingShare < 1 ? "" : ", and what meets no flux at all has no enhancement")
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
        let columns = columns
        let table = AlignedTable.text(
            header: ["receptor", "time"] + columns.map(\.title),
            rows: rows.prefix(60).map { row in
                [row.receptor, "\(row.time)"] + columns.map { $0.value(row) }
            }
        )
        let further = rows.count > 60 ? ["\(rows.count - 60) more: see --csv and --json"] : []
        return head + warnings.map { "warning     \($0)" } + [""]
            + table.split(separator: "\n").map(String.init)
            + further
    }

    private var columns: [(title: String, value: (Row) -> String)] {
        func text(_ value: Double?) -> String { value.map { String(format: "%.6g", $0) } ?? "" }
        func percent(_ share: Double?) -> String { share.map { AlignedTable.fixed($0 * 100, 1) } ?? "" }
        var columns: [(title: String, value: (Row) -> String)] = [("ppm", { text($0.partsPerMillion) })]
        if rows.contains(where: { $0.missingShare > 0 }) {
            columns.append(("no flux %", { percent($0.missingShare) }))
        }
        if rows.contains(where: { $0.blankShare > 0 }) {
            columns.append(("blank %", { percent($0.blankShare) }))
        }
        guard hasBackground else { return columns }
        columns.append(("background", { text($0.background?.partsPerMillion) }))
        columns.append(("left grid %", { percent($0.background?.closure) }))
        if rows.contains(where: { $0.background?.missingShare ?? 0 > 0 }) {
            columns.append(("no curtain %", { percent($0.background?.missingShare) }))
        }
        return columns
    }

    func write(to path: String) throws {
        let hasBlank = rows.contains { $0.blankShare > 0 }
        let further =
            (hasBackground ? ",background_ppm,closure,background_missing_share" : "")
            + (hasBlank ? ",blank_share" : "")
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        var text = "file,receptor,time,\(gas.rawValue)_ppm,residual_ppm,missing_share\(further)\n"
        for row in rows {
            text +=
                "\(csvField(row.file)),\(csvField(row.receptor)),\(row.time),\(number(row.partsPerMillion)),"
            text += "\(number(row.residualPartsPerMillion)),\(row.missingShare)"
            if let background = row.background {
                text += ",\(number(background.partsPerMillion)),\(background.closure)"
                text += ",\(background.missingShare)"
            } else if hasBackground {
                text += ",,,"
            }
            if hasBlank { text += ",\(row.blankShare)" }
            text += "\n"
        }
        try writeText(text, to: path)
    }
}

/// Mole fractions at the boundary, and the file that holds them.
private struct Background {
    let file: String
    let curtain: BoundaryCurtain
}

/// Fluxes on the cells of whatever file of footprints comes.
private struct EnhancementOperation {
    private let input: FluxInput
    private let background: Background?
    private(set) var remarks: [FootprintRemark] = []
    private(set) var fileWarnings: [String] = []
    private var current: FootprintOperator?
    private(set) var isRegridded = false
    private(set) var undated = 0
    private(set) var undatedElsewhere = 0

    init(_ input: FluxInput, _ background: Background?) {
        self.input = input
        self.background = background
        if let times = background?.curtain.times, times.count == 1 { remarks = [.curtainOfOneTime(times[0])] }
    }

    @NetCDFThread
    mutating func rows(_ path: String) throws -> [FootprintEnhancements.Row] {
        let file = try FootprintFile(path)
        let name = FileProvenance.Input.name(ofFile: path)
        fileWarnings += try FootprintInspection.warnings(of: file).map { "\(name): \($0)" }
        let operation = try operation(on: file.grid)
        var rows: [FootprintEnhancements.Row] = []
        for index in 0..<file.count {
            Heartbeat.inherited.reading(path)
            let footprint = try file.footprint(at: index, resolved: input.isResolved)
            let result = try operation.enhancement(footprint)
            count(footprint, operation.flux.periods)
            rows.append(
                FootprintEnhancements.Row(
                    file: name,
                    receptor: footprint.receptor,
                    time: footprint.time,
                    partsPerMillion: result.known,
                    residualPartsPerMillion: result.known.map { _ in
                        result.parts.filter(\.isResidual).reduce(0) { $0 + $1.partsPerMillion }
                    },
                    missingShare: result.missingShare,
                    blankShare: result.blankShare,
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
        guard let background, let boundary = try file.boundary(at: index) else { return nil }
        return BackgroundRow(try background.curtain.background(boundary, missing: .counted))
    }

    private mutating func operation(on grid: CellGrid) throws -> FootprintOperator {
        if let current, current.flux.grid == grid { return current }
        let applied = try input.operation(on: grid)
        isRegridded = isRegridded || applied.isRegridded
        if let background, let remark = try background.curtain.remark(on: grid, file: background.file),
            !remarks.contains(remark)
        {
            remarks.append(remark)
        }
        current = applied.operation
        return applied.operation
    }
}
