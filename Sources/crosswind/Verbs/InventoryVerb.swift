import Concurrent
import Formats
import Foundation
import Geo
import Inventory
import NetCDF
import Quantities

/// Says what a flux file holds and whether its cells sum to its own total.
struct InventoryVerb: Verb {
    let name = "inventory"
    let summary = "read a gridded inventory and check its totals"
    let operands = "FILE"
    let discussion = """
        Recognises EDGAR files (kg m-2 s-1, or tonnes per cell) and openghg flux files by their content, prints
        gas, period, grid and total, and compares the total with the one that the file declares. A file whose
        cells do not sum to its own total ends with status 65: it was cut or subsampled.

          crosswind inventory v6.0_CO2_excl_short-cycle_org_C_2015_TOTALS.0.1x0.1.nc --regions country_EUROPE.nc
        """
    let isConfined = true

    let options: [OptionSpecification] = [
        .value("regions", "FILE", "print totals of the regions of this mask (netCDF, same grid)"),
        .value("year", "YEAR", "the year, where neither the file name nor an attribute gives it"),
        .flag("allow-mismatch", "end with status 0 although the totals differ"),
        .json,
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        guard let path = options.operands.first, options.operands.count == 1 else {
            throw UsageError.operands(expected: "one file", verb: name)
        }
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(path)
        let product = try await FluxFile.read(path, year: try options.integer("year"))
        var mask: RegionMask?
        if let file = options.text("regions") {
            heartbeat.reading(file)
            mask = try await RegionMaskFile.read(file)
        }
        heartbeat.doneReading()
        let summary = try InventorySummary(product, file: path, mask: mask)
        if options.isSet("json") {
            try JSONSummary.print(summary)
        } else {
            try Terminal.write(summary.text, to: .standardOutput)
        }
        if let totals = product.totals, !totals.passes, !options.isSet("allow-mismatch") {
            throw InventoryFault.totalsDiffer(path: path, relativeDifference: totals.relativeDifference)
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
