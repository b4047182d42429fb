import Formats
import Quantities

/// One field of a table.
enum ExportCell {
    /// Empty in CSV, left out in JSON.
    case absent
    case text(String)
    case number(Double)
    case integer(Int64)
    case truth(Bool)
    /// Separated by blanks in CSV, an array in JSON.
    case words([String])
    /// `0-9 12-20` in CSV, arrays of two in JSON.
    case ranges([ClosedRange<Int64>])

    init(_ text: String?) { self = text.map { .text($0) } ?? .absent }
    init(_ time: Instant?) { self = time.map { .text("\($0)") } ?? .absent }
    init(_ number: Int) { self = .integer(Int64(number)) }

    /// What is not finite is no number.
    init(_ number: Double?) {
        guard let number, number.isFinite else {
            self = .absent
            return
        }
        self = .number(number)
    }

    /// As a field of CSV (RFC 4180), quoted only where needed.
    var commaSeparated: String {
        switch self {
        case .absent: ""
        case .text(let text): csvField(text)
        case .number(let number): "\(number)"
        case .integer(let integer): "\(integer)"
        case .truth(let truth): "\(truth)"
        case .words(let words): csvField(words.joined(separator: " "))
        case .ranges(let ranges):
            ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " ")
        }
    }

    /// As a value of JSON; nil where there is nothing to say.
    var json: String? {
        switch self {
        case .absent: nil
        case .text(let text): jsonString(text)
        case .number(let number): "\(number)"
        case .integer(let integer): "\(integer)"
        case .truth(let truth): "\(truth)"
        case .words(let words): "[" + words.map(jsonString).joined(separator: ",") + "]"
        case .ranges(let ranges):
            "[" + ranges.map { "[\($0.lowerBound),\($0.upperBound)]" }.joined(separator: ",") + "]"
        }
    }
}

/// A column of a table: its name, which scripts rely on, and what stands in it.
struct ExportColumn<Row> {
    let name: String
    let cell: (Row) -> ExportCell

    init(_ name: String, _ cell: @escaping (Row) -> ExportCell) {
        self.name = name
        self.cell = cell
    }

    /// The same column of a row that holds a row of this kind.
    func of<Outer>(_ inner: @escaping (Outer) -> Row) -> ExportColumn<Outer> {
        ExportColumn<Outer>(name) { cell(inner($0)) }
    }
}

/// RFC 8259, section 7: quotation marks, backslashes and control characters are escaped.
func jsonString(_ text: String) -> String {
    var escaped = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": escaped += "\\\(scalar)"
        case "\u{0}"..<" ":
            let digits = String(scalar.value, radix: 16)
            escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped + "\""
}
