import Quantities

/// Fluxes, or mole fractions at the boundary, that meet nothing of what they go with: what they give would be a number
/// made of nothing.
enum CompanionFault: Fault, Equatable {
    /// Boxes as W,S,E,N in degrees.
    case fluxOffGrid(file: String, flux: String, grid: String)
    /// No cell has a value at any time.
    case blankFlux(file: String)
    /// Two footprints of one receptor and time in one file.
    case contradiction(file: String, row: String)
    case fluxOffTime(file: String, flux: Period, needed: Period)
    case curtainOffGrid(file: String, curtain: String, grid: String)
    case curtainOffTime(file: String, first: Instant, last: Instant, needed: Period)
    case gasesDiffer(file: String, curtain: Gas, flux: Gas)
    /// Found when the footprints were there: the file that holds them, nil where they were read.
    case noFluxMet(file: String, written: String?)
    case noParticleAtBoundary(file: String, written: String?)
    case noMoleFractionMet(file: String, written: String?)

    var exitStatus: ExitStatus { .badData }

    var what: String {
        switch self {
        case .fluxOffGrid(_, let flux, let grid):
            "no cell of the grid \(grid) has a flux: those of the file lie within \(flux)"
        case .blankFlux: "no cell has a value"
        case .contradiction(_, let row): "two footprints of \(row) that are not the same"
        case .fluxOffTime(_, let flux, let needed):
            "the fluxes are of \(flux.start) to \(flux.end), the footprints meet those of \(needed.start) to "
                + "\(needed.end)"
        case .curtainOffGrid(_, let curtain, let grid):
            "the curtain is that of the box \(curtain), beside the grid \(grid)"
        case .curtainOffTime(_, let first, let last, let needed):
            "the mole fractions at the boundary are of \(first) to \(last), the particles meet those of "
                + "\(needed.start) to \(needed.end)"
        case .gasesDiffer(_, let curtain, let flux):
            "the mole fractions at the boundary are of \(curtain.formula), the fluxes of \(flux.formula)"
        case .noFluxMet: "no footprint meets a known flux, so that there is no enhancement"
        case .noParticleAtBoundary: "no particle left the grid, so that there is no background"
        case .noMoleFractionMet:
            "no particle met a mole fraction at the boundary, so that there is no background"
        }
    }

    var place: String {
        switch self {
        case .fluxOffGrid(let file, _, _), .fluxOffTime(let file, _, _), .curtainOffGrid(let file, _, _),
            .curtainOffTime(let file, _, _, _), .gasesDiffer(let file, _, _), .noFluxMet(let file, _),
            .noParticleAtBoundary(let file, _), .blankFlux(let file), .contradiction(let file, _),
            .noMoleFractionMet(let file, _):
            file
        }
    }

    var remedy: String {
        switch self {
        case .fluxOffGrid: "take fluxes of the region of the footprints"
        case .blankFlux: "take fluxes that have values"
        case .contradiction: "keep one of them, or give the files names of their own"
        case .fluxOffTime: "take fluxes of these times, or --integrated for their mean over all"
        case .curtainOffGrid: "take boundary conditions of the sides of the grid"
        case .curtainOffTime: "take boundary conditions of these times"
        case .gasesDiffer: "take boundary conditions of the gas of the fluxes"
        case .noFluxMet(_, let written):
            "take fluxes of the cells and times that the footprints reach, or --blank-is-zero where the file leaves "
                + "cells blank that emit nothing" + Self.text(written)
        case .noParticleAtBoundary(_, let written):
            "follow the particles for more --hours, or take a smaller grid" + Self.text(written)
        case .noMoleFractionMet(_, let written):
            "take boundary conditions of the places and times where particles leave" + Self.text(written)
        }
    }

    private static func text(_ written: String?) -> String {
        written.map { "; the footprints themselves are in \($0)" } ?? ""
    }
}
