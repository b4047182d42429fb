import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

/// Small files in the layouts of other programs, by the names those use.
enum FootprintLayouts {
    struct Variable {
        let name: String
        let type: NetCDFType
        let dimensions: [String]
        let values: [Double]
        var attributes: [(String, NetCDFAttribute)] = []
    }

    @NetCDFThread
    static func write(
        _ path: String,
        dimensions: [(String, Int)],
        variables: [Variable],
        attributes: [(String, NetCDFAttribute)] = []
    ) throws {
        var writer = try NetCDFWriter(replacing: path)
        for (name, value) in attributes { try writer.setAttribute(name, value) }
        for (name, length) in dimensions { try writer.defineDimension(name, length: length) }
        for variable in variables {
            try writer.defineVariable(
                variable.name,
                variable.type,
                dimensions: variable.dimensions,
                attributes: variable.attributes
            )
        }
        for variable in variables { try writer.write(variable.values, to: variable.name) }
        try writer.commit()
    }

    static let seconds: [(String, NetCDFAttribute)] = [("units", "seconds since 1970-01-01 00:00:00Z")]
    static let stiltUnit: [(String, NetCDFAttribute)] = [
        ("units", "ppm (umol-1 m2 s)"), ("_FillValue", .float(-1)),
    ]

    /// `foot(time, y, x)`, `names` of the axes; value of element i is i.
    @NetCDFThread
    static func stilt(
        _ path: String,
        y: (name: String, values: [Double]),
        x: (name: String, values: [Double]),
        times: [Double],
        timeUnit: [(String, NetCDFAttribute)] = seconds,
        foot: [Double]? = nil,
        attributes: [(String, NetCDFAttribute)] = [("crs", "+proj=longlat")]
    ) throws {
        let count = times.count * y.values.count * x.values.count
        try write(
            path,
            dimensions: [(x.name, x.values.count), (y.name, y.values.count), ("time", times.count)],
            variables: [
                Variable(name: x.name, type: .double, dimensions: [x.name], values: x.values),
                Variable(name: y.name, type: .double, dimensions: [y.name], values: y.values),
                Variable(
                    name: "time",
                    type: .double,
                    dimensions: ["time"],
                    values: times,
                    attributes: timeUnit
                ),
                Variable(
                    name: "foot",
                    type: .float,
                    dimensions: ["time", y.name, x.name],
                    values: foot ?? (0..<count).map(Double.init),
                    attributes: stiltUnit
                ),
            ],
            attributes: attributes
        )
    }

    /// UTM zone 50 by way of a projected STILT-R file.
    @NetCDFThread
    static func projectedGrid(in folder: TemporaryFolder) throws -> CellGrid {
        let path = folder.file("202403011200_116.1_40_10_foot.nc").path
        try stilt(
            path,
            y: ("y", (0..<5).map { 4_400_500 + 1000 * Double($0) }),
            x: ("x", (0..<7).map { 420_500 + 1000 * Double($0) }),
            times: [FootprintExamples.start.secondsSince1970],
            attributes: [("crs", "+proj=utm +zone=50 +datum=WGS84 +units=m")]
        )
        let grid = try FootprintFile(path).grid
        try FileManager.default.removeItem(atPath: path)
        return grid
    }
}
