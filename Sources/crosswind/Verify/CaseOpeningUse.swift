import Formats
import Foundation
import Pipeline
import Quantities
import Verification

/// The options of `crosswind verify` that open review cases.
struct CaseOpeningUse {
    static let options: [OptionSpecification] = [
        .value(
            "open-cases",
            "FILE",
            "open review cases for what was found in this history (JSON lines, made where\n"
                + "absent); needs --gas, and with a table --period"
        ),
        .value("gas", "NAME", "with --open-cases: co2, ch4, n2o or co"),
        .value(
            "period",
            "START/END",
            "with --open-cases and a table: what its totals are of, ISO 8601 in UTC"
        ),
    ]

    let path: String
    let gas: Gas

    /// Nil where the command line does not ask for it; then none of its options may stand.
    init?(_ options: Options) throws {
        guard options.isSet("open-cases") else {
            for option in Self.options where options.isSet(option.name) {
                throw UsageError.lacks(option.name, needs: "open-cases", verb: options.verb)
            }
            return nil
        }
        try options.refuseRepeats(except: [])
        path = try options.required("open-cases")
        guard let gas: Gas = try GridSettings.choice("gas", options) else {
            throw UsageError.missingOption("gas", verb: options.verb)
        }
        self.gas = gas
    }

    /// False where nothing was ever opened: a history is made with its first case.
    var hasHistory: Bool { FileManager.default.fileExists(atPath: path) }

    /// - Throws: `ReviewCasesError`.
    func open(_ openings: [CaseOpening]) throws -> CaseChangesSummary {
        var file = try ReviewCasesFile(path: path, createsIfAbsent: true)
        let changes = try file.take(openings, at: .now())
        return CaseChangesSummary(changes, file: path, head: file.head)
    }

    /// `2021-01-01/2022-01-01` or with times: half open.
    static func period(_ options: Options) throws -> Period {
        let text = try options.required("period")
        let ends = text.split(separator: "/", omittingEmptySubsequences: false).map {
            Instant(iso8601: $0.contains("T") ? String($0) : "\($0)T00:00:00Z")
        }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else {
            throw UsageError.badValue(
                "period",
                text,
                expected: "START/END such as 2021-01-01/2022-01-01, the end after the start",
                verb: options.verb
            )
        }
        return Period(start: start, end: end)
    }
}

extension Language {
    var comma: String { self == .chinese ? "，" : ", " }
    var semicolon: String { self == .chinese ? "；" : "; " }
}

extension CaseChangesSummary {
    var line: String { line(.english) }

    func line(_ language: Language) -> String {
        let parts = told
        let text =
            parts.isEmpty
            ? LocalizedName(english: "nothing to open", chinese: "无须立项")[language]
            : parts.map { $0[language] }.joined(separator: language.semicolon)
        let name = LocalizedName(english: "review cases in \(file): ", chinese: "核查案例（\(file)）：")
        return name[language] + text
    }

    /// What is known in a closed case is told apart: nobody will look at it again for this.
    private var told: [LocalizedName] {
        func list(_ ids: [String], _ name: (String, String) -> LocalizedName) -> LocalizedName? {
            ids.isEmpty ? nil : name(ids.joined(separator: ", "), ids.joined(separator: "、"))
        }
        let (known, count) = (unchanged - closed.count, closed.count)
        return [
            list(opened) { LocalizedName(english: "opened \($0)", chinese: "新立案例 \($1)") },
            list(extended) { LocalizedName(english: "new evidence for \($0)", chinese: "案例 \($1) 新增证据") },
            known > 0 ? LocalizedName(english: "\(known) known already", chinese: "\(known) 项已在案") : nil,
            list(closed) {
                LocalizedName(
                    english: count == 1
                        ? "1 known in a closed case (\($0)), too little is new for another"
                        : "\(count) known in closed cases (\($0)), too little is new for others",
                    chinese: "\(count) 项已见于办结案例（\($1)），新证据不足以重新立项"
                )
            },
        ].compactMap(\.self)
    }
}
