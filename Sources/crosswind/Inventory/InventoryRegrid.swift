import Concurrent
import Formats
import Foundation
import Geo
import Inventory
import Quantities

/// The use of `crosswind inventory` that brings a gridded inventory to another grid with its total kept.
struct InventoryRegrid: Sendable {
    static let gridOptions: [OptionSpecification] = [
        .value("grid", "NAME|FILE", "the grid: of the folder grids/, or a definition file FILE.json"),
        .value("box", "W,S,E,N", "instead of a grid: edges in degrees; W > E crosses the antimeridian"),
        .value("step", "DEGREES", "side of the square cells of a box"),
    ]
    static let options: [OptionSpecification] =
        [
            .flag("regrid", "bring FILE to a grid conservatively; --output F.nc takes the fluxes"),
            .value("tables", "FOLDER", "with --regrid: also its account as CSV, JSON and text"),
        ] + gridOptions

    let reading: GriddedReading
    let choice: GridChoice
    let output: String
    let tables: String?

    init(_ options: Options) throws {
        try options.refuse(["box", "step"], beside: "grid")
        reading = try GriddedReading(options)
        choice = try GridChoice(options)
        tables = options.text("tables")
        let inputs = reading.paths + [options.text("grid")].compactMap(\.self)
        output = try OutputPath(try options.required("output"), inputs: inputs).path
        try OutputProbe.check([output], folders: tables.map { [$0] } ?? [])
    }

    func run(_ told: InventoryOutput) async throws {
        PartialFiles.removeStale(of: output)
        let product = try await reading.read()
        try reading.requireTotals(product)
        let (grid, paths) = (choice.grid, reading.paths)
        let beyond = CellsBeyond(product, grid)
        guard beyond.cells < grid.cellCount else {
            throw InventoryFault.gridElsewhere(path: paths[0], grid: choice.name)
        }
        let regridded = try await onOwnThread(named: "regrid") { InventoryWork.regrid(product, to: grid) }
        let provenance = try await onOwnThread(named: "digests") {
            try FileProvenance.ofInventory(paths, "regrid", configuration(product))
        }
        try await RegriddedFile.write(
            regridded,
            to: output,
            conversion: product.conversion,
            provenance: provenance
        )
        let summary = RegridSummary(product, regridded, choice: choice, beyond: beyond, file: output)
        let results = InventoryResults(
            name: "regrid",
            tables: [summary.table],
            text: { summary.text($0) },
            json: { try JSONSummary.text(summary.naming($0)) }
        )
        try results.tell(
            InventoryOutput(folder: tables, language: told.language, isJSON: told.isJSON),
            inputs: paths + [output]
        )
    }

    private func configuration(_ product: FluxProduct) -> String {
        let conversion = product.conversion
        return """
            grid=\(choice.name) method=conservative source_unit=\(conversion.unit) \
            carbon=\(conversion.carbonRatio?.rawValue ?? "none") \
            earth_radius_m=\(conversion.earthRadiusMetres) categories=\(conversion.categories.joined(separator: ","))
            """
    }
}

/// Cells of a target grid beyond the source, which says nothing of them: they are zero.
struct CellsBeyond: Sendable {
    let cells: Int

    init(_ product: FluxProduct, _ grid: CellGrid) {
        guard let source = product.fields.first?.grid else {
            cells = 0
            return
        }
        let places = grid.centres(of: Array(0..<grid.cellCount))
        cells = zip(places.longitudes, places.latitudes).reduce(0) { sum, place in
            sum + (source.cell(longitude: place.0, latitude: place.1) == nil ? 1 : 0)
        }
    }
}

extension FileProvenance {
    /// Of a netCDF file that a use of the verb makes; reads the inputs for their digests.
    static func ofInventory(
        _ paths: [String],
        _ use: String,
        _ configuration: String
    ) throws -> FileProvenance {
        let inputs = try paths.map { try Input(ofFile: $0) }
        return FileProvenance(
            command: "crosswind inventory --\(use) \(inputs.map(\.name).joined(separator: " "))",
            configuration: configuration,
            seed: nil,
            inputs: inputs,
            created: created(ProcessInfo.processInfo.environment)
        )
    }
}
