public import Geo
import Quantities

/// Makes footprints of particles as STILT does (Lin et al. 2003, JGR 108, 4493; Fasoli et al. 2018, Geosci. Model Dev.
/// 11, 2813): the influence of each row goes to the cell below the particle and is spread by a Gaussian kernel that
/// widens with the spread and the age of the particles, so that few particles give a smooth footprint.
///
/// A pure function of the table: the order of the particles moves a value by rounding alone, and each receptor can be
/// computed on a thread of its own.
public struct FootprintGridding: Sendable {
    public struct Options: Hashable, Sendable {
        /// Factor on the width of the kernel; 0 for none.
        public var smoothing = 1.0
        /// Whether emissions are told apart by the hour before the receptor.
        public var isHourly = true
        /// How many particles were released; nil for the number of distinct ones in the table.
        public var releasedParticles: Int?
        /// Whether rows are put between those of the first 100 minutes where particles cross more than a cell in a
        /// step. STILT-R and PYSTILT 0.1 set out to do so, but drop the rows again for want of a height in them.
        public var refinesEarlySteps = true
        public var projectedKernel = ProjectedKernel.earth

        public init() {}
    }

    /// How wide the kernel is on a projected grid. STILT's rule is empirical in degrees: it takes the fourth root of a
    /// variance, so its width depends on the unit of the grid.
    public enum ProjectedKernel: Hashable, Sendable {
        /// As wide on the ground as the same particles would have it in degrees of latitude.
        case earth
        /// The rule with metres for degrees, as STILT does: in effect hardly any smoothing.
        case stilt
    }

    public let options: Options

    /// - Precondition: the smoothing is a number and not negative; at least one particle was released.
    public init(_ options: Options = Options()) {
        precondition(options.smoothing.isFinite && options.smoothing >= 0, "smoothing below zero")
        precondition(options.releasedParticles ?? 1 > 0, "no particle was released")
        self.options = options
    }

    /// The footprint of a receptor on a grid, with a layer for each hour in which a particle was influenced over it.
    ///
    /// Longitudes may have any turn; a grid round the Earth has no edge at its ends. Rows that are not numbers are
    /// left out and counted.
    public func footprint(of table: ParticleTable, for receptor: Receptor, on grid: CellGrid)
        -> GriddedFootprint
    {
        var account = GriddingAccount()
        account.rows = table.count
        var tracks = PlaneTracks(table, grid: grid, near: receptor.meanPlace.longitude)
        account.unusableRows = table.count - tracks.count
        account.particles = tracks.particleCount
        let divisor = Double(options.releasedParticles ?? max(1, tracks.particleCount))
        account.influence = tracks.influence.reduce(0) { $1 > 0 ? $0 + $1 : $0 } / divisor
        let before = tracks.count
        if options.refinesEarlySteps {
            tracks.refineEarlySteps(cell: SIMD2(grid.plane.across.step, grid.plane.along.step))
        }
        account.interpolatedRows = tracks.count - before
        var groups = AgeGroups(tracks)
        groups.findWidths(grid, options)
        var surface = KernelSurface(groups, grid: grid, isHourly: options.isHourly)
        let layers = surface.layers(dividedBy: divisor, receptor.time)
        account.influenceOverGrid = surface.influenceOverGrid / divisor
        account.griddedInfluence = layers.reduce(0) { $0 + $1.values.reduce(0, +) }
        let footprint = ReceptorFootprint(
            receptor: receptor.name,
            time: receptor.time,
            averagingSeconds: receptor.averagingSeconds,
            place: receptor.meanPlace,
            grid: grid,
            layers: layers
        )
        let emptiness = layers.isEmpty ? Self.emptiness(account, tracks) : nil
        return GriddedFootprint(footprint: footprint, account: account, emptiness: emptiness)
    }

    private static func emptiness(_ account: GriddingAccount, _ tracks: PlaneTracks) -> EmptyFootprint {
        if account.rows == 0 { return .noParticles }
        if tracks.count == 0 { return .noUsableRow(rows: account.rows) }
        if account.influence <= 0 { return .noSurfaceInfluence(particles: account.particles) }
        return .outsideGrid(particles: account.particles)
    }
}
