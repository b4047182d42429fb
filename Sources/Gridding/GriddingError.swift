public import Quantities

/// Soundings that must not be averaged together, or sums that cannot be read.
public enum GriddingError: Fault, Equatable {
    case differentGas(String, product: String)
    /// Calibration scales are never mixed.
    case differentScale(String, product: String)
    case differentLevels(Int, product: String)
    /// Values at levels and means over layers.
    case differentSupport(String, product: String)
    /// The same sounding with other numbers, e.g. from an older build.
    case conflictingSounding(UInt64, product: String)
    /// Stored sums of a projected grid that is not the one asked for.
    case differentGrid
    /// Stored sums that are cut off, changed, or of another version; the reason in a few words.
    case damagedSums(String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .differentGas(let gas, _): "soundings of another gas (\(gas)) cannot be averaged with the first"
        case .differentScale(let scale, _): "soundings on another scale (\(scale)) cannot be averaged"
        case .differentLevels(let count, _): "profiles with \(count) levels cannot be averaged with others"
        case .differentSupport(let support, _): "profiles of \(support) cannot be averaged with others"
        case .conflictingSounding(let id, _): "sounding \(id) came twice with different numbers"
        case .differentGrid: "stored sums are on another projected grid"
        case .damagedSums(let reason): "stored sums cannot be read: \(reason)"
        }
    }

    public var place: String {
        switch self {
        case .differentGas(_, let product), .differentScale(_, let product), .differentLevels(_, let product),
            .differentSupport(_, let product), .conflictingSounding(_, let product):
            product
        case .differentGrid, .damagedSums: ""
        }
    }

    public var remedy: String {
        switch self {
        case .conflictingSounding: "grid one build of the product at a time"
        case .differentGrid: "use another folder, or the options of the run that filled it"
        case .damagedSums: "delete the stored sums and grid the file again"
        default: "grid each product on its own"
        }
    }
}
