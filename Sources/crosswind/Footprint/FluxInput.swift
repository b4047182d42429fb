import Concurrent
import Formats
import Foundation
import Geo
import Inventory
import Quantities
import Transport

/// Fluxes of a gridded inventory as footprints meet them.
struct FluxInput: Sendable {
    let gas: Gas
    let path: String
    /// Name of the file.
    let name: String
    /// Whether each hour of a footprint meets its own flux; else the mean of all times.
    let isResolved: Bool
    /// NaN where the file has no value.
    let history: FluxHistory
    /// Whether cells without a value emit nothing; otherwise their flux is unknown.
    let blankIsZero: Bool

    /// - Parameter integrated: whether the mean of all times is wanted anyway.
    static func read(_ path: String, integrated: Bool, blankIsZero: Bool) async throws -> FluxInput {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(path)
        defer { heartbeat.doneReading() }
        let product = try await FluxFile.read(path)
        let fields = product.fields
        let history = try product.history()
        guard history.values.contains(where: \.isFinite) else {
            throw CompanionFault.blankFlux(file: path)
        }
        return FluxInput(
            gas: fields[0].gas,
            path: path,
            name: FileProvenance.Input.name(ofFile: path),
            // A single mean stands for all times: an inventory of a year is used for others too.
            isResolved: fields.count > 1 && !integrated,
            history: history,
            blankIsZero: blankIsZero
        )
    }

    /// The fluxes on the cells of footprints, and whether they had to be brought there.
    func operation(on grid: CellGrid) throws -> (operation: FootprintOperator, isRegridded: Bool) {
        let placed = try PlacedFlux(history, on: grid, blankIsZero: blankIsZero)
        guard placed.history.values.contains(where: \.isFinite) else {
            throw CompanionFault.fluxOffGrid(
                file: path,
                flux: history.grid.boundingBox?.text ?? "another region",
                grid: grid.boundingBox?.text ?? "of the footprints"
            )
        }
        let operation = FootprintOperator(
            flux: placed.history,
            timing: isResolved ? .resolved : .integrated,
            missing: .counted,
            isBlank: placed.isBlank
        )
        return (operation, placed.isRegridded)
    }
}

/// The mole fraction that the air of a receptor brought along; the keys of `--json` stay as they are.
struct BackgroundRow: Encodable, Sendable {
    /// Of the particles that came to the boundary; absent where none did.
    let partsPerMillion: Double?
    /// Share of the particles that did.
    let closure: Double
    /// Of these, those that met no known mole fraction.
    let missingShare: Double

    init(_ background: BoundaryBackground) {
        let mean = background.meanPartsPerMillion
        partsPerMillion = mean.isFinite ? mean : nil
        closure = background.closure
        missingShare = background.missingShare
    }

    /// What a reader must know of the backgrounds of all receptors.
    static func caveats(_ rows: [BackgroundRow?]) -> [LocalizedName] {
        var caveats: [LocalizedName] = []
        let known = rows.compactMap(\.self)
        let open = known.filter { $0.partsPerMillion != nil && $0.closure < BoundaryClosure.usualThreshold }
        if let least = open.map(\.closure).min() {
            caveats.append(
                LocalizedName(
                    english:
                        "\(open.count) of \(rows.count) backgrounds stand on fewer than 90 % of the particles, "
                        + "\(Figure.percent(least)) at least; the others were still inside when the run ended.",
                    chinese:
                        "\(rows.count) 个本底中有 \(open.count) 个依据的粒子不足 90 %（最少 \(Figure.percent(least))）；其余粒子在追踪结束时仍在网格内。"
                )
            )
        }
        let missing = known.map(\.missingShare).max() ?? 0
        if missing > 0 {
            caveats.append(
                LocalizedName(
                    english:
                        "The curtain has no mole fraction for up to \(Figure.percent(missing)) of the particles at "
                        + "the boundary; they are left out of the background.",
                    chinese: "边界幕对边界处至多 \(Figure.percent(missing)) 的粒子没有浓度，这些粒子未计入本底。"
                )
            )
        }
        let absent = known.count { $0.partsPerMillion == nil }
        if absent > 0 {
            caveats.append(
                LocalizedName(
                    english:
                        "\(absent) receptors have no background: none of their particles met a mole fraction at the "
                        + "boundary.",
                    chinese: "\(absent) 个受体没有本底：其粒子均未在边界处遇到已知浓度。"
                )
            )
        }
        let without = rows.count - known.count
        if without > 0 {
            caveats.append(
                LocalizedName(
                    english:
                        "\(without) receptors have no background: their particles carry no weight, or the file "
                        + "does not tell where they left.",
                    chinese: "\(without) 个受体没有本底：其粒子没有权重，或文件未说明粒子离开之处。"
                )
            )
        }
        return caveats
    }
}
