public import Quantities

/// Fields of which no state of the air can be made.
public enum MeteorologyProblem: Fault, Equatable {
    /// Surface pressure is not given, nor what it follows from.
    case noSurfacePressure
    /// The height of the terrain is not given, nor what it follows from.
    case noTerrain
    /// A field that cannot be done without.
    case absent(String)
    /// A field of another size than the grid.
    case size(String, count: Int, expected: Int)
    /// A value above the ground is missing or not a number.
    case missingValue(String, level: Int, cell: Int)
    /// A value that no air on Earth has: another unit, or a damaged field.
    case impossible(String, value: Double, allowed: String, level: Int, cell: Int)
    /// No level of a column lies above the ground.
    case noLevelAboveGround(cell: Int)
    /// Heights of a column do not ascend.
    case heightsDoNotAscend(cell: Int, level: Int)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .noSurfacePressure: "surface pressure is missing"
        case .noTerrain: "the height of the terrain is missing"
        case .absent(let name): "\(name) is missing"
        case .size(let name, let count, let expected): "\(name) has \(count) values where \(expected) belong"
        case .missingValue(let name, _, _): "\(name) has a missing value above the ground"
        case .impossible(let name, let value, let allowed, _, _):
            "\(name) is \(Float(value)), where \(allowed) are possible"
        case .noLevelAboveGround: "all levels lie below the ground"
        case .heightsDoNotAscend: "the heights of the levels do not ascend"
        }
    }

    public var place: String {
        switch self {
        case .missingValue(_, let level, let cell), .impossible(_, _, _, let level, let cell):
            "level \(level + 1) from below, cell \(cell)"
        case .heightsDoNotAscend(let cell, let level): "level \(level + 1) from below, cell \(cell)"
        case .noLevelAboveGround(let cell): "cell \(cell)"
        default: ""
        }
    }

    public var remedy: String {
        switch self {
        case .noSurfacePressure: "add a file with surface pressure (ERA5 `sp`, ARL `PRSS`)"
        case .noTerrain:
            "add a file with the geopotential of the surface (ERA5 `z` of single levels, ARL `SHGT`)"
        case .impossible: "check the unit of the field, or fetch the file again"
        case .noLevelAboveGround: "fetch levels of lower pressure too"
        default: ""
        }
    }
}
