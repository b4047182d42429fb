public import Quantities

/// A case, network or grid file that cannot be used, with the key it happened at.
public struct ConfigurationError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        case noSuchFile
        case unreadable
        /// A path in the file leads nowhere.
        case noReferencedFile(String)
        /// What was found; line and column stand in the path.
        case syntax(String)
        /// With the line where it stands the second time.
        case duplicateKey(String, line: Int)
        /// Something that the command line names twice.
        case givenTwice(String)
        case unknownKey(String, nearest: String?, known: [String])
        case missingKey(String)
        case wrongKind(expected: String, actual: String)
        case badValue(String)
    }

    public let kind: Kind
    public let file: String
    /// Dotted path of the object or key, e.g. `inversion.prior`, or line and column; empty for the whole file.
    public let path: String

    public init(_ kind: Kind, file: String, path: String) {
        self.kind = kind
        self.file = file
        self.path = path
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .noSuchFile, .noReferencedFile: .missingInput
        case .unreadable: .inputOutput
        case .givenTwice: .usage
        default: .badData
        }
    }

    public var what: String {
        switch kind {
        case .noSuchFile: "no such file"
        case .unreadable: "cannot read the file"
        case .noReferencedFile(let path): "no such file `\(path)`"
        case .syntax(let problem): "not JSON5: \(problem)"
        case .duplicateKey(let key, _): "key `\(key)` appears twice in one object"
        case .givenTwice(let what): "\(what) is given twice"
        case .unknownKey(let key, _, _): "unknown key `\(key)`"
        case .missingKey(let key): "key `\(key)` is missing"
        case .wrongKind(let expected, let actual): "expected \(expected), found \(actual)"
        case .badValue(let reason): reason
        }
    }

    public var place: String { path.isEmpty ? file : "\(file), \(path)" }

    public var remedy: String {
        switch kind {
        case .noSuchFile: "check the path"
        case .unreadable: "check the permissions"
        case .givenTwice: "give each network once"
        case .syntax: "check commas, quotes and braces around"
        case .duplicateKey(_, let line): "take one of them out; the second is in line \(line)"
        case .noReferencedFile: "relative paths are relative to the folder of the file that names them"
        case .unknownKey(_, let nearest?, _): "did you mean `\(nearest)`?"
        case .unknownKey(_, nil, let known): "known keys: \(known.joined(separator: ", "))"
        default: ""
        }
    }
}
