import Concurrent
import Foundation
import Inventory
import NetCDF
import Quantities

/// Any gridded inventory: netCDF, GeoTIFF, ESRI ASCII or a table, told apart by their first bytes.
public enum GriddedInventoryFile {
    /// Reads a product into our units and order.
    ///
    /// - Throws: ``NetCDFError``, `GeoTIFFError` or ``TableError``: what, where, what to do.
    public static func read(_ path: String, _ options: FluxReadOptions = FluxReadOptions()) async throws
        -> FluxProduct
    {
        try FileAccessError.requireRegularFile(path)
        let start = try await onOwnThread(named: "inventory") { try firstBytes(of: path) }
        if start.starts(with: Array("CDF".utf8)) || start.starts(with: [0x89] + Array("HDF".utf8)) {
            return try await FluxFile.read(path, options)
        }
        return try await onOwnThread(named: "inventory") {
            try text(path, start, options).product()
        }
    }

    /// The sum of sector files of one product, e.g. those of EDGAR: totals beside sectors and parts beside their whole
    /// are left out and told.
    public static func readSectors(
        _ paths: [String],
        _ options: FluxReadOptions = FluxReadOptions()
    ) async throws -> FluxProduct {
        let coded = paths.map { (path: $0, code: EDGARSectors.code(inFileName: $0)) }
        let codes = coded.compactMap(\.code)
        guard let first = paths.first, codes.count == paths.count else {
            let bad = coded.first { $0.code == nil }?.path ?? "no file"
            throw TableError(file: bad, reason: "its name tells no sector after the year")
        }
        let selection = EDGARSectors.selection(codes)
        var fields: [FluxField] = []
        var (missing, conversion) = (0, FluxConversion())
        var layout = FluxProduct.Layout.edgarFlux
        for code in selection.used {
            guard let path = coded.first(where: { $0.code == code })?.path else { continue }
            let product = try await read(path, options)
            fields = try sum(fields, product.fields, path)
            missing = max(missing, product.missingCells)
            (layout, conversion) = (product.layout, product.conversion)
        }
        guard !fields.isEmpty else {
            throw TableError(file: first, reason: "no sector is left to add up")
        }
        conversion.categories = selection.used
        conversion.skipped = selection.skipped.map { "\($0.code): \($0.reason)" }
        return FluxProduct(
            layout: layout,
            fields: fields,
            totals: nil,
            missingCells: missing,
            conversion: conversion
        )
    }

    private static func sum(_ fields: [FluxField], _ more: [FluxField], _ path: String) throws -> [FluxField]
    {
        guard !fields.isEmpty else { return more }
        let fits = zip(fields, more).allSatisfy {
            $0.grid == $1.grid && $0.gas == $1.gas && $0.period == $1.period
        }
        guard fields.count == more.count, fits else {
            throw TableError(
                file: path,
                reason: "its grid, gas or periods are not those of the other sectors"
            )
        }
        return zip(fields, more).map { field, other in
            FluxField(
                grid: field.grid,
                gas: field.gas,
                microMolesPerSquareMetreSecond: zip(
                    field.microMolesPerSquareMetreSecond,
                    other.microMolesPerSquareMetreSecond
                ).map { $0 + $1 },
                period: field.period,
                source: field.source
            )
        }
    }

    private static func text(_ path: String, _ start: [UInt8], _ options: FluxReadOptions) throws -> RawFlux {
        let isPicture = [Array("II*\0".utf8), Array("MM\0*".utf8), [73, 73, 43, 0], [77, 77, 0, 43]]
            .contains { start.starts(with: $0) }
        if isPicture { return try PictureGrid.read(path, options) }
        if TextGrids.isASCIIGrid(start[...]) {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw FileAccessError(path: path, exists: true)
            }
            return try TextGrids.asciiGrid(Array(data), path: path, options)
        }
        guard let mapping = options.mapping else {
            throw TableError(
                file: path,
                reason: "not a known layout; a table needs a mapping with gas and unit"
            )
        }
        return try TextGrids.table(path, mapping, options)
    }

    private static func firstBytes(of path: String) throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw FileAccessError(path: path, exists: true)
        }
        defer { try? handle.close() }
        return Array(try handle.read(upToCount: 64) ?? Data())
    }
}
