import Geo
import Quantities
import Report
import Transport

/// What is made of the particles of a receptor, in the tasks of the run.
struct FinishedReceptor: Sendable {
    let receptor: Receptor
    let footprint: ReceptorFootprint
    let account: GriddingAccount
    let emptiness: EmptyFootprint?
    /// Part of the particles that left the weather before their time was up, by weight.
    let shareLeft: Double
    let boundary: BoundarySensitivity?
    let background: BackgroundRow?
    let enhancement: FluxEnhancement?
    /// All of them where they are written, some for a picture, or none.
    let particles: ReceptorParticles?
}

/// Grids particles and applies what goes with a footprint: a function of the particles alone.
struct ReceptorFinish: Sendable {
    let gridding: FootprintGridding
    let grid: CellGrid
    let operation: FootprintOperator?
    let curtain: BoundaryCurtain?
    /// Forward in time particles do not come from the boundary.
    let hasBoundary: Bool
    let particles: ParticlesKept

    enum ParticlesKept: Sendable {
        case none
        case forPicture(rows: Int)
        case all
    }

    func callAsFunction(_ particles: ReceptorParticles) throws -> FinishedReceptor {
        let receptor = particles.receptor
        let gridded = gridding.footprint(of: particles.table, for: receptor, on: grid)
        let edges = hasBoundary ? particles.edges(of: grid) : []
        return FinishedReceptor(
            receptor: receptor,
            footprint: gridded.footprint,
            account: gridded.account,
            emptiness: gridded.emptiness,
            shareLeft: Self.shareLeft(particles.ends),
            boundary: hasBoundary ? BoundarySensitivity(edges, of: receptor, on: grid) : nil,
            background: background(edges, receptor),
            enhancement: try operation?.enhancement(gridded.footprint),
            particles: kept(particles)
        )
    }

    private func background(_ edges: [EdgeParticle], _ receptor: Receptor) -> BackgroundRow? {
        guard let curtain, let box = grid.boundingBox else { return nil }
        let background = try? curtain.background(
            receptor: receptor.name,
            particles: edges,
            domain: box,
            missing: .counted
        )
        return background.map(BackgroundRow.init)
    }

    private func kept(_ particles: ReceptorParticles) -> ReceptorParticles? {
        switch self.particles {
        case .none: nil
        case .all: particles
        case .forPicture(let rows):
            ReceptorParticles(
                receptor: particles.receptor,
                table: particles.table.thinned(to: rows),
                ends: ParticleEnds()
            )
        }
    }

    private static func shareLeft(_ ends: ParticleEnds) -> Double {
        let all = ends.weight.reduce(0) { $0 + abs($1) }
        let left = zip(ends.weight, ends.hasLeft).reduce(0) { $0 + ($1.1 ? abs($1.0) : 0) }
        return all > 0 ? left / all : 0
    }
}

extension ParticleTable {
    /// Every so many rows, by a number that visits all ages of the particles in turn.
    func thinned(to most: Int) -> ParticleTable {
        guard count > most, most > 0 else { return self }
        var thin = ParticleTable()
        for row in stride(from: 0, to: count, by: (count / most + 1) | 1) {
            thin.particle.append(particle[row])
            thin.minutes.append(minutes[row])
            thin.longitude.append(longitude[row])
            thin.latitude.append(latitude[row])
            thin.heightMetres.append(heightMetres[row])
            thin.influence.append(influence[row])
        }
        return thin
    }
}
