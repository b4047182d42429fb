public import NetCDF
public import Quantities
public import Transport

/// Files of meteorology that cannot be read, or not together.
public enum MeteorologyError: Fault, Equatable {
    /// Neither NetCDF nor ARL packed, or NetCDF of no model that is known.
    case unrecognised(path: String, why: String)
    /// Files of several models at once.
    case mixedModels([String])
    /// Files whose grids or levels do not fit each other.
    case differentGrids(String, String, why: String)
    /// Two files give different values for the same variable and time.
    case contradiction(variable: String, time: Instant, String, String)
    /// The box and the grid have no cell in common.
    case outsideGrid(paths: [String])
    /// No time within the window has all that is needed.
    case noTimes(paths: [String], why: String)
    /// A nest that follows a storm: its grid is another at each time.
    case movingNest(path: String, from: Instant, to: Instant)
    /// Content that is understood and cannot be used.
    case unsupported(path: String, what: String, remedy: String)
    /// A record of an ARL packed file that breaks off or contradicts itself.
    case damagedRecord(path: String, record: Int, time: String, variable: String, what: String)
    /// A row of a table of wind.
    case badRow(path: String, line: Int, what: String)
    /// Fields of which no state of the air can be made.
    case fields(MeteorologyProblem, paths: [String], time: Instant)
    case netCDF(NetCDFError)
    case missingFile(path: String)
    case inputOutput(path: String, reason: String)

    public var exitStatus: ExitStatus {
        switch self {
        case .netCDF(let error): error.exitStatus
        case .missingFile, .noTimes: .missingInput
        case .inputOutput: .inputOutput
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .unrecognised(_, let why): "not meteorology that is known (\(why))"
        case .mixedModels: "files of several models cannot be read as one"
        case .differentGrids(_, _, let why): "the grids of two files differ (\(why))"
        case .contradiction(let variable, let time, _, _):
            "two files give different values of \(variable) at \(time)"
        case .outsideGrid: "the grid does not reach into the box"
        case .noTimes(_, let why): "no time has all that is needed (\(why))"
        case .movingNest(_, let from, let to): "the nest moves between \(from) and \(to)"
        case .unsupported(_, let what, _), .badRow(_, _, let what): what
        case .damagedRecord(_, _, _, _, let what): what
        case .fields(let problem, _, _): problem.what
        case .netCDF(let error): error.what
        case .missingFile: "no such file"
        case .inputOutput(_, let reason): reason
        }
    }

    public var place: String {
        switch self {
        case .unrecognised(let path, _), .movingNest(let path, _, _), .unsupported(let path, _, _),
            .missingFile(let path), .inputOutput(let path, _):
            path
        case .mixedModels(let paths), .outsideGrid(let paths), .noTimes(let paths, _):
            paths.joined(separator: ", ")
        case .differentGrids(let a, let b, _), .contradiction(_, _, let a, let b): "\(a), \(b)"
        case .damagedRecord(let path, let record, let time, let variable, _):
            [path, "record \(record)", time, variable].filter { !$0.isEmpty }.joined(separator: ", ")
        case .badRow(let path, let line, _): "\(path), line \(line)"
        case .fields(let problem, let paths, let time):
            (paths + ["\(time)", problem.place]).filter { !$0.isEmpty }.joined(separator: ", ")
        case .netCDF(let error): error.place
        }
    }

    public var remedy: String {
        switch self {
        case .unrecognised: "give ERA5 or wrfout NetCDF files, or ARL packed files"
        case .mixedModels: "run once with each"
        case .differentGrids: "give files of one grid, or fetch them for the same area"
        case .contradiction: "leave out one of the two files"
        case .outsideGrid: "fetch the meteorology of the area of the receptors"
        case .noTimes: "add files so that each hour has winds, temperature and surface pressure"
        case .movingNest: "run with a domain that does not move, such as the parent of the nest"
        case .damagedRecord: "fetch the file again"
        case .unsupported(_, _, let remedy): remedy
        case .badRow: "correct or remove the row"
        case .fields(let problem, _, _): problem.remedy
        case .netCDF(let error): error.remedy
        case .missingFile: "check the path"
        case .inputOutput: "check space and permissions"
        }
    }
}
