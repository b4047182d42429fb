import Foundation
import Geo
import GeoTIFF
import Inventory
import NetCDF
import Quantities

/// Inventories as GeoTIFF: ODIAC on 1 km, known by its name, and others by a mapping.
enum PictureGrid {
    /// Beyond this a window must be named; doubles of so many cells are 0.8 GB.
    static let maximumCells = 100_000_000

    /// Blocks while it reads.
    static func read(_ path: String, _ options: FluxReadOptions) throws -> RawFlux {
        let file = try GeoTIFFReader(reading: path)
        guard file.isGeographic, file.columnStep > 0, file.rowStep > 0 else {
            throw GeoTIFFError(path: path, reading: "it is not of longitude and latitude")
        }
        let rows = window(file.rows, options.window.map { ($0.south, $0.north) }) { row in
            (file.north - Double(row + 1) * file.rowStep, file.north - Double(row) * file.rowStep)
        }
        let columns = window(file.columns, options.window.map { ($0.west, $0.east) }) { column in
            (file.west + Double(column) * file.columnStep, file.west + Double(column + 1) * file.columnStep)
        }
        guard !rows.isEmpty, !columns.isEmpty else {
            throw GeoTIFFError(path: path, reading: "no cell lies in the window")
        }
        guard columns.count <= maximumCells / rows.count else {
            throw GeoTIFFError(
                path: path,
                reading: "\(file.rows) x \(file.columns) cells are too many at once; give a window"
            )
        }
        let plan = try Plan(path, options)
        var values: [Double] = []
        values.reserveCapacity(rows.count * columns.count)
        for row in rows { values += try file.row(row)[columns] }
        var conversion = FluxConversion()
        conversion.unit = plan.unitText
        conversion.categories = ["band 1"]
        return RawFlux(
            path: path,
            variable: "band 1",
            layout: plan.layout,
            gas: plan.gas,
            unit: plan.unit,
            latitudes: rows.map { file.north - (Double($0) + 0.5) * file.rowStep },
            longitudes: columns.map { file.west + (Double($0) + 0.5) * file.columnStep },
            layers: [values],
            periods: [plan.period],
            declaredTonnes: nil,
            source: plan.source,
            options: options,
            conversion: conversion
        )
    }

    /// Cells of which the middle lies between two coordinates.
    private static func window(
        _ count: Int,
        _ limits: (Double, Double)?,
        _ edges: (Int) -> (low: Double, high: Double)
    ) -> Range<Int> {
        guard let limits else { return 0..<count }
        let inside = (0..<count).filter { index in
            let (low, high) = edges(index)
            return (low + high) / 2 > limits.0 && (low + high) / 2 < limits.1
        }
        guard let first = inside.first, let last = inside.last else { return 0..<0 }
        return first..<(last + 1)
    }

    private struct Plan {
        let layout: FluxProduct.Layout
        let gas: Gas
        let unit: FluxUnit
        let unitText: String
        let period: Period
        let source: String

        init(_ path: String, _ options: FluxReadOptions) throws {
            let name = URL(filePath: path).lastPathComponent
            let isODIAC = name.lowercased().hasPrefix("odiac")
            let named = GridPeriods.monthInName(of: path)
            let isMonthly = isODIAC || options.mapping?.isMonthly == true
            let year = options.year ?? (isMonthly ? named?.year : nil) ?? EDGARFlux.yearInName(of: path)
            let month = isMonthly ? options.month ?? named?.month : nil
            guard let year, (1900...2200).contains(year), !isMonthly || month != nil,
                let period = GridPeriods.of(year: year, month: month, steps: 1)?.first
            else {
                throw GeoTIFFError(path: path, reading: "neither the name nor an option gives the period")
            }
            self.period = period
            if isODIAC {
                (layout, gas) = (.odiacTIFF, .co2)
                (unit, unitText) = (FluxUnit(.gramsOfCarbon(1e6), per: .cell, .month), "tC cell-1 month-1")
                source = String(name.split(separator: "_").first ?? "ODIAC").uppercased()
                return
            }
            guard let mapping = options.mapping, let text = mapping.unit, let unit = FluxUnit(spelling: text)
            else {
                throw GeoTIFFError(
                    path: path,
                    reading: "a picture says neither gas nor unit; give a mapping with both"
                )
            }
            (layout, gas) = (.mapped, mapping.gas)
            (self.unit, unitText) = (unit, text)
            source = mapping.source ?? name
        }
    }
}
