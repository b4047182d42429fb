public import Quantities

/// A list of receptors that cannot be used.
public struct ReceptorListError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        case noSuchFile
        case unreadable
        /// The header lacks columns.
        case missingColumns([String])
        case unknownColumn(String, nearest: String?)
        case repeatedColumn(String)
        /// A value of a row: column, what stands there, what is expected.
        case badValue(column: String, text: String, expected: String)
        case badRow(String)
        case repeatedName(String)
        /// Nothing is left to compute.
        case noReceptor(String)
    }

    public let kind: Kind
    public let file: String
    /// From 1; nil for the whole file.
    public let line: Int?

    public init(_ kind: Kind, file: String, line: Int? = nil) {
        self.kind = kind
        self.file = file
        self.line = line
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .noSuchFile: .missingInput
        case .unreadable: .inputOutput
        default: .badData
        }
    }

    public var what: String {
        switch kind {
        case .noSuchFile: "no such file"
        case .unreadable: "cannot read the file"
        case .missingColumns(let names):
            "the header names no column \(names.map { "`\($0)`" }.joined(separator: ", "))"
        case .unknownColumn(let name, _): "unknown column `\(name)`"
        case .repeatedColumn(let name): "column `\(name)` stands twice in the header"
        case .badValue(let column, let text, let expected): "\(column) `\(text)` is not \(expected)"
        case .badRow(let reason): reason
        case .repeatedName(let name): "a second receptor `\(name)` of the same time"
        case .noReceptor(let reason): "no receptor: \(reason)"
        }
    }

    public var place: String { line.map { "\(file), line \($0)" } ?? file }

    public var remedy: String {
        switch kind {
        case .noSuchFile: "check the path"
        case .unreadable: "check the permissions"
        case .missingColumns, .unknownColumn(_, nil):
            "columns are \(ReceptorTable.columns.joined(separator: ", ")); height is m above ground"
        case .unknownColumn(_, let name?): "did you mean `\(name)`?"
        case .repeatedName: "give each a name of its own"
        default: ""
        }
    }
}
