import Foundation
import Quantities

/// Inventories: gridded files, accounts of activities, and what the documents behind them say.
struct InventoryVerb: Verb {
    let name = "inventory"
    let summary = "read, regrid and divide gridded inventories, or account for activities"
    let operands = "[FILE...]"
    let discussion = """
        With a FILE: recognises EDGAR, openghg, ODIAC, MEIC, GridFED, CAMS-GLOB-ANT and InTEM files, GeoTIFF and
        ESRI ASCII grids by their content, other files and tables by --mapping; prints gas, period, grid and
        total, and compares the total with the one that the file declares. A file whose cells do not sum to its
        own total ends with status 65: it was cut or subsampled. Several files are the sectors of one product:
        they are added up, without those that are sums of others. --regions gives totals by region, and what
        lies in none.

          crosswind inventory v6.0_CO2_excl_short-cycle_org_C_2015_TOTALS.0.1x0.1.nc --regions provinces.geojson

        With --regrid: brings it to another grid so that the total is kept, in kg m-2 s-1, and prints what lies
        within and beyond the grid. With --hours: divides it over the hours by profiles, with exact sums.

          crosswind inventory ENE.nc TRO.nc --regrid --box 73,3,136,54 --step 0.05 --output china.nc
          crosswind inventory FILE --hours --profile month.csv,weekday.csv,hour.csv --output out/hours

        With --points: a catalogue of point sources by region, the nearest within 60 km where outlines cut off
        a coast, and as a grid of a --year. Points without a place, in no region and near to two are named.

          crosswind inventory --points plants.csv --regions provinces.geojson --output out/plants

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
        InventoryFile.options + InventoryRegrid.options + PointInventory.options + InventoryHours.options
        + AccountSettings.options + SourceCheck.options + LevelComparison.options + TransferAccount.options
        + InventoryOutput.options + [.json]

    func outputs(_ options: Options) -> [String] {
        guard let output = options.text("output") else { return [] }
        if options.isSet("regrid") { return [output] }
        return options.isSet("points") ? ["\(output)/\(PointInventory.fileName)"] : []
    }

    func run(_ options: Options) async throws -> ExitStatus {
        let use = try InventoryUse(options)
        let output = try InventoryOutput(options)
        if use == .regrid {
            try await InventoryRegrid(options).run(output)
            return .success
        }
        if let folder = output.folder {
            guard !folder.isEmpty, OutputProbe.kind(folder) != .file else {
                throw UsageError.badValue("output", folder, expected: "a folder", verb: name)
            }
            try OutputProbe.check(folder: folder)
        }
        switch use {
        case .file: try await InventoryFile(options).run(output)
        case .regrid: break
        case .points: try await PointInventory(options).run(output)
        case .hours: try await InventoryHours(options).run(output)
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
