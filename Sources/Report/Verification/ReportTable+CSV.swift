import Quantities

extension ReportTable {
    /// Comma-separated values (RFC 4180): number and title of the table, the row, the columns, and the inputs of the
    /// row with their SHA-256. All digits; empty where a number is not finite. Empty text for an absent table.
    ///
    /// A number of the page leads here with a fragment `#row=N` (RFC 7111).
    public func csv(_ provenance: Provenance) -> String {
        guard absence == nil else { return "" }
        let columns = fieldColumns
        let head = ["table", "title", "row"] + columns.map(\.key) + ["inputs"]
        let digests = Self.digests(provenance)
        let lines = rows.indices.map { row -> [String] in
            let inputs = rows[row].inputs.map { "\($0) sha256:\(digests[$0] ?? "?")" }
            return [code.label, code.title.english, rowID(row)]
                + columns.map { Self.text($0.fields[row]) } + [inputs.joined(separator: "; ")]
        }
        return ([head] + lines).map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// Line of a row in the file, the header being line 1 (RFC 7111).
    func csvLine(_ row: Int) -> Int { row + 2 }

    static func digests(_ provenance: Provenance) -> [String: String] {
        Dictionary(provenance.inputs.map { ($0.name, $0.sha256) }) { first, _ in first }
    }

    private static func text(_ field: Field) -> String {
        switch field {
        case .text(let text): text
        case .number(let value): value.isFinite ? plain(value) : ""
        }
    }

    /// Counts without a point.
    private static func plain(_ value: Double) -> String {
        Int(exactly: value).map { abs($0) < 1 << 53 ? String($0) : String(value) } ?? String(value)
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.unicodeScalars.contains {
            $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r"
        }
        return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }
}
