/// How a file separates its fields. Lines end with LF or CR LF.
public struct CSVDialect: Equatable, Sendable {
    public enum Separator: Equatable, Sendable {
        /// One byte between two fields (RFC 4180).
        case byte(UInt8)
        /// Any number of spaces and tabs; a line may begin and end with them. Nothing is quoted.
        case blanks
    }

    public var separator: Separator
    /// Encloses fields that contain separators, line ends or doubled quotes; nil where quotes mean nothing.
    public var quote: UInt8?

    public init(separator: Separator = .byte(UInt8(ascii: ",")), quote: UInt8? = UInt8(ascii: "\"")) {
        self.separator = separator
        self.quote = quote
    }

    /// Commas and double quotes (RFC 4180).
    public static let commas = CSVDialect()
    /// Columns set apart by blanks, as instruments write their logs.
    public static let blanks = CSVDialect(separator: .blanks, quote: nil)
}

/// What a file may ask of memory.
public struct CSVLimits: Equatable, Sendable {
    public var recordBytes: Int
    public var fieldBytes: Int
    public var fields: Int

    public init(recordBytes: Int = 1 << 16, fieldBytes: Int = 1 << 14, fields: Int = 2048) {
        self.recordBytes = recordBytes
        self.fieldBytes = fieldBytes
        self.fields = fields
    }
}

/// What is wrong with a record.
public enum CSVProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// A quote within a field that does not begin with one.
    case strayQuote
    /// Text between the closing quote and the end of the field.
    case textAfterQuote
    /// The file ends, or the record has become too long, within a quoted field.
    case openQuote
    case recordTooLong(limit: Int)
    case fieldTooLong(limit: Int)
    case tooManyFields(limit: Int)

    public var description: String {
        switch self {
        case .strayQuote: "a quote within an unquoted field"
        case .textAfterQuote: "text after a closing quote"
        case .openQuote: "a quoted field has no end"
        case .recordTooLong(let limit): "longer than \(limit) bytes"
        case .fieldTooLong(let limit): "a field longer than \(limit) bytes"
        case .tooManyFields(let limit): "more than \(limit) fields"
        }
    }
}
