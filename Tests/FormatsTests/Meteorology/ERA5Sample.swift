import Foundation
import NetCDF
import Quantities
import TestSupport

/// A small file of ERA5: two levels and more, fields that are easy to foretell.
struct ERA5Sample: Sendable {
    var latitudes = [50.0, 49.75, 49.5]
    var longitudes = [10.0, 10.25, 10.5, 10.75]
    var timeName = "time"
    var timeUnits = "hours since 1900-01-01 00:00:00.0"
    /// 2020-01-01 00:00 is hour 1,051,896 since 1900.
    var times = [1_051_896.0, 1_051_897]
    var levelName = "level"
    var levelUnits = "millibars"
    var levels = [850.0, 1000.0]
    var hybrid: (a: [Double], b: [Double])?
    /// Values by variable, in file order; one alone stands for all elements.
    var onLevels: [String: [Double]] = [:]
    var atSurface: [String: [Double]] = [:]
    /// Number of versions of surface variables; 0 without such a dimension.
    var versions = 0
    var isPacked = false

    static let start = Instant(CivilTime(year: 2020, month: 1, day: 1))

    /// Winds, temperature and geopotential over ground at sea level.
    static var plain: ERA5Sample {
        var sample = ERA5Sample()
        sample.onLevels = ["t": [280], "u": [5], "v": [-2], "z": sample.geopotential]
        sample.atSurface = ["sp": [101_000], "z": [0], "t2m": [283], "u10": [3], "v10": [-1]]
        return sample
    }

    /// 1500 m at 850 hPa and 110 m at 1000 hPa.
    var geopotential: [Double] {
        times.flatMap { _ in
            levels.flatMap { [Double](repeating: ($0 == 850 ? 1500 : 110) * 9.80665, count: cells) }
        }
    }

    var cells: Int { latitudes.count * longitudes.count }

    @NetCDFThread
    func write(_ path: String) throws {
        var file = try NetCDFWriter(replacing: path)
        let sizes = [(timeName, times.count), ("latitude", latitudes.count), ("longitude", longitudes.count)]
        for (name, length) in sizes { try file.defineDimension(name, length: length) }
        if versions > 0 { try file.defineDimension("expver", length: versions) }
        if !onLevels.isEmpty { try file.defineDimension(levelName, length: levels.count) }
        try file.defineVariable(
            timeName,
            .double,
            dimensions: [timeName],
            attributes: [("units", .text(timeUnits))]
        )
        try file.defineVariable("latitude", .float, dimensions: ["latitude"], attributes: [])
        try file.defineVariable("longitude", .float, dimensions: ["longitude"], attributes: [])
        if !onLevels.isEmpty {
            try file.defineVariable(
                levelName,
                .int32,
                dimensions: [levelName],
                attributes: levelUnits.isEmpty ? [] : [("units", .text(levelUnits))]
            )
            if hybrid != nil {
                for name in ["hyam", "hybm"] {
                    try file.defineVariable(name, .double, dimensions: [levelName], attributes: [])
                }
            }
        }
        let version = versions > 0 ? ["expver"] : []
        for name in onLevels.keys { try define(name, [timeName, levelName, "latitude", "longitude"], &file) }
        for name in atSurface.keys {
            try define(stored(name), [timeName] + version + ["latitude", "longitude"], &file)
        }
        try writeValues(&file)
        try file.commit()
    }

    @NetCDFThread
    private func define(_ name: String, _ dimensions: [String], _ file: inout NetCDFWriter) throws {
        let packing: [(String, NetCDFAttribute)] =
            isPacked
            ? [
                ("scale_factor", .double(["z", "orog"].contains(name) || name == "sp" ? 4 : 0.01)),
                ("add_offset", .double(100)),
                ("_FillValue", .short(-32767)), ("missing_value", .short(-32767)),
            ] : [("_FillValue", .float(.nan))]
        try file.defineVariable(name, isPacked ? .int16 : .float, dimensions: dimensions, attributes: packing)
    }

    @NetCDFThread
    private func writeValues(_ file: inout NetCDFWriter) throws {
        try file.write(times, to: timeName)
        try file.write(latitudes, to: "latitude")
        try file.write(longitudes, to: "longitude")
        if !onLevels.isEmpty { try file.write(levels, to: levelName) }
        if let hybrid, !onLevels.isEmpty {
            try file.write(hybrid.a, to: "hyam")
            try file.write(hybrid.b, to: "hybm")
        }
        for (name, values) in onLevels {
            try file.write(full(values, times.count * levels.count * cells, name), to: name)
        }
        for (name, values) in atSurface {
            try file.write(full(values, times.count * max(versions, 1) * cells, name), to: stored(name))
        }
    }

    /// No two variables of a file share a name.
    private func stored(_ name: String) -> String { name == "z" && onLevels["z"] != nil ? "orog" : name }

    private func full(_ values: [Double], _ count: Int, _ name: String) -> [Double] {
        let all = values.count == 1 ? [Double](repeating: values[0], count: count) : values
        guard isPacked else { return all }
        let scale = ["z", "orog"].contains(name) || name == "sp" ? 4.0 : 0.01
        return all.map { $0.isNaN ? -32767 : (($0 - 100) / scale).rounded() }
    }
}
