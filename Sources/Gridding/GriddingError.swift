public import Quantities

/// Soundings that must not be averaged together, or sums that cannot be read.
public enum GriddingError: Fault, Equatable {
    case differentGas(String, product: String)
    /// Calibration scales are never mixed.
    case differentScale(String, others: String, product: String)
    /// Profiles of other lengths; 0 stands for soundings without kernels.
    case differentLevels(Int, others: Int, product: String)
    /// Values at levels and means over layers.
    case differentSupport(String, product: String)
    /// Stored sums of a projected grid that is not the one asked for.
    case differentGrid
    /// Stored sums that are cut off, changed, or of another version; the reason in a few words.
    case damagedSums(String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .differentGas(let gas, _): "soundings of another gas (\(gas)) cannot be averaged with the first"
        case .differentScale(let scale, let others, _):
            "soundings \(Self.on(scale)) cannot be averaged with others \(Self.on(others))"
        case .differentLevels(let count, let others, _):
            "soundings with \(Self.kernels(count)) cannot be averaged with others that have \(Self.kernels(others))"
        case .differentSupport(let support, _): "profiles of \(support) cannot be averaged with others"
        case .differentGrid: "stored sums are on another projected grid"
        case .damagedSums(let reason): "stored sums cannot be read: \(reason)"
        }
    }

    public var place: String {
        switch self {
        case .differentGas(_, let product), .differentScale(_, _, let product),
            .differentLevels(_, _, let product), .differentSupport(_, let product):
            product
        case .differentGrid, .damagedSums: ""
        }
    }

    public var remedy: String {
        switch self {
        case .differentGrid: "use another folder, or the options of the run that filled it"
        case .damagedSums: "delete the stored sums and grid the file again"
        case .differentLevels, .differentSupport: "grid each product on its own, or without kernels"
        case .differentGas, .differentScale: "grid each product on its own"
        }
    }

    private static func on(_ scale: String) -> String { CalibrationScale(rawValue: scale).phrase }

    private static func kernels(_ levels: Int) -> String {
        levels == 0 ? "no kernels" : "kernels of \(levels) elements"
    }
}
