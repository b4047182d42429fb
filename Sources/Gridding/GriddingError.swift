public import Quantities

/// Soundings that must not be averaged together.
public enum GriddingError: Fault, Equatable {
    case differentGas(String, product: String)
    /// Calibration scales are never mixed.
    case differentScale(String, product: String)
    case differentLevels(Int, product: String)
    /// The same sounding with other numbers, e.g. from an older build.
    case conflictingSounding(UInt64, product: String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .differentGas(let gas, _): "soundings of another gas (\(gas)) cannot be averaged with the first"
        case .differentScale(let scale, _): "soundings on another scale (\(scale)) cannot be averaged"
        case .differentLevels(let count, _): "profiles with \(count) levels cannot be averaged with others"
        case .conflictingSounding(let id, _): "sounding \(id) came twice with different numbers"
        }
    }

    public var place: String {
        switch self {
        case .differentGas(_, let product), .differentScale(_, let product), .differentLevels(_, let product),
            .conflictingSounding(_, let product):
            product
        }
    }

    public var remedy: String {
        switch self {
        case .conflictingSounding: "grid one build of the product at a time"
        default: "grid each product on its own"
        }
    }
}
