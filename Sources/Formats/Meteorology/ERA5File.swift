import Geo
import NetCDF
import Quantities

/// What one file of ERA5 holds: its coordinates, and how its variables lie along them.
struct ERA5File: Sendable {
    static let latitudeNames = ["latitude", "lat"]
    static let longitudeNames = ["longitude", "lon"]
    private static let timeNames = ["valid_time", "time"]
    private static let levelNames = ["pressure_level", "level", "isobaricInhPa", "plev"]
    private static let modelLevelNames = ["hybrid", "model_level", "lev", "level"]
    /// Of the old store's recent months (1 final, 5 preliminary), and of ensembles.
    private static let otherNames = ["expver", "number"]

    /// What a dimension of a variable stands for.
    enum Role: Equatable, Sendable {
        case time
        case level
        case row
        case column
        /// One of `expver`, of which one at most has a value at each time.
        case version
        /// The one member of an ensemble.
        case member
    }

    struct Layout: Equatable, Sendable {
        let name: String
        let roles: [Role]
        let shape: [Int]
        let units: String

        var isOnLevels: Bool { roles.contains(.level) }
    }

    let path: String
    let grid: LatitudeLongitudeGrid
    /// Whether rows run from north to south.
    let runsSouth: Bool
    /// Rows of the file, of which those at the poles are not in the grid, and how many lie south of it.
    let fileRows: Int
    let rowsBelow: Int
    let times: [Instant]
    /// Nil in a file of the surface alone.
    let levels: ERA5Levels?
    /// By ``ERA5Variable/key``.
    let variables: [String: Layout]

    @NetCDFThread
    init(_ path: String) throws(MeteorologyError) {
        do throws(NetCDFError) {
            let file = try NetCDFFile(reading: path)
            self.path = path
            (grid, runsSouth, fileRows, rowsBelow) = try Self.grid(file)
            times = try Self.times(file)
            levels = try ERA5Levels(file)
            variables = try Self.variables(file)
        } catch { throw .netCDF(error) }
    }

    @NetCDFThread
    private static func first(_ names: [String], _ file: borrowing NetCDFFile) throws(NetCDFError) -> String {
        for name in names where file.hasVariable(name) { return name }
        throw NetCDFError(.absent("no such variable"), path: file.path, variable: names[0])
    }

    @NetCDFThread
    private static func grid(_ file: borrowing NetCDFFile) throws(NetCDFError)
        -> (LatitudeLongitudeGrid, Bool, Int, Int)
    {
        var latitudes = try file.doubles(try first(latitudeNames, file))
        let longitudes = try file.doubles(try first(longitudeNames, file))
        let runsSouth = latitudes.count > 1 && latitudes[0] > latitudes[1]
        if runsSouth { latitudes.reverse() }
        guard let rows = UniformAxis(centres: latitudes), let columns = UniformAxis(centres: longitudes),
            let (axis, below) = rows.withinPoles,
            let grid = LatitudeLongitudeGrid(latitude: axis, longitude: columns)
        else {
            throw NetCDFError(
                .unfit(
                    "latitudes and longitudes are not equally spaced, two at least of each",
                    remedy: "fetch the data on a regular grid of longitude and latitude"
                ),
                path: file.path
            )
        }
        return (grid, runsSouth, rows.count, below)
    }

    @NetCDFThread
    private static func times(_ file: borrowing NetCDFFile) throws(NetCDFError) -> [Instant] {
        for name in timeNames where file.hasVariable(name) {
            return try file.instants(try file.doubles(name), of: name)
        }
        return []
    }

    @NetCDFThread
    private static func variables(_ file: borrowing NetCDFFile) throws(NetCDFError) -> [String: Layout] {
        var found: [String: Layout] = [:]
        let names = Set(try file.variableNames())
        for variable in ERA5Variable.all {
            for name in variable.names where names.contains(name) {
                let dimensions = try file.dimensionNames(of: name)
                let shape = try file.shape(of: name)
                guard let roles = roles(dimensions, shape), roles.contains(.level) == variable.isOnLevels
                else { continue }
                found[variable.key] = Layout(
                    name: name,
                    roles: roles,
                    shape: shape,
                    units: file.text("units", of: name) ?? ""
                )
                break
            }
        }
        return found
    }

    /// Nil for a variable with other dimensions, or with these in another order.
    private static func roles(_ dimensions: [String], _ shape: [Int]) -> [Role]? {
        var roles: [Role] = []
        for (name, length) in zip(dimensions, shape) {
            if timeNames.contains(name) {
                roles.append(.time)
            } else if latitudeNames.contains(name) {
                roles.append(.row)
            } else if longitudeNames.contains(name) {
                roles.append(.column)
            } else if levelNames.contains(name) || modelLevelNames.contains(name) {
                roles.append(.level)
            } else if name == "expver" {
                roles.append(.version)
            } else if name == "number", length == 1 {
                roles.append(.member)
            } else {
                return nil
            }
        }
        let order = roles.filter { $0 == .level || $0 == .row || $0 == .column }
        let isKnown = order == [.row, .column] || order == [.level, .row, .column]
        return isKnown && roles.count(where: { $0 == .time }) <= 1 ? roles : nil
    }
}

/// A variable that is made use of, and its names in files.
struct ERA5Variable: Sendable {
    let key: String
    let names: [String]
    let isOnLevels: Bool

    static let all: [ERA5Variable] =
        [
            ("t", ["t", "ta", "temperature"]), ("u", ["u", "ua", "u_component_of_wind"]),
            ("v", ["v", "va", "v_component_of_wind"]), ("w", ["w", "wap", "vertical_velocity"]),
            ("z", ["z", "zg", "gh", "geopotential"]), ("q", ["q", "hus", "specific_humidity"]),
            ("r", ["r", "hur", "relative_humidity"]),
        ].map { ERA5Variable(key: "levels." + $0, names: $1, isOnLevels: true) }
        + [
            ("z", ["z", "orog", "geopotential"]), ("sp", ["sp", "ps", "surface_pressure"]),
            ("lnsp", ["lnsp"]),
            ("t2m", ["t2m", "2t", "t2"]), ("u10", ["u10", "10u"]), ("v10", ["v10", "10v"]), ("blh", ["blh"]),
            ("zust", ["zust", "ust"]), ("fsr", ["fsr"]), ("sshf", ["sshf"]), ("ishf", ["ishf"]),
            ("msshf", ["msshf", "avg_ishf"]),
        ].map { ERA5Variable(key: "surface." + $0, names: $1, isOnLevels: false) }
}
