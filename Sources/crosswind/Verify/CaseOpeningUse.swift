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

extension CaseChangesSummary {
    var line: String {
        var parts: [String] = []
        if !opened.isEmpty { parts.append("opened \(opened.joined(separator: ", "))") }
        if !extended.isEmpty { parts.append("new evidence for \(extended.joined(separator: ", "))") }
        if unchanged > 0 { parts.append("\(unchanged) known already") }
        let told = parts.isEmpty ? "nothing to open" : parts.joined(separator: "; ")
        return "review cases in \(file): \(told)"
    }
}
