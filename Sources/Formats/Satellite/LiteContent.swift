import NetCDF
import Quantities

/// The arrays of a Lite file in our units, NaN where a number is missing. Profiles are flat,
/// `soundings x levels`.
struct LiteContent: Sendable {
    /// What the reader needs and every Lite file holds.
    static let variables = [
        "sounding_id", "time", "latitude", "longitude", "xco2", "xco2_uncertainty", "xco2_apriori",
        "xco2_quality_flag", "pressure_levels", "pressure_weight", "xco2_averaging_kernel",
        "co2_profile_apriori",
    ]

    let path: String
    let product: String
    let levels: Int
    let ids: [UInt64]
    /// Seconds since 1970.
    let times: [Double]
    let latitudes: [Double]
    let longitudes: [Double]
    let columns: [Double]
    let uncertainties: [Double]
    let priorColumns: [Double]
    /// 0 good, 1 bad; nil where the producer set none.
    let flags: [Int64?]
    /// hPa
    let pressures: [Double]
    let pressureWeights: [Double]
    let averagingKernels: [Double]
    let priorProfiles: [Double]

    /// - Parameter column: name of the variable of the bias-corrected column.
    @NetCDFThread
    static func read(_ path: String, column: String) throws -> LiteContent {
        let file = try NetCDFFile(reading: path)
        let found = try file.variableNames()
        let missing = variables.filter { !found.contains($0) }
        guard missing.isEmpty else {
            throw SatelliteError.unknownProduct(
                path: path,
                lookedFor: "an OCO-2, OCO-3 or ACOS Lite file",
                missing: missing,
                found: found
            )
        }
        return try LiteContent(file, column: column)
    }

    @NetCDFThread
    private init(_ file: borrowing NetCDFFile, column: String) throws {
        path = file.path
        let shape = try file.shape(of: "pressure_levels")
        guard shape.count == 2, shape[1] > 1, shape[1] <= 1000 else {
            let reason = "shape is \(shape), expected soundings x levels"
            throw SatelliteError.unexpected(path: file.path, variable: "pressure_levels", reason: reason)
        }
        let scalar = [shape[0]]
        levels = shape[1]
        product = Self.product(file)
        guard try file.shape(of: "sounding_id") == scalar, try file.shape(of: "xco2_quality_flag") == scalar
        else {
            let reason = "not one value for each of the \(shape[0]) soundings"
            throw SatelliteError.unexpected(path: file.path, variable: "sounding_id", reason: reason)
        }
        ids = try file.unsignedIntegers("sounding_id")
        flags = try Self.flags(file)
        times = try Self.secondsSince1970(file, scalar)
        latitudes = try file.doubles("latitude", shape: scalar)
        longitudes = try file.doubles("longitude", shape: scalar)
        columns = try Self.moleFractions(file, column, scalar)
        uncertainties = try Self.moleFractions(file, "xco2_uncertainty", scalar)
        priorColumns = try Self.moleFractions(file, "xco2_apriori", scalar)
        priorProfiles = try Self.moleFractions(file, "co2_profile_apriori", shape)
        pressures = try Self.hectopascals(file, "pressure_levels", shape)
        pressureWeights = try file.doubles("pressure_weight", shape: shape)
        averagingKernels = try file.doubles("xco2_averaging_kernel", shape: shape)
    }

    /// `GOSAT ACOS L2 Lite Output B9.2.00`, from the attributes that are there.
    @NetCDFThread
    private static func product(_ file: borrowing NetCDFFile) -> String {
        let platform = file.text("Platform") ?? file.text("platform")
        let build = file.text("BuildId") ?? file.text("build_id")
        let parts = [platform, file.text("title"), build].compactMap { $0 }.filter { !$0.isEmpty }
        return parts.isEmpty ? "Lite product without title" : parts.joined(separator: " ")
    }

    @NetCDFThread
    private static func flags(_ file: borrowing NetCDFFile) throws -> [Int64?] {
        let missing = file.number("missing_value", of: "xco2_quality_flag").flatMap { Int64(exactly: $0) }
        return try file.integers("xco2_quality_flag").map { $0 == missing ? nil : $0 }
    }

    @NetCDFThread
    private static func moleFractions(
        _ file: borrowing NetCDFFile,
        _ name: String,
        _ shape: [Int]
    ) throws -> [Double] {
        guard let spelling = file.text("units", of: name), let unit = MoleFractionUnit(spelling: spelling)
        else {
            let reason = "unit `\(file.text("units", of: name) ?? "")` is not one of a mole fraction"
            throw SatelliteError.unexpected(path: file.path, variable: name, reason: reason)
        }
        let values = try file.doubles(name, shape: shape)
        return unit == .partsPerMillion ? values : values.map(unit.partsPerMillion)
    }

    @NetCDFThread
    private static func hectopascals(
        _ file: borrowing NetCDFFile,
        _ name: String,
        _ shape: [Int]
    ) throws -> [Double] {
        let values = try file.doubles(name, shape: shape)
        switch file.text("units", of: name) {
        case "hPa", "mbar": return values
        case "Pa": return values.map { $0 / 100 }
        case let unit:
            let reason = "unit `\(unit ?? "")` is neither hPa nor Pa"
            throw SatelliteError.unexpected(path: file.path, variable: name, reason: reason)
        }
    }

    @NetCDFThread
    private static func secondsSince1970(_ file: borrowing NetCDFFile, _ shape: [Int]) throws -> [Double] {
        let unit = file.text("units", of: "time") ?? ""
        guard unit.hasPrefix("seconds since 1970-01-01") else {
            let reason = "unit `\(unit)` is not seconds since 1970-01-01"
            throw SatelliteError.unexpected(path: file.path, variable: "time", reason: reason)
        }
        return try file.doubles("time", shape: shape)
    }
}
