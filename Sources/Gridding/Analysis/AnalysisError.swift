public import Quantities

/// Columns that cannot be analysed together, or at all.
public enum AnalysisError: Fault, Equatable {
    /// Values on different scales have no difference.
    case differentScale(CalibrationScale, other: CalibrationScale)
    case differentGas(Gas, other: Gas)
    case differentGrid
    case tooFew(Int, needed: Int, of: String)
    /// The comparison with columns on the ground needs kernels, pressure weights, priors and pressures.
    case noProfiles(product: String)
    case unevenArrays(String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .differentScale(let scale, let other): "columns on \(scale) cannot be compared with \(other)"
        case .differentGas(let gas, let other):
            "columns of \(gas.rawValue) cannot be compared with \(other.rawValue)"
        case .differentGrid: "maps on different grids cannot be joined"
        case .tooFew(let count, let needed, let name): "\(count) \(name), at least \(needed) are needed"
        case .noProfiles: "soundings without kernels and priors cannot be compared with the ground"
        case .unevenArrays(let name): "arrays of \(name) differ in length"
        }
    }

    public var place: String {
        if case .noProfiles(let product) = self { product } else { "" }
    }

    public var remedy: String {
        switch self {
        case .differentScale: "read both on one scale"
        case .differentGas, .unevenArrays: ""
        case .differentGrid: "grid all on the same cells"
        case .tooFew: "take a longer period, a larger region or larger cells"
        case .noProfiles: "read the soundings with their profiles"
        }
    }
}
