import Foundation
import Inventory
import NetCDF
import Quantities

/// MEIC: tonnes per cell and month. The netCDF is one-dimensional in the manner of old GMT grids: ranges of the axes
/// and one long row that begins in the north-west.
enum MEICFlux {
    static let unit = FluxUnit(.grams(1e6), per: .cell, .month)
    static let unitText = "t cell-1 month-1"
    private static let sectors = ["agriculture", "industry", "power", "residential", "transportation"]

    @NetCDFThread
    static func isOne(_ file: borrowing NetCDFFile) -> Bool {
        file.hasVariable("x_range") && file.hasVariable("y_range") && file.hasVariable("z")
            && file.hasVariable("dimension")
    }

    @NetCDFThread
    static func read(_ file: borrowing NetCDFFile, _ options: FluxReadOptions) throws(NetCDFError) -> RawFlux
    {
        let (x, y) = (try file.doubles("x_range"), try file.doubles("y_range"))
        let lengths = try file.integers("dimension")
        guard x.count == 2, y.count == 2, lengths.count == 2, x[0] < x[1], y[0] < y[1],
            (1...100_000).contains(lengths[0]), (1...100_000).contains(lengths[1])
        else { throw file.unexpected("the ranges of the axes are damaged", "x_range") }
        let (columns, rows) = (Int(lengths[0]), Int(lengths[1]))
        let values = try file.doubles("z", shape: [columns * rows])
        let (xStep, yStep) = ((x[1] - x[0]) / Double(columns), (y[1] - y[0]) / Double(rows))
        return try raw(
            path: file.path,
            layout: .meic,
            latitudes: (0..<rows).map { y[1] - (Double($0) + 0.5) * yStep },
            longitudes: (0..<columns).map { x[0] + (Double($0) + 0.5) * xStep },
            values: values,
            options
        )
    }

    static func raw(
        path: String,
        layout: FluxProduct.Layout,
        latitudes: [Double],
        longitudes: [Double],
        values: [Double],
        _ options: FluxReadOptions
    ) throws(NetCDFError) -> RawFlux {
        let named = GridPeriods.monthInName(of: path) ?? monthFirst(path)
        guard let year = options.year ?? named?.year, let month = options.month ?? named?.month,
            (1...12).contains(month), (1900...2200).contains(year)
        else { throw NetCDFError(.unexpected("the name tells no year and month; give them"), path: path) }
        let name = URL(filePath: path).lastPathComponent.lowercased()
        guard let gas = options.mapping?.gas ?? GasName.gas(in: name) else {
            throw NetCDFError(.unexpected("the name tells no gas; give a mapping"), path: path)
        }
        var conversion = FluxConversion()
        conversion.unit = options.mapping?.unit ?? unitText
        conversion.categories = sectors.filter { name.contains($0) }
        guard let unit = options.mapping?.unit.map({ FluxUnit(spelling: $0) }) ?? unit else {
            throw NetCDFError(.unexpected("unit `\(conversion.unit)` is not a known flux unit"), path: path)
        }
        return RawFlux(
            path: path,
            variable: "z",
            layout: layout,
            gas: gas,
            unit: unit,
            latitudes: latitudes,
            longitudes: longitudes,
            // -9999 stands for cells beyond the country.
            layers: [values.map { $0 <= -9998 ? .nan : $0 }],
            periods: [GridPeriods.month(year, month)],
            declaredTonnes: nil,
            source: options.mapping?.source ?? "MEIC",
            options: options,
            conversion: conversion
        )
    }

    /// `2017_07_power_CO2`, or `2017_07__power__CO2` with the month after the year and words behind.
    private static func monthFirst(_ path: String) -> (year: Int, month: Int)? {
        let parts = URL(filePath: path).lastPathComponent.split { !($0.isLetter || $0.isNumber) }.map {
            Int($0)
        }
        for (year, month) in zip(parts, parts.dropFirst()) {
            if let year, let month, (1900...2200).contains(year), (1...12).contains(month) {
                return (year, month)
            }
        }
        return nil
    }
}
