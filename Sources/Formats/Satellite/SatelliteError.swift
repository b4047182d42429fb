public import Quantities

/// A satellite file whose content cannot be used. Files that cannot be read at all end as `NetCDFError`.
public enum SatelliteError: Fault, Equatable {
    /// The content is of no product we know.
    case unknownProduct(path: String, lookedFor: [String], found: [String])
    /// The product is known, but quantities were not found under any of their names.
    case incomplete(path: String, product: String, missing: [String], found: [String])
    /// A variable is not as the documentation of its product says.
    case unexpected(path: String, variable: String, reason: String)
    /// What was asked for, or given, cannot be used; with what to do instead.
    case refused(path: String, variable: String, reason: String, remedy: String)
    /// The columns are not on the scale asked for.
    case otherScale(path: String, product: CalibrationScale, wanted: CalibrationScale)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .unknownProduct(_, let lookedFor, _):
            "unknown satellite product (looked for \(lookedFor.joined(separator: "; ")))"
        case .incomplete(_, let product, let missing, _):
            "incomplete file of \(product) (found no \(missing.joined(separator: "; no ")))"
        case .unexpected(_, _, let reason), .refused(_, _, let reason, _): reason
        case .otherScale(_, .unstated, let wanted):
            "the scale of the columns is not stated, \(wanted) was asked for"
        case .otherScale(_, let product, let wanted): "columns are on the scale \(product), not on \(wanted)"
        }
    }

    public var place: String {
        switch self {
        case .unknownProduct(let path, _, _), .incomplete(let path, _, _, _), .otherScale(let path, _, _):
            path
        case .unexpected(let path, let variable, _), .refused(let path, let variable, _, _):
            variable.isEmpty ? path : "\(path), \(variable)"
        }
    }

    public var remedy: String {
        switch self {
        case .unknownProduct(_, _, let found), .incomplete(_, _, _, let found): Self.inventory(found)
        case .unexpected: "check the product and version with `ncdump -h`"
        case .refused(_, _, _, let remedy): remedy
        case .otherScale: "the file has no columns on another scale: leave --scale out"
        }
    }

    private static func inventory(_ found: [String]) -> String {
        guard !found.isEmpty else { return "the file has no variables" }
        return "the file holds \(found.prefix(40).joined(separator: ", "))\(found.count > 40 ? ", ..." : "")"
    }
}
