import Foundation
public import Inventory
public import NetCDF
import Quantities

/// Gridded inventories and flux fields in the layouts of EDGAR and openghg, recognised by their content.
public enum FluxFile {
    /// Reads a product.
    ///
    /// - Parameter year: used for a product without a time axis whose name and attributes give no year, and
    ///   checked against them where they do.
    /// - Throws: ``NetCDFError``; when the axes form no grid it tells the totals as well.
    @NetCDFThread
    public static func read(_ path: String, year: Int? = nil) throws(NetCDFError) -> FluxProduct {
        var options = FluxReadOptions()
        options.year = year
        return try read(path, options)
    }

    /// As ``read(_:year:)``, with all options.
    @NetCDFThread
    public static func read(_ path: String, _ options: FluxReadOptions) throws(NetCDFError) -> FluxProduct {
        var raw = try raw(path, options)
        raw.options = options
        return try raw.product()
    }

    /// The totals check alone, which works for files that were subsampled. Nil where no total is declared.
    @NetCDFThread
    public static func checkTotals(_ path: String, year: Int? = nil) throws(NetCDFError) -> TotalsCheck? {
        var options = FluxReadOptions()
        options.year = year
        return try raw(path, options).totals
    }

    @NetCDFThread
    private static func raw(_ path: String, _ options: FluxReadOptions) throws(NetCDFError) -> RawFlux {
        let year = options.year
        let file = try NetCDFFile(reading: path)
        if let plan = try RegriddedFile.plan(file, options) {
            return try SectorGrids.read(file, plan, options)
        }
        if MEICFlux.isOne(file) { return try MEICFlux.read(file, options) }
        if let plan = try SectorGrids.plan(file, options) { return try SectorGrids.read(file, plan, options) }
        let names = try file.variableNames()
        if names.contains("flux") { return try OpenGHGFlux.read(file) }
        if let name = names.first(where: { $0.hasPrefix("emi_") }) {
            let code = String(name.dropFirst(4))
            return try EDGARFlux.read(file, name, .edgarFlux, substance: code, year: year)
        }
        for (name, layout) in [("fluxes", FluxProduct.Layout.edgarFluxes), ("emissions", .edgarEmissions)]
        where names.contains(name) {
            let substance = file.text("substance", of: name) ?? file.text("substance") ?? ""
            return try EDGARFlux.read(file, name, layout, substance: substance, year: year)
        }
        throw NetCDFError(
            .unexpected(
                "not a known flux layout (no `emi_*`, `fluxes`, `emissions` or `flux` variable, no sectors or fuels)"
            ),
            path: path
        )
    }
}

extension NetCDFFile {
    /// Values of the first variable of these names; files differ in what they call their axes.
    @NetCDFThread
    func axis(_ names: [String]) throws(NetCDFError) -> [Double] {
        guard let name = names.first(where: { hasVariable($0) }) else {
            throw NetCDFError(
                .absent("no such variable"),
                path: path,
                variable: names.joined(separator: " or ")
            )
        }
        return try doubles(name)
    }

    @NetCDFThread
    func unexpected(_ text: String, _ variable: String) -> NetCDFError {
        NetCDFError(.unexpected(text), path: path, variable: variable)
    }

    @NetCDFThread
    func conversion(of variable: String) -> FluxConversion {
        var conversion = FluxConversion()
        conversion.unit = text("units", of: variable) ?? ""
        conversion.categories = [variable]
        return conversion
    }

    @NetCDFThread
    func fluxUnit(of variable: String) throws(NetCDFError) -> FluxUnit {
        let spelling = text("units", of: variable) ?? ""
        guard let unit = FluxUnit(spelling: spelling) else {
            throw unexpected("unit `\(spelling)` is not a known flux unit", variable)
        }
        return unit
    }
}
