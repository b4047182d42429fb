import Foundation
import Inventory
import Quantities

extension PointProfiles {
    /// All tables of a folder whose first column is `ID_MonthFact`, `ID_WeekFact`, `ID_HourFact` or `ID_VertProf`, in
    /// the order of their names; other files are passed over.
    ///
    /// - Throws: ``TableError`` where there is none, or one cannot be used.
    public init(folder: String) throws {
        let manager = FileManager.default
        guard let names = try? manager.contentsOfDirectory(atPath: folder) else {
            throw TableError(.absent("no such folder of profiles"), at: TablePlace(file: folder))
        }
        var temporal: [TemporalProfile] = []
        var vertical: [VerticalProfile] = []
        for name in names.sorted() where name.lowercased().hasSuffix(".csv") {
            let path = "\(folder)/\(name)"
            switch Self.firstColumn(path) {
            case "id_monthfact", "id_weekfact", "id_hourfact": temporal += try ProfileFile.temporal(path)
            case "id_vertprof": vertical += try ProfileFile.vertical(path)
            default: continue
            }
        }
        guard !temporal.isEmpty || !vertical.isEmpty else {
            throw TableError(
                file: folder,
                reason: "no table here begins with ID_MonthFact, ID_WeekFact, ID_HourFact or ID_VertProf"
            )
        }
        self.init(temporal: temporal, vertical: vertical)
    }

    private static func firstColumn(_ path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let start = try? handle.read(upToCount: 256) else { return nil }
        let text = String(decoding: start, as: UTF8.self)
        let field = text.prefix { $0 != "," && $0 != ";" && !$0.isNewline }
        return field.trimmingCharacters(in: CharacterSet(charactersIn: "\u{feff}\" ")).lowercased()
    }
}
