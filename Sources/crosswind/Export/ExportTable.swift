import Archive
import Quantities

enum ExportFormat: String {
    case csv
    case json
}

/// What can be exported.
enum ExportTable: String, CaseIterable {
    case readings
    case means
    case enhancement
    case weather
    case wind
    case segments
    case calibrations
    case receipts
    case revisions
    case deadLetters = "dead-letters"
    case legend

    /// The options that have an effect on it, besides those of every table.
    var options: Set<String> {
        let values: Set = ["flags", "scale", "level", "as-of", "flag-vocabulary", "header", "network"]
        switch self {
        case .readings: return Self.selection.union(values).union(["conditions", "interval", "step"])
        case .means: return Self.selection.union(["interval", "flag-vocabulary", "header", "network"])
        case .enhancement:
            return Self.selection.union(values).union([
                "background", "background-station", "percentile", "window-hours", "wind",
            ])
        case .weather: return ["station", "from", "to", "conditions"]
        case .wind: return ["station", "from", "to", "interval", "step"]
        case .segments: return Self.selection.union(values).union(["cell", "standstill", "passes"])
        case .calibrations: return Self.selection.union(["runs", "as-of"])
        case .receipts: return ["station"]
        case .revisions: return Self.selection.union(["flags", "flag-vocabulary", "conditions"])
        case .deadLetters: return ["from", "to"]
        case .legend: return ["station", "gas", "network", "as-of"]
        }
    }

    /// The options without which it means nothing.
    var requiredOptions: [String] {
        switch self {
        case .means, .wind: ["interval"]
        case .enhancement: ["station", "gas"]
        case .segments: ["station"]
        default: []
        }
    }

    private static let selection: Set = ["station", "gas", "from", "to"]

    /// Writes the table and returns the number of its rows.
    func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        switch self {
        case .readings where export.settings.interval != nil:
            try AggregateTable.writeComputed(archive, export)
        case .readings: try ReadingTable.write(archive, export)
        case .means: try AggregateTable.writeStored(archive, export)
        case .enhancement: try EnhancementTable.write(archive, export)
        case .weather: try WeatherTable.write(archive, export)
        case .wind: try WindTable.write(archive, export)
        case .segments: try SegmentTable.write(archive, export)
        case .calibrations where export.settings.givesRuns:
            try CalibrationRunTable.write(archive, export)
        case .calibrations: try CalibrationTable.write(archive, export)
        case .receipts: try ReceiptTable.write(archive, export)
        case .revisions: try ReadingTable.writeRevisions(archive, export)
        case .deadLetters: try DeadLetterTable.write(archive, export)
        case .legend: try LegendTable.write(archive, export)
        }
    }
}

/// A table that there is not.
struct UnknownTable: Fault {
    let name: String
    var exitStatus: ExitStatus { .usage }
    var what: String { "unknown table" }
    var place: String { name }
    var remedy: String {
        let known = ExportTable.allCases.map(\.rawValue)
        return nearest(to: name, among: known).map { "did you mean \($0)?" }
            ?? "known: \(known.joined(separator: ", "))"
    }
}
