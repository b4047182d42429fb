import Foundation
import NetCDF
import TestSupport

/// The two real days of ACOS-GOSAT that come with the repository.
enum SatelliteFiles {
    static let first = Places.deploy.appending(
        path: "soundings/acos_LtCO2_090901_v205205_B9213A_200310212449s.nc4"
    ).path
    static let second = Places.deploy.appending(
        path: "soundings/acos_LtCO2_090902_v205205_B9213A_200310212523s.nc4"
    ).path
}

/// A Lite file of three soundings and four levels, with whatever a test wants to be wrong.
struct MadeLiteFile {
    var times = [1_577_836_800.1, 1_577_836_801.1, 1_577_836_802.1]
    var latitudes = [10.0, 20, 30]
    var longitudes = [100.0, 110, 120]
    var columns = [400.0, 401, 402]
    var uncertainties = [0.5, 0.6, 0.7]
    var flags: [Int64] = [0, 0, 0]
    var ids: [Int64] = [2_020_010_100_000_011, 2_020_010_100_000_012, 2_020_010_100_000_013]
    var pressures = [0.1, 300, 600, 1000]
    var pressureWeights = [0.1, 0.3, 0.4, 0.2]
    var priors = [390.0, 400, 400, 410]
    var kernels = [0.5, 0.8, 1, 1.1]
    var columnUnit = "ppm"
    var timeUnit = "seconds since 1970-01-01 00:00:00"
    var pressureUnit = "hPa"
    var onX2019: [Double]?
    var without: String?
    var build = "B11"
    var platform = "OCO-2"
    var title: String?
    /// Degrees that the corners lie north of their centres; without corners where nil.
    var cornerOffsets: [Double]?

    @NetCDFThread
    func write(to path: String) throws {
        var file = try NetCDFWriter(replacing: path)
        try file.defineDimension("sounding_id", length: 3)
        try file.setAttribute("Platform", .text(platform))
        if let title { try file.setAttribute("title", .text(title)) }
        try file.setAttribute("BuildId", .text(build))
        try file.defineDimension("levels", length: 4)
        let scale = columnUnit == "mol mol-1" ? 1e-6 : 1
        let prior = zip(pressureWeights, priors).reduce(0) { $0 + $1.0 * $1.1 }
        try add("time", times, timeUnit, to: &file)
        try add("latitude", latitudes, "degrees_north", to: &file)
        try add("longitude", longitudes, "degrees_east", to: &file)
        try add("xco2", columns.map { $0 * scale }, columnUnit, to: &file)
        try add("xco2_uncertainty", uncertainties.map { $0 * scale }, columnUnit, to: &file)
        try add("xco2_apriori", [prior, prior, prior].map { $0 * scale }, columnUnit, to: &file)
        try add("pressure_levels", pressures, pressureUnit, to: &file)
        try add("pressure_weight", pressureWeights, "none", to: &file)
        try add("xco2_averaging_kernel", kernels, "none", to: &file)
        try add("co2_profile_apriori", priors.map { $0 * scale }, columnUnit, to: &file)
        if let onX2019 { try add("xco2_x2019", onX2019, "ppm", to: &file) }
        try addCorners(to: &file)
        try addIntegers("sounding_id", ids, .int64, [], to: &file)
        try addIntegers("xco2_quality_flag", flags, .int32, [("missing_value", .integers([127]))], to: &file)
        try file.commit()
    }

    @NetCDFThread
    private func add(
        _ name: String,
        _ values: [Double],
        _ unit: String,
        to file: inout NetCDFWriter
    ) throws {
        guard name != without else { return }
        let isProfile = values.count == 4
        try file.defineVariable(
            name,
            .double,
            dimensions: isProfile ? ["sounding_id", "levels"] : ["sounding_id"],
            attributes: [("units", .text(unit)), ("missing_value", .double(-999_999))]
        )
        try file.write(isProfile ? values + values + values : values, to: name)
    }

    @NetCDFThread
    private func addCorners(to file: inout NetCDFWriter) throws {
        guard let cornerOffsets else { return }
        let sides = [(-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, 0.01)]
        let x = longitudes.flatMap { longitude in sides.map { longitude + $0.0 } }
        let y = latitudes.indices.flatMap { index in
            sides.map { latitudes[index] + cornerOffsets[index] + $0.1 }
        }
        try file.defineDimension("vertices", length: 4)
        for (name, values) in [("vertex_longitude", x), ("vertex_latitude", y)] {
            try file.defineVariable(name, .double, dimensions: ["sounding_id", "vertices"], attributes: [])
            try file.write(values, to: name)
        }
    }

    @NetCDFThread
    private func addIntegers(
        _ name: String,
        _ values: [Int64],
        _ type: NetCDFType,
        _ attributes: [(String, NetCDFAttribute)],
        to file: inout NetCDFWriter
    ) throws {
        guard name != without else { return }
        try file.defineVariable(name, type, dimensions: ["sounding_id"], attributes: attributes)
        try file.write(values, to: name)
    }
}
