import Foundation
public import Inventory
import Quantities

/// Tables of temporal and vertical profiles: those of the CoCO2 point sources, of TNO and of Copernicus (GNFR sectors),
/// and country tables of time zones.
public enum ProfileFile {
    /// Reads month, weekday, hour or hour-of-week profiles, told apart by the number of their columns of weights.
    ///
    /// The first column that names a row (`ID_...`, `GNFR`, `Category`) is its id; `tot` is passed over.
    /// - Throws: ``TableError``, ``ProfileError`` for weights that make no profile.
    public static func temporal(_ path: String) throws -> [TemporalProfile] {
        let table = try CSVTable(inventory: path)
        let (id, columns) = try weights(table)
        guard let kind = TemporalProfile.Kind.allCases.first(where: { $0.count == columns.count }) else {
            throw TableError(
                file: path,
                line: 1,
                reason: "\(columns.count) columns of weights are those of no cycle (12, 7, 24, 168 or 2016)"
            )
        }
        return try table.rows.map { row in
            let weights = try columns.map { try table.number(row, $0) }
            return try TemporalProfile(id: row.fields[id], kind: kind, weights: weights)
        }
    }

    /// Reads vertical profiles, whose columns say the heights: `r100_200` from 100 to 200 m and `r1500` above, or `92m`
    /// and `92` the middle or top of a layer, which is taken as its top.
    public static func vertical(_ path: String) throws -> [VerticalProfile] {
        let table = try CSVTable(inventory: path)
        let (id, columns) = try weights(table)
        let tops = try columns.map { column in
            guard let top = top(table.header[column]) else {
                throw TableError(
                    file: path,
                    line: 1,
                    column: table.header[column],
                    reason: "the column says no height"
                )
            }
            return top
        }
        return try table.rows.map { row in
            let weights = try columns.map { try table.number(row, $0) }
            return try VerticalProfile(id: row.fields[id], topsMetres: tops, weights: weights)
        }
    }

    /// Hours ahead of UTC by country: `iso3; country; timezone; ...`.
    public static func timeZones(_ path: String) throws(TableError) -> [String: Double] {
        let table = try CSVTable(inventory: path)
        let (code, hours) = (try table.column("iso3", "ISO3", "code"), try table.column("timezone", "tz"))
        var zones: [String: Double] = [:]
        for row in table.rows where !row.fields[hours].isEmpty {
            zones[row.fields[code]] = try table.number(row, hours)
        }
        return zones
    }

    private static let names: Set = [
        "gnfr", "category", "type", "gnfr_category", "country", "iso3", "tno gnfr sectors sept 2018", "",
        "gnfr_category_name", "name",
    ]

    /// The column of the id, and those of weights, which are the ones with a number in every row but a total.
    private static func weights(_ table: CSVTable) throws(TableError) -> (Int, [Int]) {
        let columns = table.header.indices.filter { column in
            let name = table.header[column].lowercased()
            return !names.contains(name) && !name.hasPrefix("id_") && !["tot", "rtot"].contains(name)
                && table.rows.allSatisfy { Double($0.fields[column]) != nil }
        }
        let labels = table.header.indices.filter { !columns.contains($0) }
        guard !table.rows.isEmpty, !columns.isEmpty,
            let id = labels.first(where: { column in
                let ids = table.rows.map { $0.fields[column] }
                return Set(ids).count == ids.count && !ids.contains("")
            })
        else { throw TableError(file: table.file, line: 1, reason: "no table of profiles") }
        return (id, columns)
    }

    private static func top(_ name: String) -> Double? {
        if name.hasPrefix("r") {
            let ends = name.dropFirst().split(separator: "_").map { Double($0) }
            switch ends.count {
            case 1: return ends[0].map { _ in .infinity }
            case 2: return ends[1]
            default: return nil
            }
        }
        return Double(name.hasSuffix("m") ? String(name.dropLast()) : name)
    }
}
