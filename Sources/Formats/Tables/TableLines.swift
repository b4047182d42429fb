import CSV
import Inventory

/// How a table may differ from commas, a header, and rows as long as it.
struct TableForm: OptionSet {
    let rawValue: Int

    /// Lines that begin with `#` are remarks, whatever their encoding.
    static let remarks = TableForm(rawValue: 1)
    /// Fields are separated by semicolons where the header holds one.
    static let semicolons = TableForm(rawValue: 2)
    /// What a short row lacks is blank, what a long one has too much is passed over.
    static let unevenRows = TableForm(rawValue: 4)
    /// Columns that are not asked for are passed over.
    static let otherColumns = TableForm(rawValue: 8)
    /// A file without a header is a table without rows.
    static let mayBeEmpty = TableForm(rawValue: 16)
}

/// The lines of a small table as texts (RFC 4180).
struct TableLines {
    private let file: String
    private var scanner: CSVScanner

    /// - Throws: ``TableError`` for what is no text table; see ``TableBytes/objection(_:separator:)``.
    init(_ bytes: [UInt8], file: String, form: TableForm = []) throws(TableError) {
        self.file = file
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let unmarked = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        let text = form.contains(.remarks) ? Self.withoutRemarks(unmarked) : unmarked
        let isSemicolon = form.contains(.semicolons) && TableBytes.header(text).contains(";")
        let separator: Character = isSemicolon ? ";" : ","
        if let (problem, remedy) = TableBytes.objection(text, separator: separator) {
            throw TableError(file: file, reason: problem, remedy: remedy)
        }
        scanner = CSVScanner(CSVDialect(separator: .byte(isSemicolon ? 0x3B : 0x2C)))
        scanner.append(text.span.bytes)
        scanner.finish()
    }

    /// Number of the line with which the fields read last begin, from 1.
    var line: Int { scanner.line }

    /// The fields of a line as they stand; nil at the end.
    mutating func next() throws(TableError) -> [String]? {
        switch scanner.next() {
        case .record: return (0..<scanner.fieldCount).map { scanner.text($0) }
        case .malformed(let problem):
            throw TableError(
                file: file,
                line: line,
                reason: problem.description,
                remedy: "check the quotes of this line"
            )
        case .starved, .end: return nil
        }
    }

    /// Remarks may hold quotes that are none; their lines stay, empty, so that the others keep their numbers. Within a
    /// quoted field a line may begin with anything.
    private static func withoutRemarks(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "#")) else { return bytes }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count + 1)
        var isQuoted = false
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if isQuoted || line.first(where: { $0 != 0x20 && $0 != 0x09 }) != UInt8(ascii: "#") {
                kept += line
                if !line.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) { isQuoted.toggle() }
            }
            kept.append(UInt8(ascii: "\n"))
        }
        return kept
    }
}
