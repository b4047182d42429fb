import CSimdJSON

/// Why bytes are no JSON document that we read.
public struct JSONSyntaxError: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case empty
        case notUTF8
        case unclosedString
        case controlCharacter
        case badEscape
        case badGrammar
        /// `NaN` or an infinity stands where a number should.
        case notFinite
        case tooDeep
        case tooManyValues
        case tooLong
        case noMemory
    }

    public let kind: Kind
    /// Offset of the byte where it was found; nil where that is not known.
    public let position: Int?

    public init(_ kind: Kind, position: Int?) {
        self.kind = kind
        self.position = position
    }

    /// What is wrong and where, in words for a log.
    public var words: String { position.map { "\(kind.words) at character \($0)" } ?? kind.words }
}

extension JSONSyntaxError.Kind {
    init(_ code: Int32) {
        switch Int(code) {
        case CROSSWIND_JSON_EMPTY: self = .empty
        case CROSSWIND_JSON_NOT_UTF8: self = .notUTF8
        case CROSSWIND_JSON_UNCLOSED_STRING: self = .unclosedString
        case CROSSWIND_JSON_CONTROL_CHARACTER: self = .controlCharacter
        case CROSSWIND_JSON_BAD_ESCAPE: self = .badEscape
        case CROSSWIND_JSON_NOT_FINITE: self = .notFinite
        case CROSSWIND_JSON_TOO_DEEP: self = .tooDeep
        case CROSSWIND_JSON_TOO_MANY_VALUES: self = .tooManyValues
        case CROSSWIND_JSON_TOO_LONG: self = .tooLong
        case CROSSWIND_JSON_NO_MEMORY: self = .noMemory
        default: self = .badGrammar
        }
    }

    var words: String {
        switch self {
        case .empty: "nothing there"
        case .notUTF8: "not UTF-8"
        case .unclosedString: "a string does not end"
        case .controlCharacter: "a control character inside a string"
        case .badEscape: "a string with an escape that means nothing"
        case .badGrammar: "not the grammar of JSON"
        case .notFinite: "not a finite number"
        case .tooDeep: "nested too deeply"
        case .tooManyValues: "too many values"
        case .tooLong: "too long"
        case .noMemory: "no memory"
        }
    }
}
