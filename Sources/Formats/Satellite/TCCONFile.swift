import NetCDF
public import Quantities

/// Columns of one TCCON site (GGG2020 public files), to compare soundings with (Laughner et al. 2024, ESSD 16, 2197).
///
/// Profiles are flat, `spectra x levels`, level 0 at the top of the atmosphere. Priors are wet mole fractions, as the
/// integration operator expects: Σ operator prior = the prior column.
public struct TCCONFile: Sendable {
    public let path: String
    /// `Harwell, UK`
    public let site: String
    public let gas: Gas
    public let scale: CalibrationScale
    public let levels: Int
    public internal(set) var times: [Instant] = []
    public internal(set) var longitudes: [Double] = []
    public internal(set) var latitudes: [Double] = []
    /// ppm
    public internal(set) var columns: [Double] = []
    /// Standard uncertainty, ppm.
    public internal(set) var uncertainties: [Double] = []
    /// ppm; NaN where the file has none.
    public internal(set) var priorColumns: [Double] = []
    public internal(set) var kernels: [Double] = []
    /// hPa, of the levels of the kernels, the same for all spectra.
    public let kernelPressures: [Double]
    /// ppm, wet.
    public internal(set) var priors: [Double] = []
    /// hPa
    public internal(set) var priorPressures: [Double] = []
    public internal(set) var integrationOperators: [Double] = []
    /// Prior mole fraction of water vapour, wet, 1; empty where the file has none.
    public internal(set) var waterPriors: [Double] = []
    /// Spectra without time, column or positive uncertainty.
    public internal(set) var rejected = 0

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - gas: carbon dioxide or methane.
    ///   - scale: of carbon dioxide, X2007 for `xco2`, X2019 for `xco2_x2019`: the two are not related by the line
    ///     between the scales alone, so that neither is converted. Methane is on X2004A (Laughner et al. 2024).
    /// - Throws: `NetCDFError` for damaged files, ``SatelliteError`` for others and for columns of other gases and on
    ///   other scales.
    public static func read(
        _ path: String,
        gas: Gas = .co2,
        scale: CalibrationScale = .co2X2007
    ) async throws -> TCCONFile {
        try await readOnThread(path, gas, gas == .ch4 ? .ch4X2004A : scale)
    }

    @NetCDFThread
    private static func readOnThread(
        _ path: String,
        _ gas: Gas,
        _ scale: CalibrationScale
    ) throws -> TCCONFile {
        guard gas == .co2 || gas == .ch4 else {
            throw SatelliteError.refused(
                path: path,
                variable: "",
                reason: "columns of \(gas.rawValue) are not compared with the ground",
                remedy: "give TCCON files with soundings of co2 or ch4"
            )
        }
        guard gas == .ch4 || scale == .co2X2007 || scale == .co2X2019 else {
            throw SatelliteError.otherScale(path: path, product: .co2X2007, wanted: scale)
        }
        let file = try NetCDFFile(reading: path)
        let names = TCCONNames(gas: gas, suffix: scale == .co2X2019 ? "_x2019" : "")
        let found = try file.variableNames()
        let missing = names.all.filter { !found.contains($0) }
        guard missing.isEmpty else {
            throw SatelliteError.incomplete(
                path: path,
                product: "TCCON public",
                missing: missing,
                found: found
            )
        }
        return try TCCONFile(file, names, gas, scale)
    }

    @NetCDFThread
    private init(
        _ file: borrowing NetCDFFile,
        _ names: TCCONNames,
        _ gas: Gas,
        _ scale: CalibrationScale
    ) throws {
        path = file.path
        site = file.text("short_location") ?? file.text("long_name") ?? ""
        self.gas = gas
        self.scale = scale
        let shape = try file.shape(of: names.prior)
        guard shape.count == 2, (2...1000).contains(shape[1]) else {
            throw SatelliteError.unexpected(path: path, variable: names.prior, reason: "shape is \(shape)")
        }
        levels = shape[1]
        let times = try file.doubles("time", shape: [shape[0]])
        let coordinate = TimeCoordinate(units: file.text("units", of: "time") ?? "", calendar: nil)
        let profiles = try TCCONProfiles(file, names, shape)
        kernelPressures = profiles.kernelPressures
        let columns = try Self.moleFractions(names.column, [shape[0]], file)
        let uncertainties = try Self.moleFractions(names.error, [shape[0]], file)
        let longitudes = try file.doubles("long", shape: [shape[0]])
        let latitudes = try file.doubles("lat", shape: [shape[0]])
        for spectrum in 0..<shape[0] {
            guard let time = coordinate?.instant(times[spectrum]), columns[spectrum].isFinite,
                uncertainties[spectrum] > 0, profiles.isComplete(spectrum)
            else {
                rejected += 1
                continue
            }
            self.times.append(time)
            self.columns.append(columns[spectrum])
            self.uncertainties.append(uncertainties[spectrum])
            self.longitudes.append(longitudes[spectrum])
            self.latitudes.append(latitudes[spectrum])
            priorColumns.append(profiles.priorColumns[spectrum])
            kernels += profiles.downwards(profiles.kernels, spectrum)
            priors += profiles.downwards(profiles.priors, spectrum)
            priorPressures += profiles.downwards(profiles.priorPressures, spectrum)
            integrationOperators += profiles.downwards(profiles.operators, spectrum)
            if !profiles.water.isEmpty { waterPriors += profiles.downwards(profiles.water, spectrum) }
        }
    }

    /// ppm: columns and priors of a gas may stand in different units.
    @NetCDFThread
    fileprivate static func moleFractions(
        _ name: String,
        _ shape: [Int],
        _ file: borrowing NetCDFFile
    ) throws -> [Double] {
        guard let unit = MoleFractionUnit(spelling: file.text("units", of: name) ?? "") else {
            throw SatelliteError.unexpected(
                path: file.path,
                variable: name,
                reason: "unit is not of a mole fraction"
            )
        }
        return try file.doubles(name, shape: shape).map(unit.partsPerMillion)
    }
}

/// Names of the variables on one scale.
private struct TCCONNames {
    let gas: Gas
    let suffix: String
    var column: String { "x\(gas.rawValue)\(suffix)" }
    var error: String { "x\(gas.rawValue)_error\(suffix)" }
    var kernel: String { "ak_x\(gas.rawValue)" }
    var prior: String { "prior_\(gas.rawValue)" }
    var integration: String { "integration_operator\(suffix)" }
    var priorColumn: String { "prior_x\(gas.rawValue)\(suffix)" }
    var all: [String] {
        ["time", "lat", "long", column, error, kernel, "ak_pressure", prior, "prior_pressure", integration]
    }
}

/// Profiles as stored, from the ground upwards.
private struct TCCONProfiles {
    let levels: Int
    let kernels: [Double]
    let kernelPressures: [Double]
    let priors: [Double]
    let priorPressures: [Double]
    let operators: [Double]
    let water: [Double]
    let priorColumns: [Double]

    @NetCDFThread
    init(_ file: borrowing NetCDFFile, _ names: TCCONNames, _ shape: [Int]) throws {
        levels = shape[1]
        kernels = try file.doubles(names.kernel, shape: shape)
        kernelPressures = try file.doubles("ak_pressure", shape: [shape[1]]).reversed()
        priors = try TCCONFile.moleFractions(names.prior, shape, file)
        let factor = file.text("units", of: "prior_pressure") == "atm" ? 1013.25 : 1
        priorPressures = try file.doubles("prior_pressure", shape: shape).map { $0 * factor }
        operators = try file.doubles(names.integration, shape: shape)
        water = file.hasVariable("prior_h2o") ? try file.doubles("prior_h2o", shape: shape) : []
        priorColumns =
            file.hasVariable(names.priorColumn)
            ? try TCCONFile.moleFractions(names.priorColumn, [shape[0]], file)
            : [Double](repeating: .nan, count: shape[0])
    }

    func downwards(_ values: [Double], _ spectrum: Int) -> [Double] {
        values[(spectrum * levels)..<((spectrum + 1) * levels)].reversed()
    }

    func isComplete(_ spectrum: Int) -> Bool {
        let profile = (spectrum * levels)..<((spectrum + 1) * levels)
        return [kernels, priors, priorPressures, operators].allSatisfy { $0[profile].allSatisfy(\.isFinite) }
    }
}
