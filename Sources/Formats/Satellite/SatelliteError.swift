public import Quantities

/// A satellite file whose content cannot be used. Files that cannot be read at all end as `NetCDFError`.
public enum SatelliteError: Fault, Equatable {
    /// The content is of no product we know.
    case unknownProduct(path: String, lookedFor: String, missing: [String], found: [String])
    /// The product is known, but a variable is not as its documentation says.
    case unexpected(path: String, variable: String, reason: String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .unknownProduct(_, let lookedFor, let missing, _):
            "unknown satellite product (looked for \(lookedFor), found no \(missing.joined(separator: ", ")))"
        case .unexpected(_, _, let reason): reason
        }
    }

    public var place: String {
        switch self {
        case .unknownProduct(let path, _, _, _): path
        case .unexpected(let path, let variable, _): "\(path), \(variable)"
        }
    }

    public var remedy: String {
        switch self {
        case .unknownProduct(_, _, _, let found) where found.isEmpty: "the file has no variables at its root"
        case .unknownProduct(_, _, _, let found):
            "the file holds \(found.prefix(12).joined(separator: ", "))\(found.count > 12 ? ", ..." : "")"
        case .unexpected: "check the product and version with `ncdump -h`"
        }
    }
}
