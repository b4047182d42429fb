import Quantities
public import Transport

/// Receptors in a table: one inlet a line, as `name,time,longitude,latitude,height[,end]`.
///
/// Columns may stand in any order. `time` and `end` are ISO 8601 with zone; between them the inlet averages. `height`
/// is m above ground.
public enum ReceptorTable {
    static let columns = ["name", "time", "longitude", "latitude", "height", "end"]
    private static let required = columns.dropLast()

    /// - Throws: ``TableError`` with the line.
    public static func read(_ path: String) throws(TableError) -> [Receptor] {
        try parse(try TableBytes.read(path), file: path)
    }

    /// - Parameter file: what errors name.
    public static func parse(_ bytes: [UInt8], file: String) throws(TableError) -> [Receptor] {
        let table = try CSVTable(
            bytes,
            file: file,
            columns: columns,
            required: Array(required),
            form: .remarks
        )
        var receptors: [Receptor] = []
        var seen: Set<Seen> = []
        for row in table.rows {
            let receptor = try receptor(row)
            guard seen.insert(Seen(name: receptor.name, time: receptor.time)).inserted else {
                throw row.bad(
                    "name",
                    "a second receptor `\(receptor.name)` of the same time",
                    remedy: "give each a name of its own"
                )
            }
            receptors.append(receptor)
        }
        guard !receptors.isEmpty else {
            throw TableError(
                file: file,
                reason: "no receptor: no line follows the header",
                remedy: "give at least one"
            )
        }
        return receptors
    }

    private struct Seen: Hashable {
        let name: String
        let time: Instant
    }

    private static func receptor(_ row: TableRow) throws(TableError) -> Receptor {
        let time = try row.instant("time")
        var seconds = 0.0
        if row.optionalText("end") != nil {
            seconds = try row.instant("end").seconds(since: time)
            guard seconds > 0, seconds <= ReceptorLimits.longestSeconds else {
                throw row.bad("end", not: "after time and within \(ReceptorLimits.longestDays) days of it")
            }
        }
        guard let name = row.optionalText("name") else { throw row.bad("name", not: "a name") }
        return .inlet(
            name: name,
            time: time,
            longitude: try row.number("longitude", in: -180...360, "from -180 to 360 degrees"),
            latitude: try row.number("latitude", in: -90...90, "from -90 to 90 degrees"),
            heightMetres: try row.number("height", in: ReceptorLimits.heights, ReceptorLimits.heightText),
            averagingSeconds: seconds
        )
    }
}

/// What a receptor may be.
enum ReceptorLimits {
    static let heights = 0.0...20_000
    static let heightText = "from 0 to 20000 m above ground"
    static let longestDays = 31
    static let longestSeconds = Double(longestDays) * 86_400
}
