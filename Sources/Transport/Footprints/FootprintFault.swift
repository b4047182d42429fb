public import Quantities

/// Why a footprint and what it is multiplied with do not fit.
public enum FootprintFault: Fault, Equatable {
    /// Part of the footprint sum that lies where or when no flux is known.
    case missingFlux(receptor: String, share: Double)
    case gridsDiffer(String)
    case badFlux(String)
    case badCurtain(String)
    /// Part of the particles for which the curtain has no mole fraction.
    case missingBoundary(receptor: String, share: Double)
    case differentFootprints(String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .missingFlux(_, let share): "no flux for \(Self.percent(share)) of the footprint"
        case .gridsDiffer(let text): "the grids of footprint and flux differ: \(text)"
        case .badFlux(let text): "flux does not fit: \(text)"
        case .badCurtain(let text): "boundary mole fractions do not fit: \(text)"
        case .missingBoundary(_, let share):
            "no boundary mole fraction for \(Self.percent(share)) of the particles"
        case .differentFootprints(let text): "footprints cannot be combined: \(text)"
        }
    }

    public var place: String {
        switch self {
        case .missingFlux(let receptor, _), .missingBoundary(let receptor, _): receptor
        default: ""
        }
    }

    public var remedy: String {
        switch self {
        case .missingFlux:
            "give a flux of all hours and cells that the footprint reaches, or let the share be counted"
        case .gridsDiffer: "bring the flux to the grid of the footprint"
        case .missingBoundary: "give a curtain of all times and heights, or let the share be counted"
        default: ""
        }
    }

    private static func percent(_ share: Double) -> String {
        let tenths = (share * 1000).rounded()
        return "\(tenths / 10) %"
    }
}
