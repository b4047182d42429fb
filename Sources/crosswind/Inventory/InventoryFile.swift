import Concurrent
import Formats
import Geo
import Inventory
import Quantities

/// The use of `crosswind inventory` with a gridded inventory.
enum InventoryFile {
    static let options: [OptionSpecification] = [
        .value("regions", "FILE", "print totals of the regions of this mask (netCDF, same grid)"),
        .value("year", "YEAR", "the year, where neither the file name nor an attribute gives it"),
        .flag("allow-mismatch", "end with status 0 although the totals differ"),
    ]

    static func run(_ options: Options) async throws -> ExitStatus {
        guard let path = options.operands.first, options.operands.count == 1 else {
            throw UsageError.operands(expected: "one file", verb: options.verb)
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
