import Formats
import NetCDF
import Quantities
import Transport

/// Boundary mole fractions and where particles left the domain, as the operator of the boundary takes them.
enum CurtainFile {
    @NetCDFThread
    static func read(_ path: String) throws -> Transport.BoundaryCurtain {
        let times = try BoundaryCurtainFile.read(path)
        var faces: [BoundaryFace: Transport.BoundaryCurtain.Face] = [:]
        for (number, side) in BoundaryFace.allCases.enumerated() {
            guard let first = times.first?.faces[number] else { continue }
            faces[side] = Transport.BoundaryCurtain.Face(
                cells: try BoundaryFaceCells(heightMetres: first.heightsMetres, places: first.degrees),
                partsPerMillion: times.flatMap { $0.faces[number].values }
            )
        }
        return try Transport.BoundaryCurtain(times: times.map(\.time), faces: faces)
    }

    static func sensitivity(
        _ boundary: FootprintBoundary,
        of receptor: FootprintReceptor
    ) throws(FootprintFault) -> BoundarySensitivity {
        var faces: [BoundaryFace: BoundarySensitivity.Face] = [:]
        for (side, own) in zip(BoundaryFace.allCases, boundary.faces) {
            faces[side] = BoundarySensitivity.Face(
                cells: try BoundaryFaceCells(heightMetres: own.heightsMetres, places: own.degrees),
                shares: own.values
            )
        }
        return try BoundarySensitivity(receptor: receptor.name, time: receptor.time, faces: faces)
    }
}
