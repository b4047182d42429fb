public import Observations
public import Quantities

/// Sums over soundings that show biases between footprints, surfaces, modes and swaths; no sounding is kept.
///
/// Add the batches of a file in the order of the file, in any blocks, then ``finish()``. Sums of files may be merged
/// in any order: the report has the same bits.
public struct BiasSums: Sendable {
    public let settings: BiasSettings
    public let gas: Gas
    var products: Set<String> = []
    var soundings = 0
    var pairs: FootprintPairs
    /// Land minus water, over cells and days of one file.
    var coasts = CellContrast()
    /// By cell and month, for each mode that the cell was seen in.
    var modes = KindTable(kinds: ObservationMode.allCases.count)
    var jumps: [SwathJump] = []
    /// Soundings of each kind of surface.
    var surfaceCounts = [Int](repeating: 0, count: SurfaceKind.allCases.count)
    /// Pairs of swaths compared.
    var comparedSwaths = 0

    private var surfaces = KindTable(kinds: SurfaceKind.allCases.count)
    private var scene: SwathScene
    private var frame: [(footprint: Int, value: Double)] = []
    private var frameStart = Instant(microseconds: 0)

    /// Beyond that many, jumps are counted and no longer listed.
    static let mostJumps = 10_000

    public init(gas: Gas, settings: BiasSettings? = nil) {
        self.gas = gas
        self.settings = settings ?? BiasSettings(gas: gas)
        pairs = FootprintPairs(reach: self.settings.footprintReach)
        scene = SwathScene(self.settings)
    }

    /// - Parameter excluded: identifiers of soundings that another file gave already.
    /// - Throws: ``AnalysisError/differentGas(_:other:)``
    public mutating func add(
        _ batch: SoundingBatch,
        excluding excluded: Set<UInt64> = []
    ) throws(AnalysisError) {
        guard batch.gas == gas else { throw .differentGas(batch.gas, other: gas) }
        products.insert(batch.product)
        let reference = gas.referencePartsPerMillion
        var days = WindowFinder(.day)
        var months = WindowFinder(.month)
        for index in 0..<batch.count {
            guard SoundingRow.rejection(batch, index, withProfiles: false) == nil,
                abs(batch.latitudes[index]) <= 90, abs(batch.longitudes[index]) <= 360
            else { continue }
            if !excluded.isEmpty, excluded.contains(batch.ids[index]) { continue }
            soundings += 1
            let value = batch.columns[index] - reference
            addToFrame(batch, index, value)
            if let day = days.index(of: batch.times[index]) { addSurface(batch, index, value, Int(day)) }
            if let month = months.index(of: batch.times[index]) { addMode(batch, index, value, Int(month)) }
            addToScene(batch, index, value)
        }
    }

    private mutating func addToFrame(_ batch: SoundingBatch, _ index: Int, _ value: Double) {
        guard !batch.footprints.isEmpty else { return }
        let footprint = Int(batch.footprints[index]) - 1
        guard (0..<FootprintPairs.mostFootprints).contains(footprint) else { return }
        let seconds = batch.times[index].seconds(since: frameStart)
        let isNew =
            frame.isEmpty || abs(seconds) > settings.frameSeconds
            || frame.contains { $0.footprint == footprint }
        if isNew {
            closeFrame()
            frameStart = batch.times[index]
        }
        frame.append((footprint, value))
    }

    private mutating func closeFrame() {
        pairs.add(frame: frame, at: frameStart)
        frame.removeAll(keepingCapacity: true)
    }

    private mutating func addSurface(_ batch: SoundingBatch, _ index: Int, _ value: Double, _ day: Int) {
        guard !batch.surfaces.isEmpty else { return }
        let surface = batch.surfaces[index]
        surfaceCounts[Int(surface.rawValue)] += 1
        guard surface == .land || surface == .water else { return }
        let key = CellKey(
            window: day,
            longitude: batch.longitudes[index],
            latitude: batch.latitudes[index],
            degrees: settings.coastDegrees
        )
        surfaces.add(value, kind: Int(surface.rawValue), at: key)
    }

    private mutating func addMode(_ batch: SoundingBatch, _ index: Int, _ value: Double, _ month: Int) {
        guard !batch.modes.isEmpty else { return }
        let mode = batch.modes[index]
        guard mode != .unknown, mode != .transition else { return }
        let key = CellKey(
            window: month,
            longitude: batch.longitudes[index],
            latitude: batch.latitudes[index],
            degrees: settings.modeDegrees
        )
        modes.add(value, kind: Int(mode.rawValue), at: key)
    }

    private mutating func addToScene(_ batch: SoundingBatch, _ index: Int, _ value: Double) {
        let sounding = SwathScene.Sounding(
            time: batch.times[index],
            longitude: batch.longitudes[index],
            latitude: batch.latitudes[index],
            value: value
        )
        if !scene.holds(sounding) { closeScene() }
        scene.add(sounding)
    }

    private mutating func closeScene() {
        let found = scene.jumps()
        comparedSwaths += found.count
        jumps += found
        scene = SwathScene(settings)
    }

    /// Closes what waits for the next sounding. Batches added afterwards count as of another file.
    public mutating func finish() {
        closeFrame()
        closeScene()
        let (land, water) = (Int(SurfaceKind.land.rawValue), Int(SurfaceKind.water.rawValue))
        coasts.merge(surfaces.contrast(land, minus: water))
        surfaces = KindTable(kinds: surfaces.kinds)
        orderJumps()
    }

    /// Adds the sums of other files; both are finished.
    ///
    /// - Throws: ``AnalysisError/differentGas(_:other:)``
    public mutating func merge(_ other: BiasSums) throws(AnalysisError) {
        guard other.gas == gas else { throw .differentGas(other.gas, other: gas) }
        products.formUnion(other.products)
        soundings += other.soundings
        pairs.merge(other.pairs)
        coasts.merge(other.coasts)
        for index in surfaceCounts.indices { surfaceCounts[index] += other.surfaceCounts[index] }
        modes.merge(other.modes)
        jumps += other.jumps
        comparedSwaths += other.comparedSwaths
        orderJumps()
    }

    /// The largest are kept, in an order that does not depend on that of the files.
    private mutating func orderJumps() {
        jumps.sort { $0.order < $1.order }
        if jumps.count > Self.mostJumps { jumps.removeLast(jumps.count - Self.mostJumps) }
    }
}

extension SwathJump {
    fileprivate var order: (Double, Double, Double, Double, Double) {
        (-abs(finding.z ?? 0), firstSeconds, secondSeconds, longitude, latitude)
    }
}
