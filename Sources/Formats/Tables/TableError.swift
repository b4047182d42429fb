public import Inventory
public import Quantities

/// A table that cannot be used: what, where, and what to do.
public struct TableError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        /// No file, or no folder, in words.
        case absent(String)
        case unreadable
        /// The header lacks columns; the name nearest to the first of them, and those that are there or may be.
        case missingColumns([String], nearest: String?, known: [String])
        case unknownColumn(String, nearest: String?, known: [String])
        case repeatedColumn(String)
        case unusable(String, remedy: String)

        public static let noSuchFile = Kind.absent("no such file")
    }

    public let kind: Kind
    public let at: TablePlace

    public init(_ kind: Kind, at: TablePlace) {
        self.kind = kind
        self.at = at
    }

    public init(
        file: String,
        line: Int? = nil,
        column: String? = nil,
        reason: String,
        remedy: String = "correct the table, or fetch it again from its source"
    ) {
        self.init(.unusable(reason, remedy: remedy), at: TablePlace(file: file, line: line, column: column))
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .absent: .missingInput
        case .unreadable: .inputOutput
        default: .badData
        }
    }

    public var what: String {
        switch kind {
        case .absent(let problem): problem
        case .unreadable: "cannot read the file"
        case .missingColumns(let names, _, _):
            "the header names no column \(names.map { "`\($0)`" }.joined(separator: ", "))"
        case .unknownColumn(let name, _, _): "unknown column `\(name)`"
        case .repeatedColumn(let name): "column `\(name)` stands twice in the header"
        case .unusable(let problem, _): problem
        }
    }

    public var place: String { at.description }

    public var remedy: String {
        switch kind {
        case .absent: "check the path"
        case .unreadable: "check the permissions"
        case .missingColumns(_, let name?, _): "is it `\(name)`?"
        case .unknownColumn(_, let name?, _): "did you mean `\(name)`?"
        case .missingColumns(_, nil, let known), .unknownColumn(_, nil, let known):
            "columns are \(known.joined(separator: ", "))"
        case .repeatedColumn: "keep one"
        case .unusable(_, let remedy): remedy
        }
    }
}
