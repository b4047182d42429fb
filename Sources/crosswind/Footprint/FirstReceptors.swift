import Report
import Transport

/// What pages draw of the first receptors of the user, in whatever order these are followed.
struct FirstReceptors: Sendable {
    private(set) var shown: [(place: Int, value: (receptor: Receptor, field: FootprintField))] = []
    private(set) var plumes: [(place: Int, value: (receptor: Receptor, particles: ParticleTable))] = []

    private static let mostShown = 6
    private static let mostPlumes = 2

    mutating func show(_ value: (receptor: Receptor, field: FootprintField), at place: Int) {
        shown.append((place, value))
        shown.sort { $0.place < $1.place }
        shown = Array(shown.prefix(Self.mostShown))
    }

    /// - Parameter rows: most of them that are kept.
    mutating func show(_ value: (receptor: Receptor, particles: ParticleTable), at place: Int, rows: Int) {
        guard plumes.count < Self.mostPlumes || plumes.contains(where: { $0.place > place }) else { return }
        plumes.append((place, (value.receptor, value.particles.thinned(to: rows))))
        plumes.sort { $0.place < $1.place }
        plumes = Array(plumes.prefix(Self.mostPlumes))
    }
}
