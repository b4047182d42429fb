public import Quantities

/// Footprints, fluxes and observations that make no problem together.
public enum FootprintProblemError: Fault, Equatable {
    case noFlux
    case gasesDiffer(String, file: String)
    case repeatedSector(String)
    case noFluxOnGrid(file: String)
    /// No cell has a value at any time.
    case blankFlux(file: String)
    /// Two that cannot both be right.
    case contradiction(observation: String, why: String)
    case noRegions
    case noCells(basis: String, sector: String)
    /// An element that emits and takes up has no mean flux to solve for.
    case mixedSigns(element: String)
    case noPriorFlux(element: String)
    case noObservations(reasons: [String])
    case noBoundary(file: String)
    /// A mole fraction has a part that no flux within the grid explains.
    case noBackground(observation: String)
    case noStations(file: String)
    case tooLarge(rows: Int, states: Int)

    public var exitStatus: ExitStatus {
        switch self {
        case .noRegions, .noStations: .usage
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .noFlux: "there is no flux"
        case .gasesDiffer(let text, _): text
        case .repeatedSector(let sector): "two fluxes of sector `\(sector)`"
        case .noFluxOnGrid: "no flux lies on the grid of the footprints"
        case .blankFlux: "no cell has a value"
        case .contradiction(_, let why): "observed twice, and not the same: \(why)"
        case .noRegions: "a basis of regions without regions"
        case .noCells(let basis, let sector):
            "the basis \(basis) has no cell with a flux" + (sector.isEmpty ? "" : " of sector `\(sector)`")
        case .mixedSigns: "the element emits and takes up, so that its mean flux is no scale of its parts"
        case .noPriorFlux: "the element has no prior flux and so no standard deviation"
        case .noObservations: "no observation can be used"
        case .noBoundary: "the footprints do not tell where their particles left the domain"
        case .noBackground: "the observation is no enhancement and has no background"
        case .noStations: "a store tells readings by station, and no network says which are wanted"
        case .tooLarge(let rows, let states):
            "a jacobian of \(rows) x \(states) is too large to be solved in memory"
        }
    }

    public var place: String {
        switch self {
        case .gasesDiffer(_, let file), .noFluxOnGrid(let file), .noBoundary(let file), .noStations(let file),
            .blankFlux(let file):
            file
        case .noBackground(let observation), .contradiction(let observation, _): observation
        case .mixedSigns(let element), .noPriorFlux(let element): element
        case .noObservations(let reasons): reasons.joined(separator: "; ")
        default: ""
        }
    }

    public var remedy: String {
        switch self {
        case .repeatedSector: "name them apart: --flux SECTOR=FILE"
        case .blankFlux: "take fluxes that have values"
        case .contradiction:
            "keep one of them; instruments of their own have a `group` each"
        case .noRegions: "give a mask or polygons with the basis"
        case .mixedSigns: "solve for scaling factors, or give sources and sinks as sectors of their own"
        case .noPriorFlux: "say the least standard deviation of a flux"
        case .noObservations(let reasons) where reasons.contains { $0.contains("missing_boundary") }:
            "take boundary conditions of the places and times where particles leave, or leave the boundary out"
        case .noObservations(let reasons) where reasons.contains { $0.contains("missing_flux") }:
            "take fluxes of the cells and times that the footprints reach, or --blank-is-zero (blank_is_zero in a "
                + "case) where the file leaves cells blank that emit nothing"
        case .noObservations:
            "names and times of observations are those of the footprints: --inspect tells them"
        case .noBoundary: "leave the boundary out and give a background with the observations"
        case .noBackground: "give background_ppm with it, or --boundary"
        case .noStations: "give the network files"
        case .tooLarge: "choose a coarser basis, or solve the problem file by `crosswind invert`"
        default: ""
        }
    }
}
