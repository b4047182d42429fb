import Foundation
import Quantities
public import Transport

/// The way of a vehicle in a table: `time,longitude,latitude`, one fix a line.
public enum TrackTable {
    static let columns = ["time", "longitude", "latitude"]

    /// - Throws: ``ReceptorListError`` with the line.
    public static func read(_ path: String) throws(ReceptorListError) -> [TrackFix] {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw ReceptorListError(exists ? .unreadable : .noSuchFile, file: path)
        }
        var rows = try ReceptorRows([UInt8](data), file: path, columns: columns, required: columns)
        var fixes: [TrackFix] = []
        while let row = try rows.next() {
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
