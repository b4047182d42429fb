public import Geo
import Inventory
public import Quantities
public import Tracing

/// The tables that a search for sources reads: readings, the places of sensors and of possible sources, and wind.
/// Columns that are not named here are passed over.
public enum TraceTables {
    /// Where a sensor stands.
    public struct SensorPlace: Equatable, Sendable {
        public let position: Position
        /// m above ground.
        public let heightMetres: Double
    }

    /// Readings, and how many rows were passed over because their value is blank.
    public struct Readings: Sendable {
        public let readings: [SensorReading]
        public let blank: Int
    }

    /// How a table of wind counts angles.
    public enum WindAngle: String, CaseIterable, Sendable {
        /// Whence it blows, clockwise from north, as meteorologists do.
        case from
        /// Whither it blows, clockwise from north.
        case to
        /// Whither it blows, counter-clockwise from east, as mathematicians do.
        case math
    }

    private static let heights = (-10.0)...2000.0
    private static let places = [
        "lon": ["longitude"], "lat": ["latitude"], "height_m": ["height", "height_metres"],
    ]

    /// - Throws: ``TableError``.
    public static func sensors(_ file: String) throws(TableError) -> [String: SensorPlace] {
        let table = try table(file, ["sensor", "lon", "lat", "height_m"], ["sensor": ["name"]])
        var sensors: [String: SensorPlace] = [:]
        for row in table.rows {
            let name = row.text("sensor")
            let place = SensorPlace(position: try position(row), heightMetres: try height(row))
            guard sensors.updateValue(place, forKey: name) == nil else {
                throw row.bad(
                    "sensor",
                    "sensor `\(name)` stands twice",
                    remedy: "keep one row of each sensor"
                )
            }
        }
        return sensors
    }

    /// - Throws: ``TableError``.
    public static func sources(_ file: String) throws(TableError) -> [CandidateSource] {
        let table = try table(
            file,
            ["source", "lon", "lat", "height_m"],
            ["source": ["name"]],
            optional: ["size_m"]
        )
        var names: Set<String> = []
        var sources: [CandidateSource] = []
        for row in table.rows {
            let name = row.text("source")
            guard names.insert(name).inserted else {
                throw row.bad(
                    "source",
                    "source `\(name)` stands twice",
                    remedy: "keep one row of each source"
                )
            }
            let size = try row.optionalText("size_m").map { _ throws(TableError) in
                try row.number("size_m", in: 0...1000, "a number of metres from 0 to 1000")
            }
            sources.append(
                CandidateSource(
                    name: name,
                    position: try position(row),
                    heightMetres: try height(row),
                    sizeMetres: size
                )
            )
        }
        guard !sources.isEmpty else { throw noRows(file, "sources") }
        return sources
    }

    /// - Parameters:
    ///   - sensors: places of those whose rows give none.
    ///   - period: of the readings wanted; nil for all.
    /// - Throws: ``TableError``.
    public static func readings(
        _ file: String,
        gas: Gas,
        sensors: [String: SensorPlace],
        period: Period? = nil
    ) throws(TableError) -> Readings {
        let value = "\(gas.rawValue)_ppm"
        let table = try table(
            file,
            ["time", "sensor", value],
            [value: ["value_ppm"]],
            optional: ["uncertainty_ppm", "lon", "lat", "height_m"]
        )
        var (readings, blank) = ([SensorReading](), 0)
        readings.reserveCapacity(table.rows.count)
        for row in table.rows {
            let time = try row.instant("time")
            if let period, !period.contains(time) { continue }
            guard let text = row.optionalText(value), text.lowercased() != "nan" else {
                blank += 1
                continue
            }
            let sensor = row.text("sensor")
            let place = try place(row, sensors[sensor], sensor)
            let uncertainty = try row.optionalText("uncertainty_ppm").map { _ throws(TableError) in
                try row.number("uncertainty_ppm", in: 0...1e6, "a number of ppm that is not negative")
            }
            readings.append(
                SensorReading(
                    sensor: sensor,
                    time: time,
                    position: place.position,
                    heightMetres: place.heightMetres,
                    moleFraction: try row.number(value, in: -1e6...1e6, "a number of ppm"),
                    uncertainty: uncertainty ?? 0
                )
            )
        }
        return Readings(readings: readings, blank: blank)
    }

    /// From speed and angle, or from components. Rows with a blank are passed over.
    ///
    /// - Throws: ``TableError``.
    public static func wind(_ file: String, angle: WindAngle) throws(TableError) -> [WindRecord.Step] {
        let polar = ["wind_speed_m_s", "wind_from_deg"]
        let components = ["wind_east_m_s", "wind_north_m_s"]
        let table = try table(file, ["time"], [:], optional: polar + components)
        let title = Set(table.header.map { $0.lowercased() })
        let columns = components.allSatisfy(title.contains) ? components : polar
        if let missing = columns.first(where: { !title.contains($0) }) {
            let place = TablePlace(file: file, line: 1)
            throw TableError(.missingColumns([missing], nearest: nil, known: polar + components), at: place)
        }
        var steps: [WindRecord.Step] = []
        steps.reserveCapacity(table.rows.count)
        for row in table.rows where columns.allSatisfy({ row.optionalText($0) != nil }) {
            let time = try row.instant("time")
            if columns == components {
                let east = try row.number(columns[0], in: -150...150, "m/s from -150 to 150")
                let north = try row.number(columns[1], in: -150...150, "m/s from -150 to 150")
                steps.append(WindRecord.Step(time: time, velocity: SIMD2(east, north)))
            } else {
                let speed = try row.number(columns[0], in: 0...150, "m/s from 0 to 150")
                let given = try row.number(columns[1], in: -360...720, "degrees from -360 to 720")
                let from =
                    switch angle {
                    case .from: given
                    case .to: given + 180
                    case .math: 270 - given
                    }
                steps.append(WindRecord.Step(time: time, windSpeed: speed, windFromDegrees: from))
            }
        }
        return steps
    }

    private static func table(
        _ file: String,
        _ required: [String],
        _ spellings: [String: [String]],
        optional: [String] = []
    ) throws(TableError) -> CSVTable {
        try CSVTable(
            try TableBytes.read(file),
            file: file,
            columns: required + optional,
            spellings: spellings.merging(places) { own, _ in own },
            required: required,
            form: [.otherColumns, .remarks]
        )
    }

    private static func position(_ row: TableRow) throws(TableError) -> Position {
        let longitude = try row.number("lon", in: -180...360, "degrees from -180 to 360")
        let latitude = try row.number("lat", in: -90...90, "degrees from -90 to 90")
        guard let position = Position(longitude: longitude, latitude: latitude) else {
            throw row.bad("lon", not: "a place")
        }
        return position
    }

    private static func height(_ row: TableRow) throws(TableError) -> Double {
        max(0, try row.number("height_m", in: heights, "m above ground"))
    }

    private static func place(_ row: TableRow, _ fixed: SensorPlace?, _ sensor: String) throws(TableError)
        -> SensorPlace
    {
        let moves = row.optionalText("lon") != nil && row.optionalText("lat") != nil
        if !moves, let fixed { return fixed }
        guard moves else {
            throw row.bad(
                "sensor",
                "no place of sensor `\(sensor)`",
                remedy: "add it to the table of sensors"
            )
        }
        let own = row.optionalText("height_m") != nil
        let height = own || fixed == nil ? try height(row) : fixed?.heightMetres ?? 0
        return SensorPlace(position: try position(row), heightMetres: height)
    }

    private static func noRows(_ file: String, _ what: String) -> TableError {
        TableError(file: file, reason: "the table holds no \(what)", remedy: "give a row for each")
    }
}
