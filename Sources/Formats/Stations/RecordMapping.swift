public import Quantities

/// How a recorded file becomes messages: which column or variable is what.
public struct RecordMapping: Equatable, Sendable {
    public enum Format: String, Codable, Sendable {
        case csv
        case netCDF = "netcdf"
    }

    /// Where the station of a row is named.
    public enum StationSource: Equatable, Sendable {
        /// All rows belong to one station.
        case constant(String)
        /// A column (CSV) with the identifier of the station.
        case column(String)
        /// A variable (netCDF) with an index into another that lists the identifiers.
        case index(variable: String, names: String)
    }

    /// The column of a gas and that of its standard uncertainty, in the unit of the instrument unless the
    /// file itself states another.
    public struct ValueSource: Equatable, Sendable {
        public let gas: Gas
        public let column: String
        public let uncertainty: String?
    }

    /// Columns of a moving platform.
    public struct PositionSource: Equatable, Sendable {
        public let longitude: String
        public let latitude: String
        public let altitude: String?
        public let accuracy: String?
        public let satellites: String?
        public let speed: String?
    }

    /// A quantity that an instrument reports of itself, its name in the message and its column.
    public struct StateSource: Equatable, Sendable {
        public let name: String
        public let column: String
    }

    public let format: Format
    /// ISO 8601 with zone (CSV), or numbers with CF time units (netCDF).
    public let time: String
    public let station: StationSource
    public let values: [ValueSource]
    public let position: PositionSource?
    public let state: [StateSource]
}

extension RecordMapping {
    static let keys = [
        "format", "time", "station", "station_column", "station_index", "station_names", "values",
        "position", "state",
    ]

    init(_ object: ConfigurationObject, stations: [String]) throws(ConfigurationError) {
        guard let format = Format(rawValue: try object.text("format")) else {
            throw object.error("format", "neither `csv` nor `netcdf`")
        }
        self.format = format
        time = try object.text("time")
        station = try Self.stationSource(object, stations: stations)
        var values: [ValueSource] = []
        for value in try object.objects("values", known: ["gas", "column", "uncertainty"]) {
            values.append(
                ValueSource(
                    gas: try readGas(value),
                    column: try value.text("column"),
                    uncertainty: try optionalText("uncertainty", of: value)
                )
            )
        }
        self.values = values
        position = object.has("position") ? try Self.positionSource(object) : nil
        var state: [StateSource] = []
        if object.has("state") {
            for quantity in try object.objects("state", known: ["name", "column"]) {
                state.append(
                    StateSource(name: try quantity.text("name"), column: try quantity.text("column"))
                )
            }
        }
        self.state = state
    }

    private static func stationSource(
        _ object: ConfigurationObject,
        stations: [String]
    ) throws(ConfigurationError) -> StationSource {
        if object.has("station_column") { return .column(try object.text("station_column")) }
        if object.has("station_index") {
            return .index(
                variable: try object.text("station_index"),
                names: try object.text("station_names")
            )
        }
        let name = try object.text("station")
        guard stations.contains(name) else {
            let advice = nearest(to: name, among: stations).map { ", did you mean `\($0)`?" } ?? ""
            throw object.error("station", "no station `\(name)`\(advice)")
        }
        return .constant(name)
    }

    private static func positionSource(
        _ record: ConfigurationObject
    ) throws(ConfigurationError) -> PositionSource {
        let object = try record.object(
            "position",
            known: ["longitude", "latitude", "altitude", "accuracy", "satellites", "speed"]
        )
        return PositionSource(
            longitude: try object.text("longitude"),
            latitude: try object.text("latitude"),
            altitude: try optionalText("altitude", of: object),
            accuracy: try optionalText("accuracy", of: object),
            satellites: try optionalText("satellites", of: object),
            speed: try optionalText("speed", of: object)
        )
    }
}

private func optionalText(
    _ key: String,
    of object: ConfigurationObject
) throws(ConfigurationError) -> String? {
    object.has(key) ? try object.text(key) : nil
}
