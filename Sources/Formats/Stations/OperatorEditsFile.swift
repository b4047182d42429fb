import CSV
import Foundation
public import Observations
import Quantities

/// What people decided about the readings of a network: a table of text that is kept under version control, so that
/// every decision has an author and a review, and history is what the table says now.
///
/// `stations/NAME.edits.csv` belongs to `stations/NAME.json`. Columns, in any order, of which `network`,
/// `instrument` and `gas` may be empty for all: `network, station, instrument, gas, start, end, flag, tests,
/// bottle_old, bottle_new, who, when, why`. Times are ISO 8601 with zone; an empty end is open. `flag` is `good`,
/// `not_evaluated`, `suspect` or `fail`; `tests` names reasons, separated by blanks. A line has either a flag or two
/// bottles, of which `air` is none. Lines that start with `#` are remarks. Of lines that overlap the last one holds.
public struct OperatorEditsFile: Sendable {
    public let path: String
    public let edits: [OperatorEdit]

    /// The file that belongs to a description of a network; it need not exist.
    public static func path(besideNetwork networkPath: String) -> String {
        let stem = (networkPath as NSString).deletingPathExtension
        return stem + ".edits.csv"
    }

    /// The edits beside a description of a network; none where there is no file.
    /// - Throws: ``RecordError`` that names the line.
    public static func edits(beside network: NetworkFile) throws(RecordError) -> OperatorEdits {
        let path = path(besideNetwork: network.path)
        guard FileManager.default.fileExists(atPath: path) else {
            return OperatorEdits(network: network.network.id, edits: [])
        }
        let file = try OperatorEditsFile(path: path)
        try file.check(against: network.network)
        return OperatorEdits(network: network.network.id, edits: file.edits)
    }

    /// Reads and checks a file.
    /// - Throws: ``RecordError`` that names the line.
    public init(path: String) throws(RecordError) {
        guard FileManager.default.fileExists(atPath: path) else { throw .noSuchFile(path: path) }
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path: path) }
        try self.init(text: String(decoding: data, as: UTF8.self), path: path)
    }

    /// - Parameter path: what errors name.
    public init(text: String, path: String) throws(RecordError) {
        self.path = path
        var lines = CSVLines(Array(withoutRemarks(text).utf8))
        var columns: [String: Int]?
        var edits: [OperatorEdit] = []
        while let fields = try nextLine(&lines, path) {
            guard fields.contains(where: { !$0.isEmpty }) else { continue }
            let place = "line \(lines.line)"
            guard let known = columns else {
                columns = try readColumns(fields, path, place)
                continue
            }
            guard fields.count == known.count else {
                let problem = "\(fields.count) fields where the header has \(known.count)"
                throw .invalid(path: path, place: place, problem: problem, remedy: "quote texts with commas")
            }
            let row = EditRow(fields: fields, columns: known, path: path, place: place)
            edits.append(try row.edit())
        }
        self.edits = edits
    }

    /// A name that no station, instrument or gas of the network has is a slip of the pen that would do nothing in
    /// silence. Edits for other networks are let be.
    private func check(against network: Network) throws(RecordError) {
        for edit in edits where edit.network == nil || edit.network == network.id {
            guard let station = network.stations.first(where: { $0.id == edit.station }) else {
                throw unknown("station", edit.station, network.stations.map(\.id))
            }
            if let id = edit.instrument, !station.instruments.contains(where: { $0.id == id }) {
                throw unknown("instrument", id, station.instruments.map(\.id))
            }
            if let gas = edit.gas, !station.instruments.contains(where: { $0.gas == gas }) {
                throw unknown("gas", gas.rawValue, station.instruments.map(\.gas.rawValue))
            }
        }
    }

    private func unknown(_ kind: String, _ name: String, _ known: [String]) -> RecordError {
        let remedy = nearest(to: name, among: known).map { "did you mean `\($0)`?" }
        return .invalid(
            path: path,
            place: "\(kind) `\(name)`",
            problem: "the network has no such \(kind)",
            remedy: remedy ?? "known: \(known.joined(separator: ", "))"
        )
    }
}

private func nextLine(_ lines: inout CSVLines, _ path: String) throws(RecordError) -> [String]? {
    do { return try lines.next() } catch {
        throw .invalid(path: path, place: "line \(lines.line)", problem: error.description)
    }
}

/// Remarks become empty lines, so that line numbers stay.
private func withoutRemarks(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("#") ? "" : $0 }
        .joined(separator: "\n")
}

private func readColumns(
    _ names: [String],
    _ path: String,
    _ place: String
) throws(RecordError) -> [String: Int] {
    var columns: [String: Int] = [:]
    for (index, name) in names.map(trimmed).enumerated() {
        guard EditRow.known.contains(name) else {
            let remedy = nearest(to: name, among: EditRow.known).map { "did you mean `\($0)`?" }
            throw .invalid(
                path: path,
                place: place,
                problem: "unknown column `\(name)`",
                remedy: remedy ?? "known: \(EditRow.known.joined(separator: ", "))"
            )
        }
        guard columns.updateValue(index, forKey: name) == nil else {
            throw .invalid(path: path, place: place, problem: "column `\(name)` appears twice")
        }
    }
    if let missing = EditRow.needed.first(where: { columns[$0] == nil }) {
        throw .invalid(path: path, place: place, problem: "column `\(missing)` is missing")
    }
    return columns
}

private func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespaces) }

/// One line of the table.
private struct EditRow {
    static let needed = ["station", "start", "end", "who", "when", "why"]
    static let known = needed + ["network", "instrument", "gas", "flag", "tests", "bottle_old", "bottle_new"]
    private static let flags: [String: QualityFlag] = [
        "good": .good, "not_evaluated": .notEvaluated, "suspect": .suspect, "fail": .fail,
    ]
    private static let air = "air"

    let fields: [String]
    let columns: [String: Int]
    let path: String
    let place: String

    func edit() throws(RecordError) -> OperatorEdit {
        let start = try instant("start", try required("start"))
        let endText = text("end")
        let end = endText.isEmpty ? nil : try instant("end", endText)
        if let end, end <= start { throw problem("the end is not after the start") }
        return OperatorEdit(
            network: optional("network"),
            station: try required("station"),
            instrument: optional("instrument"),
            gas: try gas(),
            start: start,
            end: end,
            change: try change(),
            who: try required("who"),
            decided: try instant("when", try required("when")),
            why: try required("why")
        )
    }

    private func change() throws(RecordError) -> OperatorEdit.Change {
        let flagText = text("flag")
        let (old, new) = (text("bottle_old"), text("bottle_new"))
        if flagText.isEmpty {
            guard !old.isEmpty, !new.isEmpty else {
                throw problem("neither a flag nor two bottles", "gas that is none of a bottle is `air`")
            }
            guard old != new else { throw problem("bottle `\(old)` is replaced by itself") }
            guard text("tests").isEmpty else { throw problem("tests belong to a flag") }
            return .bottle(old: old == Self.air ? nil : old, new: new == Self.air ? nil : new)
        }
        guard old.isEmpty, new.isEmpty else { throw problem("a flag and bottles", "write two lines") }
        guard let flag = Self.flags[flagText] else {
            throw problem(
                "`\(flagText)` is no flag",
                "known: \(Self.flags.keys.sorted().joined(separator: ", "))"
            )
        }
        return .flag(flag, try tests())
    }

    private func tests() throws(RecordError) -> QualityTests {
        var tests: QualityTests = []
        for key in text("tests").split(separator: " ").map(String.init) {
            guard let test = QualityTests(key: key) else {
                let remedy = nearest(to: key, among: QualityTests.keys).map { "did you mean `\($0)`?" }
                throw problem(
                    "`\(key)` is no test",
                    remedy ?? "known: \(QualityTests.keys.joined(separator: " "))"
                )
            }
            tests.formUnion(test)
        }
        return tests
    }

    private func gas() throws(RecordError) -> Gas? {
        guard let text = optional("gas") else { return nil }
        guard let gas = Gas(rawValue: text) else {
            let known = Gas.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem("`\(text)` is no gas", "known: \(known)")
        }
        return gas
    }

    private func text(_ column: String) -> String { columns[column].map { trimmed(fields[$0]) } ?? "" }

    private func optional(_ column: String) -> String? {
        let text = text(column)
        return text.isEmpty ? nil : text
    }

    private func required(_ column: String) throws(RecordError) -> String {
        guard let text = optional(column) else { throw problem("`\(column)` is empty") }
        return text
    }

    private func instant(_ column: String, _ text: String) throws(RecordError) -> Instant {
        guard let instant = Instant(iso8601: text) else {
            throw problem("`\(column)` is `\(text)`", "write ISO 8601 with zone: 2025-03-01T00:00:00Z")
        }
        return instant
    }

    private func problem(_ text: String, _ remedy: String = "") -> RecordError {
        .invalid(path: path, place: place, problem: text, remedy: remedy)
    }
}
