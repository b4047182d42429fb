import Geo
public import Inventory
import Quantities

/// The catalogue of point sources of CoCO2 (Guevara et al. 2023, doi:10.5281/zenodo.7584150) and tables like it.
public enum PointCatalogueFile {
    /// A source takes nothing up, and none emits more than all do (4e10 t CO2 a year): such numbers are fill values.
    private static let plausibleTonnes = 0.0...1e11

    /// Reads `ID, ISO3, fuel, longitude, latitude, co2_emis_ty, ...` with the profiles that each unit names.
    ///
    /// - Throws: ``TableError`` with line and column.
    public static func read(_ path: String) throws(TableError) -> [PointSource] {
        let table = try CSVTable(inventory: path)
        let id = try table.column("ID", "name")
        let longitude = try table.column("longitude", "lon")
        let latitude = try table.column("latitude", "lat")
        var gases: [(Gas, Int)] = []
        for gas in [Gas.co2, .ch4, .co, .n2o] {
            if let column = try table.optionalColumn(["\(gas.rawValue)_emis_ty"]) {
                gases.append((gas, column))
            }
        }
        guard !gases.isEmpty else {
            throw TableError(
                file: path,
                line: 1,
                column: "co2_emis_ty",
                reason: "no column of an emission"
            )
        }
        let others = try ["ISO3", "fuel", "ID_MonthFact", "ID_WeekFact", "ID_HourFact", "ID_VertProf"]
            .map { name throws(TableError) in try table.optionalColumn([name]) }
        var sources: [PointSource] = []
        var seen: Set<String> = []
        for row in table.rows {
            guard seen.insert(row.fields[id]).inserted else {
                throw table.error(row, id, "`\(row.fields[id])` stands twice")
            }
            let texts = others.map { $0.map { row.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 } }
            let (x, y) = (try table.number(row, longitude), try table.number(row, latitude))
            guard let position = Position(longitude: x, latitude: y) else {
                throw table.error(row, longitude, "\(x), \(y) is no longitude and latitude")
            }
            var tonnes: [Gas: Double] = [:]
            for (gas, column) in gases { tonnes[gas] = try amount(table, row, column) }
            sources.append(
                PointSource(
                    id: row.fields[id],
                    country: texts[0] ?? "",
                    fuel: texts[1] ?? "",
                    position: position,
                    tonnesPerYear: tonnes,
                    profiles: .init(month: texts[2], weekday: texts[3], hour: texts[4], vertical: texts[5])
                )
            )
        }
        return sources
    }

    private static func amount(
        _ table: CSVTable,
        _ row: TableRow,
        _ column: Int
    ) throws(TableError) -> Double {
        let tonnes = try table.number(row, column)
        guard plausibleTonnes.contains(tonnes) else {
            let reason = tonnes < 0 ? "below zero" : "more than the whole Earth emits"
            throw table.error(row, column, "an emission of \(tonnes) t a year is \(reason)")
        }
        return tonnes
    }
}

/// The profiles that a catalogue's units name, and the names that lead nowhere.
public struct PointProfiles: Sendable {
    public let temporal: [String: TemporalProfile]
    public let vertical: [String: VerticalProfile]

    public init(temporal: [TemporalProfile], vertical: [VerticalProfile] = []) {
        self.temporal = Dictionary(temporal.map { ($0.id, $0) }) { first, _ in first }
        self.vertical = Dictionary(vertical.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Names of profiles that are not there, sorted.
    public func unresolved(_ sources: [PointSource]) -> [String] {
        var missing: Set<String> = []
        for source in sources {
            let names = [source.profiles.month, source.profiles.weekday, source.profiles.hour].compactMap(
                \.self
            )
            missing.formUnion(names.filter { temporal[$0] == nil })
            if let name = source.profiles.vertical, vertical[name] == nil { missing.insert(name) }
        }
        return missing.sorted()
    }

    /// How a source runs through time; profiles that are not there are left out.
    public func cycle(of source: PointSource) throws(ProfileError) -> ActivityCycle {
        let names = [source.profiles.month, source.profiles.weekday, source.profiles.hour].compactMap(\.self)
        return try ActivityCycle(names.compactMap { temporal[$0] })
    }
}
