import Foundation
import Quantities

/// Inventories: gridded files, accounts of activities, and what the documents behind them say.
struct InventoryVerb: Verb {
    let name = "inventory"
    let summary = "read a gridded inventory, or account for activities"
    let operands = "[FILE]"
    let discussion = """
        With a FILE: recognises EDGAR files (kg m-2 s-1, or tonnes per cell) and openghg flux files by their
        content, prints gas, period, grid and total, and compares the total with the one that the file declares.
        A file whose cells do not sum to its own total ends with status 65: it was cut or subsampled.

          crosswind inventory v6.0_CO2_excl_short-cycle_org_C_2015_TOTALS.0.1x0.1.nc --regions country_EUROPE.nc

        With --account: multiplies activities by factors and prints totals with their uncertainty, every row with
        the factor that made it, Table 3.2 of the 2006 IPCC Guidelines, key categories and warnings. Columns:
        region, carrier, period, quantity, unit, scope, use, quality, source (or their Chinese names), and where
        known facility, sector, u_percent, as_of, note. One account is of one year and one statistical scope.

          crosswind inventory --account deploy/cases/qingdao-2019/activity.csv \\
              --factors derived-gases-low,gbt-2589-style --grid-factor 0.5810 --output out/qingdao

        With --check-sources: what documents print beside what their own numbers give; nothing is repaired.
        With --hierarchy: figures of regions beside the sums of their parts. With --transfers: emissions of
        electricity where it is used.
        """
    let isConfined = true

    let options: [OptionSpecification] =
        InventoryFile.options + AccountSettings.options + SourceCheck.options + LevelComparison.options
        + TransferAccount.options + InventoryOutput.options + [.json]

    func run(_ options: Options) async throws -> ExitStatus {
        let use = try InventoryUse(options)
        if use == .file {
            guard options.text("output") == nil, options.text("lang") == nil else {
                let name = options.isSet("output") ? "output" : "lang"
                throw UsageError.lacks(name, needs: "account", verb: self.name)
            }
            return try await InventoryFile.run(options)
        }
        let output = try InventoryOutput(options)
        if let folder = output.folder {
            guard !folder.isEmpty, OutputProbe.kind(folder) != .file else {
                throw UsageError.badValue("output", folder, expected: "a folder", verb: name)
            }
            try OutputProbe.check(folder: folder)
        }
        switch use {
        case .file: break
        case .account:
            let settings = try AccountSettings(options)
            try await settings.run().results.tell(output, inputs: settings.inputs)
        case .sources: try await SourceCheck(options).run(output)
        case .hierarchy: try LevelComparison(options).run(output)
        case .transfers: try TransferAccount(options).run(output)
        }
        return .success
    }
}

/// Findings about an inventory that end the run.
enum InventoryFault: Fault, Equatable {
    case totalsDiffer(path: String, relativeDifference: Double)
    case otherGrid(path: String)

    var exitStatus: ExitStatus { .badData }

    var what: String {
        switch self {
        case .totalsDiffer(_, let difference):
            "the cells sum to \(String(format: "%+.2f", 100 * difference)) % of the file's own total"
        case .otherGrid: "the mask is on another grid than the flux"
        }
    }

    var place: String {
        switch self {
        case .totalsDiffer(let path, _), .otherGrid(let path): path
        }
    }

    var remedy: String {
        switch self {
        case .totalsDiffer: "fetch the whole file, or accept it with --allow-mismatch"
        case .otherGrid: "give a mask with the same cells"
        }
    }
}
