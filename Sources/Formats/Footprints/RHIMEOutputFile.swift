import Foundation
import Geo
import Inventory
import LinearAlgebra
public import NetCDF
public import Quantities
import Transport

/// Reads `xsensitivity`, `bcsensitivity`, `Yobs`, `Yerror`, `Ytime`, sites, `fluxapriori`, `basisfunctions` and the
/// country mask of a RHIME output file.
public enum RHIMEOutputFile {
    /// - Parameter gas: the file does not name its gas.
    /// - Throws: ``NetCDFError`` that names the variable.
    @NetCDFThread
    public static func read(_ path: String, gas: Gas) throws(NetCDFError) -> RHIMEOutput {
        let file = try NetCDFFile(reading: path)
        let rows = try file.doubles("Yobs").count
        let observations = try partsPerMillion("Yobs", file, shape: [rows])
        let sigmas = try partsPerMillion("Yerror", file, shape: [rows])
        try refuseMissing(observations, "Yobs", file)
        try refuseMissing(sigmas, "Yerror", file)
        let flux = try sensitivity("xsensitivity", rows: rows, file)
        let table = try table(gas, flux, rows: rows, file)
        let field = try priorFlux(gas, file)
        return RHIMEOutput(
            sensitivities: table,
            observations: observations,
            observationSigmas: sigmas,
            priorFlux: field,
            basisFunctions: try file.mask("basisfunctions", names: table.fluxNames),
            countries: try file.mask("countrydefinition", names: try file.strings("countrynames")),
            countryPriorGrams: try file.doubles("countryapriori")
        )
    }

    @NetCDFThread
    private static func table(
        _ gas: Gas,
        _ flux: Matrix,
        rows: Int,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> SensitivityTable {
        let boundary = try sensitivity("bcsensitivity", rows: rows, file)
        let sites = try sites(file)
        var indices: [Int] = []
        for value in try file.doubles("siteindicator", shape: [rows]) {
            guard let index = Int(exactly: value), sites.indices.contains(index) else {
                throw file.unexpected("site \(value) has no name", "siteindicator")
            }
            indices.append(index)
        }
        return SensitivityTable(
            gas: gas,
            sites: sites,
            siteIndices: indices,
            times: try file.instants(try file.doubles("Ytime", shape: [rows]), of: "Ytime"),
            flux: flux,
            fluxNames: (1...max(1, flux.columns)).prefix(flux.columns).map { "flux \($0)" },
            boundary: boundary,
            boundaryNames: boundaryNames(boundary.columns)
        )
    }

    /// The curtains of the domain in the order in which openghg_inversions builds them; the file has numbers.
    private static func boundaryNames(_ count: Int) -> [String] {
        guard count == 4 else { return (0..<count).map { "boundary \($0 + 1)" } }
        return ["north", "east", "south", "west"].map { "boundary \($0)" }
    }

    @NetCDFThread
    private static func sites(_ file: borrowing NetCDFFile) throws(NetCDFError) -> [SensitivityTable.Site] {
        let names = try file.strings("sitenames")
        let longitudes = try file.doubles("sitelons", shape: [names.count])
        let latitudes = try file.doubles("sitelats", shape: [names.count])
        var sites: [SensitivityTable.Site] = []
        for (index, name) in names.enumerated() {
            guard let position = Position(longitude: longitudes[index], latitude: latitudes[index]) else {
                throw file.unexpected("site \(name) has no place on Earth", "sitelons")
            }
            sites.append(SensitivityTable.Site(name: name, position: position))
        }
        return sites
    }

    @NetCDFThread
    private static func sensitivity(
        _ variable: String,
        rows: Int,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> Matrix {
        let shape = try file.shape(of: variable)
        guard shape.count == 2, shape[0] == rows else {
            throw file.unexpected("shape is \(shape), expected \(rows) rows", variable)
        }
        let values = try partsPerMillion(variable, file, shape: shape)
        try refuseMissing(values, variable, file)
        return Matrix(rows: rows, columns: shape[1], storage: values)
    }

    @NetCDFThread
    private static func partsPerMillion(
        _ variable: String,
        _ file: borrowing NetCDFFile,
        shape: [Int]
    ) throws(NetCDFError) -> [Double] {
        let spelling = file.text("units", of: variable) ?? ""
        guard let unit = MoleFractionUnit(spelling: spelling) else {
            throw file.unexpected("unit `\(spelling)` is not a mole fraction", variable)
        }
        return try file.doubles(variable, shape: shape).map(unit.partsPerMillion)
    }

    @NetCDFThread
    private static func refuseMissing(
        _ values: [Double],
        _ variable: String,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw file.unexpected("value \(index) is missing", variable)
        }
    }

    @NetCDFThread
    private static func priorFlux(_ gas: Gas, _ file: borrowing NetCDFFile) throws(NetCDFError) -> FluxField {
        let latitudes = try file.axis(["lat"])
        let longitudes = try file.axis(["lon"])
        let raw = RawFlux(
            path: file.path,
            variable: "fluxapriori",
            layout: .openghg,
            gas: gas,
            unit: try file.fluxUnit(of: "fluxapriori"),
            latitudes: latitudes,
            longitudes: longitudes,
            layers: [try file.doubles("fluxapriori", shape: [latitudes.count, longitudes.count])],
            periods: [try period(file)],
            declaredTonnes: nil,
            source: "prior flux of \(file.text("Start date") ?? "the run")"
        )
        let product = try raw.product()
        guard product.missingCells == 0, let field = product.fields.first else {
            throw file.unexpected("\(product.missingCells) cells have no flux", "fluxapriori")
        }
        return field
    }

    /// `Start date` and `End date` of the run.
    @NetCDFThread
    private static func period(_ file: borrowing NetCDFFile) throws(NetCDFError) -> Period {
        let days = ["Start date", "End date"].map { name in
            file.text(name).flatMap { TimeCoordinate(units: "days since \($0)") }?.origin
        }
        guard let start = days[0], let end = days[1], start <= end else {
            throw NetCDFError(.absent("no `Start date` and `End date`"), path: file.path)
        }
        return Period(start: start, end: end)
    }
}
