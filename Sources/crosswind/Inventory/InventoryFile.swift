import Concurrent
import Formats
import Foundation
import Geo
import Inventory
import Quantities

/// The use of `crosswind inventory` with a gridded inventory: what it holds, checked, and by region where asked.
struct InventoryFile: Sendable {
    static let options: [OptionSpecification] =
        GriddedReading.options + [
            .value("regions", "FILE", "totals of regions: outlines (GeoJSON), or a mask (netCDF, same grid)"),
            .value(
                "remainder",
                "NAME",
                "what becomes of the part of a cell that no outline covers: unassigned\n"
                    + "(default), or nearest, the region within 60 km, right at coasts"
            ),
        ]

    let reading: GriddedReading
    let regions: String?
    let remainder: RegionTotals.Remainder

    init(_ options: Options) throws {
        reading = try GriddedReading(options)
        regions = options.text("regions")
        remainder = try GridSettings.choice("remainder", options) ?? .unassigned
        if regions == nil, options.isSet("remainder") {
            throw UsageError.lacks("remainder", needs: "regions", verb: options.verb)
        }
    }

    func run(_ output: InventoryOutput) async throws {
        let product = try await reading.read()
        var totals: InventoryRegions?
        if let regions { totals = try await self.totals(product, regions) }
        let summary = InventorySummary(product, files: reading.paths, regions: totals)
        let results = InventoryResults(
            name: "inventory",
            tables: summary.tables,
            text: { summary.text($0) },
            json: { try JSONSummary.text(summary.naming($0)) }
        )
        try results.tell(output, inputs: reading.paths + [regions].compactMap(\.self))
        try reading.requireTotals(product)
    }

    private func totals(_ product: FluxProduct, _ file: String) async throws -> InventoryRegions {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(file)
        defer { heartbeat.doneReading() }
        if try RegionSource.isMask(file) {
            if remainder == .nearest { throw InventoryFault.maskHasNoEdges(path: file) }
            let mask = try await RegionMaskFile.read(file)
            heartbeat.doneReading()
            let totals = try product.fields.map { field throws(InventoryFault) in
                guard let aligned = mask.aligned(with: field.grid) else {
                    throw .otherGrid(path: reading.paths[0])
                }
                return RegionTotals(field, mask: aligned)
            }
            return InventoryRegions(file: file, credit: "", totals: totals, remainder: nil)
        }
        let set = try await onOwnThread(named: "regions") { try RegionFile.read(file) }
        heartbeat.doneReading()
        let remainder = remainder
        let totals = try await onOwnThread(named: "regions") {
            InventoryWork.regions(product, set, remainder: remainder)
        }
        return InventoryRegions(file: file, credit: set.credit, totals: totals, remainder: remainder)
    }
}

/// A file of regions is told by what is in it.
enum RegionSource {
    static func isMask(_ path: String) throws -> Bool {
        try FileAccessError.requireRegularFile(path)
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw FileAccessError(path: path, exists: true)
        }
        defer { try? handle.close() }
        let start = Array(try handle.read(upToCount: 4) ?? Data())
        return start.starts(with: Array("CDF".utf8)) || start.starts(with: [0x89] + Array("HDF".utf8))
    }
}

extension RegionSet {
    /// Where the boundaries come from and who approved the map.
    var credit: String {
        ([provenance.isEmpty ? name.english : provenance]
            + [mapApproval.map { "map approval \($0)" }]
            .compactMap(\.self)).joined(separator: ", ")
    }
}

/// Totals of regions for each period, and how they came about.
struct InventoryRegions: Sendable {
    let file: String
    let credit: String
    let totals: [RegionTotals]
    /// Nil for a mask.
    let remainder: RegionTotals.Remainder?
}
