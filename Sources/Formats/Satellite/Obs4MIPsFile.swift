import NetCDF
public import Quantities

/// A Level 3 file of the Obs4MIPs layout (C3S and GHG-CCI merged products): means of cells with their numbers of
/// soundings and standard errors, `time x latitude x longitude`.
public struct Obs4MIPsFile: Sendable {
    /// A cell with a mean.
    public struct Cell: Equatable, Sendable {
        public let time: Instant
        public let longitude: Double
        public let latitude: Double
        /// ppm
        public let mean: Double
        /// NaN where the file does not tell.
        public let soundings: Double
        /// Of the mean, ppm; NaN where the file does not tell.
        public let standardError: Double
        /// Of the soundings, ppm; NaN where the file does not tell.
        public let standardDeviation: Double
    }

    public let path: String
    public let gas: Gas
    public let times: [Instant]
    public let latitudes: [Double]
    public let longitudes: [Double]
    /// ppm, NaN where no sounding was
    public let means: [Double]
    public let soundings: [Double]
    public let standardErrors: [Double]
    public let standardDeviations: [Double]

    /// Reads a file.
    ///
    /// - Throws: `NetCDFError` for damaged files, ``SatelliteError`` for others.
    public static func read(_ path: String) async throws -> Obs4MIPsFile { try await readOnThread(path) }

    @NetCDFThread
    private static func readOnThread(_ path: String) throws -> Obs4MIPsFile {
        try Obs4MIPsFile(try NetCDFFile(reading: path))
    }

    @NetCDFThread
    private init(_ file: consuming NetCDFFile) throws {
        let inventory = try FileInventory(file)
        path = file.path
        guard let gas = [Gas.co2, .ch4].first(where: { inventory["x\($0.rawValue)"] != nil }),
            inventory["lat"] != nil, inventory["lon"] != nil, inventory["time"] != nil
        else {
            throw SatelliteError.unknownProduct(
                path: file.path,
                lookedFor: ["Obs4MIPs Level 3: xco2 or xch4 on time, lat, lon"],
                found: inventory.paths
            )
        }
        self.gas = gas
        latitudes = try file.doubles("lat")
        longitudes = try file.doubles("lon")
        times = try file.instants(try file.doubles("time"), of: "time")
        let shape = [times.count, latitudes.count, longitudes.count]
        let name = "x\(gas.rawValue)"
        means = try Self.moleFractions(name, shape, file, inventory) ?? []
        standardErrors =
            try Self.moleFractions("\(name)_stderr", shape, file, inventory) ?? Self.unknown(means)
        standardDeviations =
            try Self.moleFractions("\(name)_stddev", shape, file, inventory) ?? Self.unknown(means)
        soundings =
            inventory["\(name)_nobs"] == nil
            ? Self.unknown(means) : try file.doubles("\(name)_nobs", shape: shape).map(Self.present)
    }

    private static func unknown(_ values: [Double]) -> [Double] { values.map { _ in .nan } }

    /// The layout prescribes 1e20 for missing values, declared or not.
    private static func present(_ value: Double) -> Double { abs(value) < 1e19 ? value : .nan }

    @NetCDFThread
    private static func moleFractions(
        _ name: String,
        _ shape: [Int],
        _ file: borrowing NetCDFFile,
        _ inventory: FileInventory
    ) throws -> [Double]? {
        guard let variable = inventory[name] else { return nil }
        guard let unit = VariableResolver.moleFraction(variable.units ?? "1") else {
            let reason = "unit `\(variable.units ?? "")` is not one of a mole fraction"
            throw SatelliteError.unexpected(path: file.path, variable: name, reason: reason)
        }
        return try file.doubles(name, shape: shape).map { unit.partsPerMillion(present($0)) }
    }

    /// The cells with a mean, in storage order.
    public var cells: [Cell] {
        var cells: [Cell] = []
        let perTime = latitudes.count * longitudes.count
        for index in means.indices where means[index].isFinite {
            cells.append(
                Cell(
                    time: times[index / perTime],
                    longitude: longitudes[index % longitudes.count],
                    latitude: latitudes[index % perTime / longitudes.count],
                    mean: means[index],
                    soundings: soundings[index],
                    standardError: standardErrors[index],
                    standardDeviation: standardDeviations[index]
                )
            )
        }
        return cells
    }
}
