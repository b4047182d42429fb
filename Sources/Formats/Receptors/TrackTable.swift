import Quantities
public import Transport

/// The way of a vehicle in a table: `time,longitude,latitude`, one fix a line.
public enum TrackTable {
    static let columns = ["time", "longitude", "latitude"]

    /// - Throws: ``TableError`` with the line.
    public static func read(_ path: String) throws(TableError) -> [TrackFix] {
        let table = try CSVTable(
            try TableBytes.read(path),
            file: path,
            columns: columns,
            required: columns,
            form: .remarks
        )
        var fixes: [TrackFix] = []
        for row in table.rows {
            fixes.append(
                TrackFix(
                    time: try row.instant("time"),
                    longitude: try row.number("longitude", in: -180...360, "from -180 to 360 degrees"),
                    latitude: try row.number("latitude", in: -90...90, "from -90 to 90 degrees")
                )
            )
        }
        return fixes
    }
}
