public import Quantities

/// A coordinate reference system that cannot serve as the plane of a grid.
public enum PROJError: Fault, Equatable {
    /// No code, name, PROJ string or well-known text of a system; the words of the library.
    case unknown(String, reason: String)
    /// Not the plane of a map projection but something else: in a few words.
    case notProjected(String, kind: String)
    /// Its axes are not metres east and north.
    case otherAxes(String, axes: String)
    /// The best way from WGS 84 needs a file of shifts that is not installed.
    case missingGrid(String, file: String)
    /// No way from WGS 84 is known, and its ellipsoid is another.
    case unrelatedDatum(String)
    /// The library has no transformation that it could carry out.
    case noTransformation(String)

    public var exitStatus: ExitStatus {
        switch self {
        case .missingGrid: .unavailable
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .unknown(_, let reason): "not a coordinate reference system (\(reason))"
        case .notProjected(_, let kind): "not a map projection but \(kind)"
        case .otherAxes(_, let axes): "its axes are not metres east and north but \(axes)"
        case .missingGrid(_, let file):
            "the way from WGS 84 needs the grid file \(file), which is not installed"
        case .unrelatedDatum: "no transformation from WGS 84 to its datum is known"
        case .noTransformation: "it cannot be computed"
        }
    }

    public var place: String {
        switch self {
        case .unknown(let text, _), .notProjected(let text, _), .otherAxes(let text, _),
            .missingGrid(let text, _), .unrelatedDatum(let text), .noTransformation(let text):
            text
        }
    }

    public var remedy: String {
        switch self {
        case .unknown:
            "give a code such as EPSG:32650, or a PROJ string such as +proj=laea +lat_0=35 +lon_0=105"
        case .notProjected(_, let kind) where kind.contains("longitude"):
            "grids of longitude and latitude are defined by box and step_degrees"
        case .notProjected, .noTransformation: "choose a projected coordinate reference system"
        case .otherAxes: "choose a system in metres, or the same projection by a PROJ string"
        case .missingGrid: "put the file into the data folder of PROJ, or choose a system on WGS 84"
        case .unrelatedDatum: "choose a system on WGS 84, or add +datum=WGS84 to the PROJ string"
        }
    }
}
