import Foundation
import Inventory
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

    private static let needed = ["station", "start", "end", "who", "when", "why"]
    private static let columns =
        needed + ["network", "instrument", "gas", "flag", "tests", "bottle_old", "bottle_new"]

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
        do throws(TableError) { try self.init(try TableBytes.read(path), path) } catch {
            throw RecordError(error)
        }
    }

    /// - Parameter path: what errors name.
    public init(text: String, path: String) throws(RecordError) {
        do throws(TableError) { try self.init(Array(text.utf8), path) } catch { throw RecordError(error) }
    }

    private init(_ bytes: [UInt8], _ path: String) throws(TableError) {
        self.path = path
        let table = try CSVTable(
            bytes,
            file: path,
            columns: Self.columns,
            required: Self.needed,
            form: [.remarks, .mayBeEmpty]
        )
        edits = try table.rows.map { row throws(TableError) in try row.edit() }
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

extension RecordError {
    fileprivate init(_ error: TableError) {
        let place = error.at
        switch error.kind {
        case .noSuchFile: self = .noSuchFile(path: place.file)
        case .unreadable: self = .unreadable(path: place.file)
        default:
            let words = [place.line.map { "line \($0)" }, place.column.map { "column `\($0)`" }]
            self = .invalid(
                path: place.file,
                place: words.compactMap(\.self).joined(separator: ", "),
                problem: error.what,
                remedy: error.remedy
            )
        }
    }
}

/// One line of the table.
extension TableRow {
    private static let flags: [String: QualityFlag] = [
        "good": .good, "not_evaluated": .notEvaluated, "suspect": .suspect, "fail": .fail,
    ]
    private static let air = "air"

    fileprivate func edit() throws(TableError) -> OperatorEdit {
        let start = try instant("start")
        let end = text("end").isEmpty ? nil : try instant("end")
        if let end, end <= start { throw bad("end", "the end is not after the start") }
        return OperatorEdit(
            network: optionalText("network"),
            station: try required("station"),
            instrument: optionalText("instrument"),
            gas: try gas(),
            start: start,
            end: end,
            change: try change(),
            who: try required("who"),
            decided: try instant("when"),
            why: try required("why")
        )
    }

    private func change() throws(TableError) -> OperatorEdit.Change {
        let flagText = text("flag")
        let (old, new) = (text("bottle_old"), text("bottle_new"))
        if flagText.isEmpty {
            guard !old.isEmpty, !new.isEmpty else {
                throw bad(
                    "flag",
                    "neither a flag nor two bottles",
                    remedy: "gas that is none of a bottle is `air`"
                )
            }
            guard old != new else { throw bad("bottle_new", "bottle `\(old)` is replaced by itself") }
            guard text("tests").isEmpty else { throw bad("tests", "tests belong to a flag") }
            return .bottle(old: old == Self.air ? nil : old, new: new == Self.air ? nil : new)
        }
        guard old.isEmpty, new.isEmpty else {
            throw bad("flag", "a flag and bottles", remedy: "write two lines")
        }
        guard let flag = Self.flags[flagText] else {
            throw bad(
                "flag",
                "`\(flagText)` is no flag",
                remedy: "known: \(Self.flags.keys.sorted().joined(separator: ", "))"
            )
        }
        return .flag(flag, try tests())
    }

    private func tests() throws(TableError) -> QualityTests {
        var tests: QualityTests = []
        for key in text("tests").split(separator: " ").map(String.init) {
            guard let test = QualityTests(key: key) else {
                let remedy = nearest(to: key, among: QualityTests.keys).map { "did you mean `\($0)`?" }
                throw bad(
                    "tests",
                    "`\(key)` is no test",
                    remedy: remedy ?? "known: \(QualityTests.keys.joined(separator: " "))"
                )
            }
            tests.formUnion(test)
        }
        return tests
    }

    private func gas() throws(TableError) -> Gas? {
        guard let text = optionalText("gas") else { return nil }
        guard let gas = Gas(rawValue: text) else {
            let known = Gas.allCases.map(\.rawValue).joined(separator: ", ")
            throw bad("gas", "`\(text)` is no gas", remedy: "known: \(known)")
        }
        return gas
    }

    private func required(_ column: String) throws(TableError) -> String {
        guard let text = optionalText(column) else { throw bad(column, "`\(column)` is empty") }
        return text
    }
}
