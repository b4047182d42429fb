import CSV
import Foundation
import Quantities
public import Transport

/// Receptors in a table: one inlet a line, as `name,time,longitude,latitude,height[,end]`.
///
/// Columns may stand in any order. `time` and `end` are ISO 8601 with zone; between them the inlet averages. `height`
/// is m above ground.
public enum ReceptorTable {
    static let columns = ["name", "time", "longitude", "latitude", "height", "end"]
    private static let required = columns.dropLast()

    /// - Throws: ``ReceptorListError`` with the line.
    public static func read(_ path: String) throws(ReceptorListError) -> [Receptor] {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw ReceptorListError(exists ? .unreadable : .noSuchFile, file: path)
        }
        return try parse([UInt8](data), file: path)
    }

    /// - Parameter file: what errors name.
    public static func parse(_ bytes: [UInt8], file: String) throws(ReceptorListError) -> [Receptor] {
        var rows = try ReceptorRows(bytes, file: file, columns: columns, required: Array(required))
        var receptors: [Receptor] = []
        var seen: Set<Seen> = []
        while let row = try rows.next() {
            let receptor = try receptor(row)
            guard seen.insert(Seen(name: receptor.name, time: receptor.time)).inserted else {
                throw ReceptorListError(.repeatedName(receptor.name), file: file, line: row.line)
            }
            receptors.append(receptor)
        }
        guard !receptors.isEmpty else {
            throw ReceptorListError(.noReceptor("no line follows the header"), file: file)
        }
        return receptors
    }

    private struct Seen: Hashable {
        let name: String
        let time: Instant
    }

    private static func receptor(_ row: ReceptorRow) throws(ReceptorListError) -> Receptor {
        let time = try row.instant("time")
        var seconds = 0.0
        if let end = row.text("end"), !end.isEmpty {
            seconds = try row.instant("end").seconds(since: time)
            guard seconds > 0, seconds <= ReceptorLimits.longestSeconds else {
                throw row.bad("end", "after time and within \(ReceptorLimits.longestDays) days of it")
            }
        }
        guard let name = row.text("name"), !name.isEmpty else { throw row.bad("name", "a name") }
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
