public import Quantities

/// A series to which no curve can be fitted.
public enum CurveFitError: Fault, Equatable {
    case tooFewValues(Int, needed: Int)
    /// Harmonics of the year need a year at least; both in years.
    case tooShort(years: Double, needed: Double)
    /// The value or the time at this place is NaN or infinite.
    case notFinite(index: Int)
    /// The times do not tell the terms of the curve apart.
    case indeterminate

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .tooFewValues(let count, let needed):
            "a curve needs \(needed) values of the mole fraction, there are \(count)"
        case .tooShort(let years, let needed):
            "a curve needs \(needed) year of data, there are \((years * 1000).rounded() / 1000)"
        case .notFinite: "a value or time is not finite"
        case .indeterminate: "the times do not tell the terms of the curve apart"
        }
    }

    public var place: String {
        switch self {
        case .notFinite(let index): "value \(index)"
        case .tooFewValues, .tooShort, .indeterminate: ""
        }
    }

    public var remedy: String {
        switch self {
        case .tooFewValues, .tooShort: "take a longer record, or --background percentile"
        case .notFinite: "leave it out"
        case .indeterminate: "take fewer terms or a record with fewer gaps"
        }
    }
}
