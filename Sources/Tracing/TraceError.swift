public import Quantities

/// Why nothing can be said about sources.
public enum TraceError: Fault, Equatable {
    case noReadings
    case noWind
    /// Of readings and wind.
    case noCommonTime
    case tooFarApart(String, kilometres: Double)
    case tooManyPlaces(Int)
    case tooManyWindows(Int)

    public static let farthestKilometres = 20.0
    public static let mostPlaces = 100_000
    public static let mostWindows = 1_000_000

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .noReadings: "no reading can be used"
        case .noWind: "no wind can be used"
        case .noCommonTime: "no reading falls into a time of known wind"
        case .tooFarApart(_, let kilometres): "\(rounded(kilometres)) km from the first sensor"
        case .tooManyPlaces(let count): "\(count) places to look at"
        case .tooManyWindows(let count): "\(count) windows of time between the first and the last reading"
        }
    }

    public var place: String {
        if case .tooFarApart(let name, _) = self { return name }
        return ""
    }

    public var remedy: String {
        switch self {
        case .noReadings, .noWind: "give values with times and places"
        case .noCommonTime: "give the wind of the time of the readings, in UTC"
        case .tooFarApart:
            "plumes of one wind reach \(rounded(Self.farthestKilometres)) km; check the coordinates"
        case .tooManyPlaces: "look at no more than \(Self.mostPlaces): take a smaller box or longer steps"
        case .tooManyWindows: "take longer windows or a part of the time"
        }
    }

    private func rounded(_ value: Double) -> String {
        Int(exactly: value.rounded()).map(String.init) ?? "\(value)"
    }
}
