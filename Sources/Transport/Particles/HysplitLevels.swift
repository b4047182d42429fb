/// The levels that HYSPLIT brings meteorology to: `30 k^2 - 25 k + 5` m above the sea, from the first at 10 m, squeezed
/// over land such that the top of its domain, 25 km, stays level (Draxler and Hess 1998, Aust. Meteorol. Mag. 47, 295).
enum HysplitLevels {
    /// What HYSPLIT 5.1 keeps below its top of 25 km.
    static let count = 28
    static let topMetres: Float = 25_000

    /// How much heights shrink over terrain.
    static func scale(terrainMetres terrain: Float) -> Float {
        max(0.1, 1 - max(0, terrain) / topMetres)
    }

    /// m, of a level counted from 0, before the squeeze.
    @inline(__always)
    static func metres(_ level: Int) -> Float {
        let k = Float(level &+ 1)
        return 5 + k * (30 * k - 25)
    }

    /// The level at or below a height; the first for what lies below that.
    @inline(__always)
    static func level(_ metres: Float) -> Int {
        let index = (25 + (25 + 120 * max(0, metres)).squareRoot()) * (1 / 60) - 1
        var level = max(0, min(count &- 1, Int(Int32(index))))
        // Rounding of the root.
        if level &+ 1 < count, Self.metres(level &+ 1) <= metres { level = level &+ 1 }
        if level > 0, Self.metres(level) > metres { level = level &- 1 }
        return level
    }

    /// The level nearest to a height; of two equally near the lower.
    @inline(__always)
    static func nearest(_ metres: Float) -> Int {
        let below = level(metres)
        guard below &+ 1 < count else { return below }
        let isUpper = self.metres(below &+ 1) - metres < metres - self.metres(below)
        return isUpper ? below &+ 1 : below
    }
}

/// The turbulence over one place and time in layers, each as at its lower level.
public struct TurbulentLayers: Sendable {
    /// m: the depth of the mixed layer here, and of those that the two profiles around were made for.
    let depthMetres: Float
    let earlyDepth: Float
    let lateDepth: Float
    /// Where the profiles begin, and the weight of the later.
    let early: Int
    let late: Int
    let share: Float
    /// See ``HysplitLevels/scale(terrainMetres:)``.
    let scale: Float
    /// The first level that is not below the top of the mixed layer.
    let topLevel: Int

    init(
        depthMetres: Float,
        earlyDepth: Float,
        lateDepth: Float,
        early: Int,
        late: Int,
        share: Float,
        scale: Float
    ) {
        self.depthMetres = depthMetres
        self.earlyDepth = earlyDepth
        self.lateDepth = lateDepth
        self.early = early
        self.late = late
        self.share = share
        self.scale = scale
        let below = HysplitLevels.level(depthMetres / scale)
        let isBelow = HysplitLevels.metres(below) * scale < depthMetres
        topLevel = min(HysplitLevels.count &- 2, isBelow ? below &+ 1 : below)
    }

    /// Lower boundaries count one more than levels: a thin layer lies on top of the mixed layer, so that particles are
    /// not caught in a thick one of weak turbulence.
    static let boundaries = HysplitLevels.count + 1

    @inline(__always)
    func boundary(_ index: Int) -> Float {
        if index <= topLevel { return HysplitLevels.metres(index) * scale }
        let thin = HysplitLevels.metres(index &- 1)
        guard index == topLevel &+ 1 else { return thin * scale }
        return (thin + 0.05 * (HysplitLevels.metres(index) - thin)) * scale
    }

    /// The level whose turbulence a layer has.
    @inline(__always)
    func level(ofLayer index: Int) -> Int {
        index <= topLevel &+ 1 ? index : index &- 1
    }

    /// The layer that holds a height; what is below the second boundary is in the first.
    @inline(__always)
    func layer(_ height: Float) -> Int {
        let level = HysplitLevels.level(height / scale)
        if level < topLevel { return level }
        if level > topLevel { return level &+ 1 }
        return height < boundary(topLevel &+ 1) ? topLevel : topLevel &+ 1
    }
}
