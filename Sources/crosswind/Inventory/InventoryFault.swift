import Foundation
import Quantities

/// Findings about an inventory that end the run.
enum InventoryFault: Fault, Equatable {
    case totalsDiffer(path: String, relativeDifference: Double)
    case otherGrid(path: String)
    case noCategory(path: String, name: String, known: [String])
    case maskHasNoEdges(path: String)
    case gridElsewhere(path: String, grid: String)
    case noHours(path: String)
    case noEmission(path: String)

    var exitStatus: ExitStatus { .badData }

    var what: String {
        switch self {
        case .totalsDiffer(_, let difference):
            "the cells sum to \(String(format: "%+.2f", 100 * difference)) % of the file's own total"
        case .otherGrid: "the mask is on another grid than the flux"
        case .noCategory(_, let name, _): "no category `\(name)`"
        case .maskHasNoEdges: "a mask has no edges to be near to"
        case .gridElsewhere(_, let grid): "no cell of the grid \(grid) lies within the inventory"
        case .noHours: "a period is no whole number of hours, or the profiles are 0 throughout it"
        case .noEmission: "a period has no emission to divide"
        }
    }

    var place: String {
        switch self {
        case .totalsDiffer(let path, _), .otherGrid(let path), .noCategory(let path, _, _),
            .maskHasNoEdges(let path), .gridElsewhere(let path, _), .noHours(let path), .noEmission(let path):
            path
        }
    }

    var remedy: String {
        switch self {
        case .totalsDiffer: "fetch the whole file, or accept it with --allow-mismatch"
        case .otherGrid: "give a mask with the same cells, or outlines in GeoJSON"
        case .noCategory(_, let name, let known):
            nearest(to: name, among: known).map { "is it `\($0)`?" }
                ?? "the file has \(known.joined(separator: ", "))"
        case .maskHasNoEdges: "leave --remainder out, or give outlines in GeoJSON"
        case .gridElsewhere: "choose a grid that overlaps it"
        case .noHours: "give profiles that emit in it"
        case .noEmission: "choose another file or category"
        }
    }
}
