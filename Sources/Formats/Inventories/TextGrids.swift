import CSV
import Foundation
import Inventory
import NetCDF
import Quantities

/// Grids of text: ESRI ASCII (`ncols`, `nrows`, ... and rows from the north), as MEIC also comes, and tables with a row
/// for each cell, by a mapping.
enum TextGrids {
    private static let maximumCells = 100_000_000

    static func isASCIIGrid(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(decoding: bytes.prefix(64), as: UTF8.self).lowercased().contains("ncols")
    }

    static func asciiGrid(_ bytes: [UInt8], path: String, _ options: FluxReadOptions) throws(NetCDFError)
        -> RawFlux
    {
        var words = Words(bytes)
        var header: [String: Double] = [:]
        while let key = words.peek(), Double(key) == nil {
            _ = words.next()
            guard let text = words.next(), let value = Double(text) else {
                throw refusal("`\(key)` has no value", path, words)
            }
            header[key.lowercased()] = value
        }
        guard let columns = header["ncols"].flatMap({ Int(exactly: $0) }),
            let rows = header["nrows"].flatMap({ Int(exactly: $0) }), columns > 0, rows > 0,
            columns <= maximumCells / rows, let step = header["cellsize"], step > 0,
            let west = header["xllcorner"] ?? header["xllcenter"].map({ $0 - step / 2 }),
            let south = header["yllcorner"] ?? header["yllcenter"].map({ $0 - step / 2 })
        else { throw refusal("the header lacks ncols, nrows, xllcorner, yllcorner or cellsize", path, words) }
        var values: [Double] = []
        values.reserveCapacity(columns * rows)
        let missing = header["nodata_value"]
        while let word = words.next() {
            guard let value = Double(word) else { throw refusal("`\(word)` is no number", path, words) }
            values.append(value == missing ? .nan : value)
        }
        guard values.count == columns * rows else {
            throw refusal("\(values.count) values, expected \(rows) rows of \(columns)", path, words)
        }
        return try MEICFlux.raw(
            path: path,
            layout: .meicASCII,
            latitudes: (0..<rows).map { south + (Double(rows - $0) - 0.5) * step },
            longitudes: (0..<columns).map { west + (Double($0) + 0.5) * step },
            values: values,
            options
        )
    }

    private static func refusal(_ words: String, _ path: String, _ place: Words) -> NetCDFError {
        NetCDFError(.unexpected(words), path: path, variable: "line \(place.line)")
    }

    /// The axes that the rows of a table stand on, and their values.
    private static func cells(
        _ table: CSVTable,
        longitude: Int,
        latitude: Int,
        value: Int
    ) throws -> (rows: TableAxis, columns: TableAxis, values: [Double]) {
        var (x, y, amounts) = ([Double](), [Double](), [Double]())
        for row in table.rows {
            x.append(try table.number(row, longitude))
            y.append(try table.number(row, latitude))
            amounts.append(try table.number(row, value))
        }
        guard let columns = TableAxis(x), let rows = TableAxis(y) else {
            throw TableError(
                file: table.file,
                reason: "the places are not the centres of cells of a regular grid"
            )
        }
        var values = [Double](repeating: 0, count: rows.count * columns.count)
        var seen = [Bool](repeating: false, count: values.count)
        for (order, amount) in amounts.enumerated() {
            let cell = rows.index(y[order]) * columns.count + columns.index(x[order])
            guard !seen[cell] else {
                throw table.error(table.rows[order], longitude, "its cell has a row already")
            }
            seen[cell] = true
            values[cell] = amount
        }
        return (rows, columns, values)
    }

    /// A table with columns of longitude, latitude and a value; cells that have no row emit nothing.
    static func table(_ path: String, _ mapping: FluxMapping, _ options: FluxReadOptions) throws -> RawFlux {
        let table = try CSVTable(inventory: path)
        let (lon, lat) = (mapping.longitude ?? "longitude", mapping.latitude ?? "latitude")
        let longitude = try table.column(lon, "lon")
        let latitude = try table.column(lat, "lat")
        let value = try table.column(mapping.variable ?? "value")
        guard let text = mapping.unit, let unit = FluxUnit(spelling: text) else {
            throw TableError(
                file: path,
                reason: "unit `\(mapping.unit ?? "")` is not a known flux unit; say it in the mapping"
            )
        }
        let (rows, columns, values) = try cells(table, longitude: longitude, latitude: latitude, value: value)
        let named = mapping.isMonthly ? GridPeriods.monthInName(of: path) : nil
        let year = options.year ?? named?.year ?? EDGARFlux.yearInName(of: path)
        guard let year, (1900...2200).contains(year),
            let periods = GridPeriods.of(year: year, month: options.month ?? named?.month, steps: 1)
        else {
            throw TableError(file: path, reason: "neither the name nor an option gives the period")
        }
        var conversion = FluxConversion()
        conversion.unit = text
        conversion.categories = [table.header[value]]
        return RawFlux(
            path: path,
            variable: table.header[value],
            layout: .mapped,
            gas: mapping.gas,
            unit: unit,
            latitudes: rows.centres,
            longitudes: columns.centres,
            layers: [values],
            periods: periods,
            declaredTonnes: nil,
            source: mapping.source ?? URL(filePath: path).lastPathComponent,
            options: options,
            conversion: conversion
        )
    }
}

/// The centres that some coordinates stand at; steps without a place in the table are filled in.
private struct TableAxis {
    let first: Double
    let step: Double
    let count: Int

    init?(_ coordinates: [Double]) {
        let sorted = Set(coordinates).sorted()
        guard let first = sorted.first, let last = sorted.last, sorted.count > 1 else { return nil }
        let gaps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 1e-6 }
        guard let least = gaps.min() else { return nil }
        let steps = ((last - first) / least).rounded()
        guard steps >= 1, steps < 100_000 else { return nil }
        (self.first, step, count) = (first, (last - first) / steps, Int(steps) + 1)
        for coordinate in sorted
        where abs((coordinate - first) / step - ((coordinate - first) / step).rounded()) > 1e-2 {
            return nil
        }
    }

    var centres: [Double] { (0..<count).map { first + Double($0) * step } }
    func index(_ coordinate: Double) -> Int { Int(((coordinate - first) / step).rounded()) }
}

/// Words between blanks, with the line of the last.
private struct Words {
    private let bytes: [UInt8]
    private var place = 0
    private(set) var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> String? {
        while place < bytes.count, bytes[place] <= 32 {
            if bytes[place] == 10 { line += 1 }
            place += 1
        }
        let start = place
        while place < bytes.count, bytes[place] > 32 { place += 1 }
        return start == place ? nil : String(decoding: bytes[start..<place], as: UTF8.self)
    }

    func peek() -> String? {
        var copy = self
        return copy.next()
    }
}
