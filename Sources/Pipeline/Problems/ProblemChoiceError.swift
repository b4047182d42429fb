public import Quantities

/// A choice that a problem cannot be asked for, as its file does not say what is needed.
public enum ProblemChoiceError: Fault, Equatable {
    case noBackground
    case noPlaces
    case noGroups
    case noTimes
    case noModelError
    case noRegions
    case correlatedPrior
    /// Places that are on no regular grid, or two at one.
    case noGrid
    case tooManyObservations(most: Int)
    /// A sequential inversion was begun with another state, prior or totals.
    case anotherState
    /// The same, where one element of a variable can be named.
    case anotherElement(String, was: String, is: String)
    /// It was begun with other settings.
    case otherSettings(String)
    /// Periods without any observation, longer than is believed.
    case gap(days: Double)
    /// Observation errors that reach from one period, or run, into another.
    case correlatedPeriods(row: Int, column: Int)
    /// A case that is not one problem with an error model of its own.
    case unfitCase(String, file: String)
    /// The file of a sequential inversion cannot be read.
    case damagedState(String, file: String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .noBackground: "no element of the state is a boundary or a background"
        case .noPlaces: "fewer than two elements of the state have a place"
        case .noGroups: "the observations are in no groups"
        case .noTimes: "the observations have no times"
        case .noModelError:
            "the observation errors are correlated, and a model error is not to be told from them"
        case .correlatedPrior: "prior errors are correlated, and this solver takes independent ones"
        case .noRegions: "no element of the state is of a region"
        case .noGrid:
            "the places of elements are on no regular grid, or two of one sector and period at one place"
        case .tooManyObservations(let most): "more than \(most) observations for a full error matrix"
        case .anotherState:
            "the state, its prior errors or totals are not those that the sequence was begun with"
        case .anotherElement(_, let was, let now):
            "is `\(now)` where the sequence was begun with `\(was)`, so that this is another state"
        case .otherSettings(let reason): "the sequence was begun with \(reason)"
        case .gap(let days): "\(Int(days)) days without an observation"
        case .correlatedPeriods: "errors are correlated with those of another period"
        case .unfitCase(let reason, _), .damagedState(let reason, _): reason
        }
    }

    public var place: String {
        switch self {
        case .noBackground: "state_kind"
        case .noPlaces: "state_longitude"
        case .noGroups: "observation_group"
        case .noTimes: "time"
        case .noModelError: "observation_covariance"
        case .correlatedPrior: "prior_covariance, or prior_sigma:correlation_length_km"
        case .noRegions: "state_region"
        case .noGrid: "state_longitude"
        case .tooManyObservations: "observation_value"
        case .anotherState: "prior_sigma, state_name, state_kind or total_weight"
        case .anotherElement(let variable, _, _): variable
        case .otherSettings, .gap: "sequential inversion"
        case .correlatedPeriods(let row, let column): "observation_covariance[\(row), \(column)]"
        case .unfitCase(_, let file), .damagedState(_, let file): file
        }
    }

    public var remedy: String {
        switch self {
        case .correlatedPrior: "take another solver, such as hamiltonian"
        case .noModelError: "leave model-error out"
        case .tooManyObservations: "average them before, or solve without a basis"
        case .anotherState: "begin a new file for another prior"
        case .anotherElement:
            "give the problem the elements in the order, names, groups and units of the first run, or begin a new file"
        case .otherSettings: "leave the options out, or begin a new file"
        case .gap: "check the times, or begin a new file after the gap"
        case .correlatedPeriods: "solve the whole time in one batch"
        case .unfitCase: ""
        case .damagedState: "begin anew from the stored observations"
        default: "add the variable to the problem file, or ask for something else"
        }
    }
}
