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

    private static let places = [
        "lon": ["longitude"], "lat": ["latitude"], "height_m": ["height", "height_metres"],
    ]

    /// - Throws: ``TableError``.
    public static func sensors(_ file: String) throws(TableError) -> [String: SensorPlace] {
        let table = try table(
            try TableBytes.read(file),
            file,
            ["sensor", "lon", "lat", "height_m"],
            ["sensor": ["name"]]
        )
        var sensors: [String: SensorPlace] = [:]
        for row in table.rows {
            let name = try name(row, "sensor")
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
            try TableBytes.read(file),
            file,
            ["source", "lon", "lat", "height_m"],
            ["source": ["name"]],
            optional: ["size_m"]
        )
        var names: Set<String> = []
        var sources: [CandidateSource] = []
        for row in table.rows {
            let name = try name(row, "source")
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
        let table = try readingTable(file, value)
        var (readings, blank) = ([SensorReading](), 0)
        readings.reserveCapacity(table.rows.count)
        for row in table.rows {
            let time = try row.instant("time")
            if let period, !period.contains(time) { continue }
            guard row.isFilled(value) else {
                blank += 1
                continue
            }
            readings.append(try reading(row, value, time, sensors))
        }
        guard !readings.isEmpty else {
            throw TableError(
                file: file,
                reason: "no reading can be used",
                remedy: table.rows.isEmpty
                    ? "the table holds no rows"
                    : blank > 0 ? "all \(blank) values are blank" : "no row lies in the time asked for"
            )
        }
        return Readings(readings: readings, blank: blank)
    }

    private static func readingTable(_ file: String, _ value: String) throws(TableError) -> CSVTable {
        let bytes = try TableBytes.read(file)
        do throws(TableError) {
            return try table(
                bytes,
                file,
                ["time", "sensor", value],
                [value: ["value_ppm"]],
                optional: ["uncertainty_ppm", "lon", "lat", "height_m"]
            )
        } catch {
            // The nearest name may be one of another unit or gas.
            guard case .missingColumns(let names, _, _) = error.kind, names == [value] else { throw error }
            throw TableError(
                .unusable(error.what, remedy: "give ppm, dry air, in `\(value)` or `value_ppm`"),
                at: error.at
            )
        }
    }

    private static func reading(
        _ row: TableRow,
        _ value: String,
        _ time: Instant,
        _ sensors: [String: SensorPlace]
    ) throws(TableError) -> SensorReading {
        let sensor = try name(row, "sensor")
        let place = try place(row, sensors[sensor], sensor)
        let uncertainty =
            row.isFilled("uncertainty_ppm")
            ? try row.number("uncertainty_ppm", in: 0...1e6, "a number of ppm from 0 to 1000000") : 0
        return SensorReading(
            sensor: sensor,
            time: time,
            position: place.position,
            heightMetres: place.heightMetres,
            moleFraction: try row.number(value, in: -1e6...1e6, "a number of ppm"),
            uncertainty: uncertainty
        )
    }

    static func table(
        _ bytes: [UInt8],
        _ file: String,
        _ required: [String],
        _ spellings: [String: [String]] = [:],
        optional: [String] = []
    ) throws(TableError) -> CSVTable {
        try CSVTable(
            bytes,
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
        try row.number("height_m", in: 0...2000, "m above ground, from 0 to 2000")
    }

    private static func name(_ row: TableRow, _ column: String) throws(TableError) -> String {
        guard let name = row.optionalText(column) else { throw row.bad(column, not: "a name") }
        return name
    }

    private static func place(_ row: TableRow, _ fixed: SensorPlace?, _ sensor: String) throws(TableError)
        -> SensorPlace
    {
        let moves = row.optionalText("lon") != nil || row.optionalText("lat") != nil
        if !moves, let fixed { return fixed }
        guard moves else {
            throw row.bad(
                "sensor",
                "no place of sensor `\(sensor)`",
                remedy: "add it to the table of sensors, or give `lon,lat,height_m` in its rows"
            )
        }
        let own = row.optionalText("height_m") != nil
        let height = own || fixed == nil ? try height(row) : fixed?.heightMetres ?? 0
        return SensorPlace(position: try position(row), heightMetres: height)
    }

    static func noRows(_ file: String, _ what: String) -> TableError {
        TableError(file: file, reason: "the table holds no \(what)", remedy: "give a row for each")
    }
}

extension TableRow {
    /// Whether there is a value, which programs also write as NaN where there is none.
    func isFilled(_ column: String) -> Bool {
        optionalText(column).map { $0.lowercased() != "nan" } ?? false
    }
}
