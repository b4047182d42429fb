import Foundation
public import Geo
public import Quantities

/// Meteorology made ready for particles: each hour brought once to common heights above ground, all that is read
/// together side by side.
///
/// Between the nodes everything is linear in columns, rows, height and time. Below 10 m the wind follows the logarithm
/// of the height. The domain reaches from the first to the last node; a grid round the Earth closes on itself. A
/// particle that passes the last row of a grid with a pole has left it.
public struct GriddedAtmosphere: Atmosphere {
    public let reference: Instant
    public let topMetres: Float
    let grid: CellGrid
    let columns: Int
    let rows: Int
    let levels: Int
    let closesCircle: Bool
    let times: MeteorologyTimes
    /// How many levels the meteorology has.
    let nativeLevels: Int
    let design: Design
    /// The times that are in memory. What is at others must not be asked for.
    public internal(set) var held: Range<Int>
    /// Wind along columns and rows and upward, m s-1, and density, kg m-3: held hours x nodes x levels, the level
    /// innermost.
    var fields: [SIMD4<Float>] = []
    /// Depth of the mixed layer, friction velocity, flux of buoyancy, density of dry air at the ground: held hours x
    /// nodes.
    var surfaces: [SIMD4<Float>] = []
    /// Columns and rows in a metre at the nodes.
    let stepsPerMetre: [SIMD2<Float>]
    /// Wind over that at 10 m, at heights of 0 to 10 m.
    let nearGround: [Float]
    /// Turbulence at ``HysplitLevels``, held hours x nodes x levels, level innermost, and how these are squeezed at the
    /// nodes; empty where turbulence varies without steps.
    var layers: [SIMD2<Float>] = []
    let scales: [Float]

    /// How columns are made of the levels of a model.
    public enum Columns: Hashable, Sendable {
        /// Between the levels as they are, near the ground by the law of the wall; the mean wind rises and sinks in
        /// space; turbulence varies without steps. What is not in the meteorology is beyond the domain.
        case similarity
        /// As HYSPLIT's STILT mode makes them, for comparison: ``HysplitColumn``, ``HysplitSurface`` and layers.
        /// The mean wind follows the terrain; above the meteorology its last values are held.
        case hysplit
    }

    static let lowestMetres: Float = 10
    static let nearGroundIntervals = 64

    public func firstMissing(from start: Instant, to end: Instant) -> Instant? {
        times.firstMissing(from: start, to: end)
    }

    public func gridPlace(longitude: Double, latitude: Double) -> SIMD2<Double>? {
        var place: SIMD2<Double>
        switch grid {
        case .longitudeLatitude(let grid):
            let first = grid.longitude.centre(0)
            let east = longitude - first
            let turned = east - 360 * (east / 360).rounded(.down)
            place = SIMD2(
                turned / grid.longitude.step,
                (latitude - grid.latitude.centre(0)) / grid.latitude.step
            )
            // Rounding may put the first node at the end of the circle.
            if !closesCircle, 360 - turned < 1e-9 { place.x = 0 }
        case .projected(let grid):
            var (x, y) = ([longitude], [latitude])
            grid.projection.project(&x, &y)
            place = SIMD2((x[0] - grid.x.centre(0)) / grid.x.step, (y[0] - grid.y.centre(0)) / grid.y.step)
        }
        place.x = wrapped(column: place.x)
        return contains(column: place.x, row: place.y) ? place : nil
    }

    /// Longitudes in -180..<180.
    public func places(columns: [Double], rows: [Double]) -> GeographicPoints {
        switch grid {
        case .longitudeLatitude(let grid):
            return GeographicPoints(
                longitudes: columns.map {
                    let longitude = grid.longitude.centre(0) + $0 * grid.longitude.step
                    return longitude - 360 * ((longitude + 180) / 360).rounded(.down)
                },
                latitudes: rows.map { grid.latitude.centre(0) + $0 * grid.latitude.step }
            )
        case .projected(let grid):
            return grid.projection.places(
                x: columns.map { grid.x.centre(0) + $0 * grid.x.step },
                y: rows.map { grid.y.centre(0) + $0 * grid.y.step }
            )
        }
    }

    @inline(__always)
    public func wrapped(column: Double) -> Double {
        guard closesCircle else { return column }
        let count = Double(columns)
        if column >= 0, column < count { return column }
        let turned = column - count * (column / count).rounded(.down)
        return turned < count ? turned : 0
    }

    @inline(__always)
    public func contains(column: Double, row: Double) -> Bool {
        row >= 0 && row <= Double(rows &- 1)
            && (closesCircle || (column >= 0 && column <= Double(columns &- 1)))
    }

    /// The nodes around a place, how far it is from the first, and the height among the levels.
    private struct Corners {
        var first: Int
        var east: Int
        var north: Int
        var northEast: Int
        /// South-west, south-east, north-west, north-east.
        var weights: SIMD4<Float>
    }

    @inline(__always)
    private func corners(_ column: Double, _ row: Double) -> Corners {
        // Int32: one instruction, and places are checked to be within the domain.
        let west = min(Int(Int32(column)), closesCircle ? columns &- 1 : columns &- 2)
        let south = min(Int(Int32(row)), rows &- 2)
        let across = Float(column - Double(west))
        let along = Float(row - Double(south))
        let step = closesCircle && west == columns &- 1 ? 1 &- columns : 1
        let first = south &* columns &+ west
        return Corners(
            first: first,
            east: first &+ step,
            north: first &+ columns,
            northEast: first &+ columns &+ step,
            weights: SIMD4(
                (1 - across) * (1 - along),
                across * (1 - along),
                (1 - across) * along,
                across * along
            )
        )
    }

    @inline(__always)
    public func air(column: Double, row: Double, height: Float, seconds: Double) -> Air {
        let corners = corners(column, row)
        let (index, later) = times.slice(seconds)
        let hour = index &- held.lowerBound
        let z = max(height, Self.lowestMetres)
        let level = CommonHeights.level(z, count: levels)
        let bottom = CommonHeights.metres(level)
        let thickness = CommonHeights.thickness(level)
        let part = min(1, (z - bottom) / thickness)
        let nodes = columns &* rows
        let early = profile(hour &* nodes, corners, level)
        let late = profile((hour &+ 1) &* nodes, corners, level)
        let low = early.low + later * (late.low - early.low)
        let high = early.high + later * (late.high - early.high)
        var here = low + part * (high - low)
        let decay = (low.w - high.w) / (thickness * here.w)
        if height < Self.lowestMetres { here *= slowed(height) }
        let near = isLayered ? nearest(column, row) : nil
        let ground = surface(hour &* nodes, corners, near)
        let layer = ground + later * (surface((hour &+ 1) &* nodes, corners, near) - ground)
        let steps = perMetre(corners)
        return Air(
            alongColumns: here.x,
            alongRows: here.y,
            upward: here.z,
            densityDecay: decay,
            density: here.w,
            mixedLayerMetres: layer.x,
            frictionVelocity: layer.y,
            buoyancyFlux: layer.z,
            surfaceDensity: layer.w,
            columnsPerMetre: steps.x,
            rowsPerMetre: steps.y
        )
    }

    /// Linear to the ground where the mean wind is vertical, logarithmic where it is horizontal.
    @inline(__always)
    private func slowed(_ height: Float) -> SIMD4<Float> {
        let place = max(0, height) * (Float(Self.nearGroundIntervals) / Self.lowestMetres)
        let index = min(Int(Int32(place)), Self.nearGroundIntervals &- 1)
        let (low, high) = (nearGround[index], nearGround[index &+ 1])
        let factor = low + (place - Float(index)) * (high - low)
        return SIMD4(factor, factor, max(0, height) / Self.lowestMetres, 1)
    }

    @inline(__always)
    private func profile(
        _ base: Int,
        _ corners: Corners,
        _ level: Int
    ) -> (low: SIMD4<Float>, high: SIMD4<Float>) {
        let a = (base &+ corners.first) &* levels &+ level
        let b = (base &+ corners.east) &* levels &+ level
        let c = (base &+ corners.north) &* levels &+ level
        let d = (base &+ corners.northEast) &* levels &+ level
        let weights = corners.weights
        var low = weights.x * fields[a]
        low += weights.y * fields[b]
        low += weights.z * fields[c]
        low += weights.w * fields[d]
        var high = weights.x * fields[a &+ 1]
        high += weights.y * fields[b &+ 1]
        high += weights.z * fields[c &+ 1]
        high += weights.w * fields[d &+ 1]
        return (low, high)
    }

    @inline(__always)
    private func surface(_ base: Int, _ corners: Corners, _ nearest: Int?) -> SIMD4<Float> {
        if let nearest { return surfaces[base &+ nearest] }
        let weights = corners.weights
        var result = weights.x * surfaces[base &+ corners.first]
        result += weights.y * surfaces[base &+ corners.east]
        result += weights.z * surfaces[base &+ corners.north]
        result += weights.w * surfaces[base &+ corners.northEast]
        return result
    }

    @inline(__always)
    private func perMetre(_ corners: Corners) -> SIMD2<Float> {
        let weights = corners.weights
        var result = weights.x * stepsPerMetre[corners.first]
        result += weights.y * stepsPerMetre[corners.east]
        result += weights.z * stepsPerMetre[corners.north]
        result += weights.w * stepsPerMetre[corners.northEast]
        return result
    }

    @inline(__always)
    public func column(of air: Air, options: DispersionOptions) -> HannaColumn { HannaColumn(air, options) }

    @inline(__always)
    public var isLayered: Bool { !layers.isEmpty }

    @inline(__always)
    private func nearest(_ column: Double, _ row: Double) -> Int {
        let west = Int(Int32(column + 0.5))
        return Int(Int32(row + 0.5)) &* columns &+ (west < columns ? west : 0)
    }

    /// Those of the nearest node, whose profiles no average blurs.
    public func layers(
        column: Double,
        row: Double,
        seconds: Double,
        options: DispersionOptions
    ) -> TurbulentLayers {
        let (index, later) = times.slice(seconds)
        let hour = index &- held.lowerBound
        let node = nearest(column, row)
        let first = hour &* columns &* rows &+ node
        let second = first &+ columns &* rows
        let (early, late) = (surfaces[first].x, surfaces[second].x)
        let depth = (early + later * (late - early)) * Float(options.mixedLayerScale)
        return TurbulentLayers(
            depthMetres: max(Float(options.shallowestMixedLayerMetres), depth),
            earlyDepth: early,
            lateDepth: late,
            early: first &* HysplitLevels.count,
            late: second &* HysplitLevels.count,
            share: later,
            scale: scales[node]
        )
    }

    /// Of the two profiles around, at the levels whose heights over the depth of the mixed layer are nearest.
    @inline(__always)
    public func turbulence(_ here: TurbulentLayers, level: Int) -> SIMD2<Float> {
        let relative = HysplitLevels.metres(level) / here.depthMetres
        let early = layers[here.early &+ HysplitLevels.nearest(relative * here.earlyDepth)]
        let late = layers[here.late &+ HysplitLevels.nearest(relative * here.lateDepth)]
        return early + here.share * (late - early)
    }
}

/// The heights above ground that all columns are brought to: `10 + 15 k + 5 k^2` m, near each other at the ground as in
/// HYSPLIT, and found from a height without a search.
enum CommonHeights {
    @inline(__always)
    static func metres(_ level: Int) -> Float {
        let k = Float(level)
        return 10 + k * (15 + 5 * k)
    }

    /// From a level to the next, m.
    @inline(__always)
    static func thickness(_ level: Int) -> Float { 20 + 10 * Float(level) }

    /// The level below a height, with one above it.
    @inline(__always)
    static func level(_ height: Float, count: Int) -> Int {
        let index = ((225 + 20 * (height - 10)).squareRoot() - 15) * 0.1
        return min(Int(Int32(max(0, index))), count &- 2)
    }

    /// As many levels as stay below a height.
    static func count(below top: Float) -> Int {
        var count = 2
        while metres(count) <= top, count < 200 { count += 1 }
        return count
    }
}
