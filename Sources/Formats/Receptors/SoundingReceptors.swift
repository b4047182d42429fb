public import Geo
public import Observations
public import Quantities
public import Transport

/// The receptors of satellite soundings: one column each, with its own kernel.
public struct SoundingReceptors: Sendable {
    /// In the order of the file, named `product-id`.
    public let plans: [ColumnPlan]
    /// The same in the standard atmosphere above their surface pressures.
    public var receptors: [Receptor] { plans.map { $0.receptor() } }
    /// Good soundings that were looked at, and those outside the box or the time.
    public let good: Int
    public let outside: Int
    /// Soundings inside that thinning left out.
    public let thinned: Int

    /// Which soundings are wanted.
    public struct Selection: Sendable {
        /// Degrees; nil for everywhere.
        public var box: BoundingBox?
        public var period: Period?
        /// One of so many, in the order of the file; 1 for all.
        public var oneOf = 1
        /// m above ground.
        public var topMetres = 6000.0

        public init() {}
    }

    /// Reads a file; blocks meanwhile.
    ///
    /// - Throws: what ``SoundingFile`` throws, and ``ReceptorListError`` where nothing is left.
    public static func read(_ path: String, _ selection: Selection) async throws -> SoundingReceptors {
        var options = SoundingOptions()
        options.fields = [.profiles, .identity]
        // Footprints need no uncertainty.
        options.assumedUncertainty = 1
        let file = try await SoundingFile.open(path, options: options)
        return try SoundingReceptors(try file.readAll(), selection, file: path)
    }

    /// - Parameter batch: with profiles; without them each column sees all air alike.
    public init(_ batch: SoundingBatch, _ selection: Selection, file: String) throws(ReceptorListError) {
        guard let releases = ColumnReleases(topMetres: selection.topMetres), selection.oneOf > 0 else {
            throw ReceptorListError(
                reason: "the top is from 100 m to 50 km, one of at least 1",
                file: file
            )
        }
        var plans: [ColumnPlan] = []
        var inside = 0
        for index in 0..<batch.count where Self.isWanted(batch, index, selection) {
            inside += 1
            guard (inside - 1) % selection.oneOf == 0 else { continue }
            guard let plan = Self.plan(batch, index, releases) else {
                throw ReceptorListError(
                    reason: "sounding \(index + 1) has pressures or a kernel that make no column",
                    file: file
                )
            }
            plans.append(plan)
        }
        guard !plans.isEmpty else {
            throw ReceptorListError(reason: "no good sounding within the box and the time", file: file)
        }
        self.plans = plans
        good = batch.count
        outside = batch.count - inside
        thinned = inside - plans.count
    }

    private static func isWanted(_ batch: SoundingBatch, _ index: Int, _ selection: Selection) -> Bool {
        if let period = selection.period, !period.contains(batch.times[index]) { return false }
        guard let box = selection.box else { return true }
        return Position(longitude: batch.longitudes[index], latitude: batch.latitudes[index])
            .map(box.contains) ?? false
    }

    private static func plan(_ batch: SoundingBatch, _ index: Int, _ releases: ColumnReleases)
        -> ColumnPlan?
    {
        let count = batch.pressureCount
        let pressures = batch.pressures[(index * count)..<((index + 1) * count)].map { $0 * 100 }
        // Without profiles the ground is taken to be at sea level.
        let surface = pressures.max() ?? 101_325
        let levels = (index * batch.levels)..<((index + 1) * batch.levels)
        let kernel =
            batch.levels == 0
            ? ColumnKernel(uniformBelowPascal: surface)
            : ColumnKernel(
                pressuresPascal: pressures,
                averagingKernel: Array(batch.averagingKernels[levels]),
                pressureWeight: Array(batch.pressureWeights[levels]),
                support: batch.profileSupport == .layers ? .layers : .levels
            )
        guard let kernel else { return nil }
        let id = index < batch.ids.count ? "\(batch.ids[index])" : "\(index + 1)"
        return ColumnPlan(
            name: "\(batch.gas.rawValue)-\(id)",
            time: batch.times[index],
            longitude: batch.longitudes[index],
            latitude: batch.latitudes[index],
            kernel: kernel,
            surfacePascal: surface,
            releases: releases
        )
    }
}
