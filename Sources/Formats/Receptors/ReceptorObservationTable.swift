public import Geo
import Inventory
public import Quantities

/// A mole fraction that was observed where and when a footprint tells what reaches the air.
public struct ReceptorObservation: Equatable, Sendable {
    /// Of the receptor: a station, a drive or a column.
    public var name: String
    /// Start of what is averaged, or a moment within it.
    public var time: Instant
    /// ppm.
    public var value: Double
    /// Standard uncertainty, ppm.
    public var sigma: Double
    /// ppm of the value that come neither from fluxes nor over the boundary, such as what the prior of a column adds.
    public var offset = 0.0
    /// Mole fraction of the air before it met the fluxes, ppm; nil where nobody says, and not used beside a boundary.
    public var background: Double?
    /// Station, vehicle or product that results are told of.
    public var group = ""
    /// Observations that share a systematic error; empty for none.
    public var bias = ""
    /// m above ground; tells inlets of one station apart.
    public var heightMetres: Double?
    public var position: Position?

    public init(name: String, time: Instant, value: Double, sigma: Double) {
        self.name = name
        self.time = time
        self.value = value
        self.sigma = sigma
    }
}

/// Observations of receptors in a table, one a line.
///
/// Needed are `name` (or `station` or `receptor`), `time` in ISO 8601 with zone, `value_ppm` and `sigma_ppm`; further
/// `background_ppm`, `offset_ppm`, `group`, `bias`, `height_m`, `longitude` and `latitude`, in any order. Each `ppm`
/// may be `ppb`. A line without a value is passed over.
public enum ReceptorObservationTable {
    private static let mole = ["value", "sigma", "background", "offset"]
    private static let names = ["name", "station", "receptor"]
    static let columns =
        names + ["time", "group", "bias", "height_m", "longitude", "latitude"]
        + mole.flatMap { [$0 + "_ppm", $0 + "_ppb"] }

    /// Observations in the order of the file, and the number of lines without a value.
    public struct Content: Equatable, Sendable {
        public var observations: [ReceptorObservation] = []
        public var withoutValue = 0
    }

    /// - Throws: ``TableError`` with the line.
    public static func read(_ path: String) throws(TableError) -> Content {
        try parse(try TableBytes.read(path), file: path)
    }

    /// - Parameter file: what errors name.
    public static func parse(_ bytes: [UInt8], file: String) throws(TableError) -> Content {
        let table = try CSVTable(bytes, file: file, columns: columns, required: ["time"], form: .remarks)
        try requireColumns(table)
        var content = Content()
        for row in table.rows {
            guard let observation = try observation(row) else {
                content.withoutValue += 1
                continue
            }
            content.observations.append(observation)
        }
        guard !content.observations.isEmpty else {
            throw TableError(file: file, reason: "no line holds a value", remedy: "give at least one")
        }
        return content
    }

    /// A column that is not there is no blank field.
    private static func requireColumns(_ table: CSVTable) throws(TableError) {
        for needed in [names, ["value_ppm", "value_ppb"], ["sigma_ppm", "sigma_ppb"]] {
            let titles = table.header.map { $0.lowercased() }
            guard !needed.contains(where: titles.contains) else { continue }
            throw TableError(
                .missingColumns(
                    [needed[0]],
                    nearest: nearest(to: needed[0], among: table.header),
                    known: Array(table.header.prefix(30))
                ),
                at: TablePlace(file: table.file, line: 1)
            )
        }
    }

    private static func observation(_ row: TableRow) throws(TableError) -> ReceptorObservation? {
        guard let name = names.lazy.compactMap(row.optionalText).first else {
            throw row.bad("name", not: "a name (column name, station or receptor)")
        }
        guard let value = try partsPerMillion("value", row) else { return nil }
        guard let sigma = try partsPerMillion("sigma", row), sigma > 0 else {
            throw row.bad("sigma_ppm", not: "a positive standard uncertainty (column sigma_ppm or sigma_ppb)")
        }
        var observation = ReceptorObservation(
            name: name,
            time: try row.instant("time"),
            value: value,
            sigma: sigma
        )
        observation.offset = try partsPerMillion("offset", row) ?? 0
        observation.background = try partsPerMillion("background", row)
        observation.group = row.text("group")
        observation.bias = row.text("bias")
        if row.optionalText("height_m") != nil {
            observation.heightMetres = try row.number(
                "height_m",
                in: ReceptorLimits.heights,
                ReceptorLimits.heightText
            )
        }
        observation.position = try position(row)
        return observation
    }

    private static func position(_ row: TableRow) throws(TableError) -> Position? {
        let given = ["longitude", "latitude"].filter { row.optionalText($0) != nil }
        guard !given.isEmpty else { return nil }
        return Position(
            longitude: try row.number("longitude", in: -180...360, "from -180 to 360 degrees"),
            latitude: try row.number("latitude", in: -90...90, "from -90 to 90 degrees")
        )
    }

    /// Nil for an empty field, or without such a column.
    private static func partsPerMillion(
        _ quantity: String,
        _ row: TableRow
    ) throws(TableError) -> Double? {
        for (unit, factor) in [("ppm", 1.0), ("ppb", 1e-3)] {
            let column = "\(quantity)_\(unit)"
            guard let text = row.optionalText(column), text.lowercased() != "nan" else { continue }
            return factor * (try row.number(column, in: -1e9...1e9, "a mole fraction in \(unit)"))
        }
        return nil
    }
}
