import Foundation
import Geo
public import Inventory
public import NetCDF
public import Quantities

/// Regridded fluxes as a netCDF file of the CF conventions: one variable a gas, a time for each period, areas of the
/// cells, and the account of the regridding beside them.
public enum RegriddedFile {
    /// The variable of a gas: `flux_co2(time, latitude, longitude)` in kg m-2 s-1.
    public static func variable(_ gas: Gas) -> String { "flux_\(gas.rawValue)" }

    /// Writes periods of one gas on one grid.
    ///
    /// - Parameters:
    ///   - fluxes: in order of time; at least one, all on one grid.
    ///   - conversion: how the source was read.
    /// - Throws: ``NetCDFError``.
    @NetCDFThread
    public static func write(
        _ fluxes: [RegriddedFlux],
        to path: String,
        conversion: FluxConversion,
        provenance: FileProvenance
    ) throws(NetCDFError) {
        guard let first = fluxes.first else { preconditionFailure("nothing to write") }
        precondition(
            fluxes.allSatisfy { $0.grid == first.grid && $0.gas == first.gas },
            "fluxes on several grids"
        )
        var file = try NetCDFWriter(replacing: path)
        let axes = RegriddedAxes(first.grid)
        try file.defineDimension("time", length: fluxes.count)
        try file.defineDimension("nv", length: 2)
        try axes.define(&file)
        try defineTime(&file)
        try defineFlux(&file, axes, first.gas)
        for (name, value) in attributes(fluxes, conversion, provenance) { try file.setAttribute(name, value) }
        try axes.write(&file)
        try writeTimes(&file, fluxes)
        try writeFluxes(&file, axes, fluxes)
        try file.commit()
    }

    @NetCDFThread
    private static func defineTime(_ file: inout NetCDFWriter) throws(NetCDFError) {
        try file.defineVariable(
            "time",
            .double,
            dimensions: ["time"],
            attributes: [
                ("standard_name", "time"), ("units", "seconds since 1970-01-01 00:00:00"),
                ("calendar", "standard"), ("bounds", "time_bnds"), ("axis", "T"),
            ]
        )
        try file.defineVariable("time_bnds", .double, dimensions: ["time", "nv"], attributes: [])
        for (name, words) in accountVariables {
            try file.defineVariable(
                name,
                .double,
                dimensions: ["time"],
                attributes: [("long_name", .text(words)), ("units", "t"), ("cell_methods", "time: sum")]
            )
        }
    }

    private static let accountVariables = [
        ("source_tonnes", "emission of the period on the source grid"),
        ("outside_tonnes", "emission of the period beyond this grid"),
        ("grid_tonnes", "emission of the period on this grid"),
    ]

    @NetCDFThread
    private static func defineFlux(
        _ file: inout NetCDFWriter,
        _ axes: RegriddedAxes,
        _ gas: Gas
    ) throws(NetCDFError) {
        try file.defineVariable(
            variable(gas),
            .float,
            dimensions: ["time"] + axes.dimensions,
            chunks: [1, axes.chunkRows, axes.columns],
            attributes: [
                ("long_name", .text("emission flux of \(gas.formula), mean over the cell and the period")),
                ("units", "kg m-2 s-1"), ("cell_methods", "time: mean area: mean"),
                ("cell_measures", "area: cell_area"), ("coverage_content_type", "modelResult"),
            ] + axes.mappingAttributes
        )
    }

    private static func attributes(
        _ fluxes: [RegriddedFlux],
        _ conversion: FluxConversion,
        _ provenance: FileProvenance
    ) -> [(String, NetCDFAttribute)] {
        let gas = fluxes[0].gas
        return [
            ("Conventions", "CF-1.11"), ("title", .text("\(gas.formula) emission, regridded conservatively")),
            ("source", .text(fluxes[0].source)), ("molar_mass_g_mol", .double(gas.molarMassGramsPerMole)),
            ("source_unit", .text(conversion.unit)),
            (
                "carbon_ratio",
                .text(conversion.carbonRatio?.rawValue ?? "none: the source counts \(gas.formula)")
            ),
            ("earth_radius_of_source_m", .double(conversion.earthRadiusMetres)),
            ("categories", .text(conversion.categories.joined(separator: ", "))),
            ("categories_skipped", .text(conversion.skipped.joined(separator: "; "))),
            ("total_\(variable(gas))", .text(total(fluxes))),
            ("uncertainty", "none stated by the source; the regridding adds none to totals"),
        ] + provenance.attributes
    }

    private static func total(_ fluxes: [RegriddedFlux]) -> String {
        let tonnes = fluxes.reduce(0) { $0 + $1.account.targetTonnes }
        return String(format: "%.9e t in all periods", tonnes)
    }

    @NetCDFThread
    private static func writeTimes(
        _ file: inout NetCDFWriter,
        _ fluxes: [RegriddedFlux]
    ) throws(NetCDFError) {
        let bounds = fluxes.flatMap { [$0.period.start.secondsSince1970, $0.period.end.secondsSince1970] }
        try file.write(fluxes.indices.map { (bounds[2 * $0] + bounds[2 * $0 + 1]) / 2 }, to: "time")
        try file.write(bounds, to: "time_bnds")
        try file.write(fluxes.map(\.account.sourceTonnes), to: "source_tonnes")
        try file.write(fluxes.map(\.account.outsideTonnes), to: "outside_tonnes")
        try file.write(fluxes.map(\.account.targetTonnes), to: "grid_tonnes")
    }

    /// Packed chunks last, since the file takes nothing else after them.
    @NetCDFThread
    private static func writeFluxes(
        _ file: inout NetCDFWriter,
        _ axes: RegriddedAxes,
        _ fluxes: [RegriddedFlux]
    ) throws(NetCDFError) {
        for (order, flux) in fluxes.enumerated() {
            let factor = flux.gas.molarMassGramsPerMole * 1e-9
            for first in stride(from: 0, to: axes.rows, by: axes.chunkRows) {
                var values = [Double](repeating: 0, count: axes.chunkRows * axes.columns)
                let start = first * axes.columns
                let end = min(first + axes.chunkRows, axes.rows) * axes.columns
                for index in start..<end {
                    values[index - start] = flux.microMolesPerSquareMetreSecond[index] * factor
                }
                guard let chunk = PackedChunk(values, as: .float) else {
                    throw NetCDFError(.inputOutput("no memory to pack a chunk"), path: file.path)
                }
                try file.write(chunk, to: variable(flux.gas), offset: [order, first, 0])
            }
        }
    }
}
