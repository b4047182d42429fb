import Foundation

/// Where ``GriddedAtmosphere`` takes the depth of the mixed layer from.
public enum MixedLayerSource: Hashable, Sendable {
    /// The meteorology says, or its reader has found out by a bulk Richardson number.
    case meteorology
    /// A bulk Richardson number with the excess temperature of thermals (Vogelezang and Holtslag 1996), whatever the
    /// meteorology says.
    case richardson
}

/// One column of meteorology as HYSPLIT brings it to its levels: linear from the ground, where it puts the wind at 10 m
/// and the temperature at 2 m, through the levels of the model that lie above it; beyond the last, wind and potential
/// temperature are held.
struct HysplitColumn {
    /// m above ground.
    var heights: [Float] = []
    var along: [Float] = []
    var rows: [Float] = []
    var upward: [Float] = []
    /// Potential temperature, K.
    var potential: [Float] = []
    /// kg m-3.
    var density: [Float] = []

    static let gravity: Float = 9.80616
    static let gasConstant: Float = 287.04
    static let exponent: Float = 0.286
    /// The level that counts as the top of the surface layer.
    static let surfaceTop = 1

    struct Point {
        var height: Float
        var logPressure: Float
        var temperature: Float
        /// Along columns, along rows, upward.
        var wind: SIMD3<Float>
    }

    /// - Parameter points: from the ground, ascending, at least two.
    init(_ points: [Point], scale: Float) {
        var lower = 0
        for level in 0..<HysplitLevels.count {
            let height = HysplitLevels.metres(level) * scale
            while lower + 2 < points.count, points[lower + 1].height < height { lower += 1 }
            guard height > points[lower + 1].height, let last = heights.last, level > 0 else {
                append(points[lower], points[lower + 1], height)
                continue
            }
            append(height, above: last)
        }
    }

    private mutating func append(_ low: Point, _ high: Point, _ height: Float) {
        let part = (height - low.height) / max(high.height - low.height, 1e-3)
        let wind = low.wind + part * (high.wind - low.wind)
        let temperature = low.temperature + part * (high.temperature - low.temperature)
        let pressure = exp(low.logPressure + part * (high.logPressure - low.logPressure))
        heights.append(height)
        along.append(wind.x)
        rows.append(wind.y)
        upward.append(wind.z)
        density.append(pressure / (temperature * Self.gasConstant))
        potential.append(temperature * pow(1e5 / pressure, Self.exponent))
    }

    private mutating func append(_ height: Float, above last: Float) {
        let top = heights.count - 1
        // Pressure from density and potential temperature.
        let reference = density[top] * Self.gasConstant * potential[top]
        let pressure = 1e5 * pow(reference / 1e5, 1 / (1 - Self.exponent))
        let temperature = pressure / (density[top] * Self.gasConstant)
        let next = pressure * exp(-Self.gravity * (height - last) / (Self.gasConstant * temperature))
        heights.append(height)
        along.append(along[top])
        rows.append(rows[top])
        upward.append(0.5 * upward[top])
        potential.append(potential[top])
        let cold = potential[top] * pow(next / 1e5, Self.exponent)
        density.append(next / (cold * Self.gasConstant))
    }

    /// What depends on height, at any height: wind along columns and rows, upward, density.
    func air(atMetres height: Float) -> SIMD4<Float> {
        let level = max(0, min(heights.count - 2, (heights.firstIndex { $0 > height } ?? heights.count) - 1))
        let thickness = heights[level + 1] - heights[level]
        let part = max(0, min(1, (height - heights[level]) / thickness))
        let at = { (index: Int) in
            SIMD4(along[index], rows[index], upward[index], density[index])
        }
        return at(level) + part * (at(level + 1) - at(level))
    }

    /// Depth of the mixed layer, m, by the bulk Richardson number from the lowest level upward; thermals of depth z are
    /// warmer than their surroundings by `8.5 u* T* / (u*^3 + 0.6 w*^3)^(1/3)`, where T* grows with the thinness of the
    /// air (as in STILT: Lin et al. 2003, JGR 108, 4493).
    func mixedLayerMetres(_ surface: HysplitSurface) -> Float {
        let critical: Float = 0.25
        var (number, depth) = (Float(0), heights[0])
        for level in 1..<heights.count where number < critical {
            let rise = heights[level] - heights[0]
            var excess: Float = 0
            if surface.inverseLength < 0 {
                let scale = surface.temperatureScale * density[Self.surfaceTop] / density[level]
                let friction = surface.frictionVelocity
                let cube = abs(Self.gravity * friction * scale * heights[level] / potential[0])
                excess = abs(8.5 * friction * scale) / cbrt(friction * friction * friction + 0.6 * cube)
            }
            let ground = potential[0] + excess
            let shear = max(1e-4, squaredShear(0, level))
            let next = Self.gravity * (potential[level] - ground) * rise / ground / shear
            let change = next - number
            depth = heights[level - 1]
            if abs(change) > 1e-12 {
                depth += (heights[level] - heights[level - 1]) / change * (critical - number)
            }
            number = next
        }
        return max(heights[0], min(depth, heights[heights.count - 2]))
    }

    func squaredShear(_ low: Int, _ high: Int) -> Float {
        let (x, y) = (along[high] - along[low], rows[high] - rows[low])
        return x * x + y * y
    }

    /// Standard deviation of the vertical velocity, m s-1, and time scale, s, at each level: Hanna (1982) within the
    /// mixed layer, a mixing length above it (Beljaars and Betts 1992; Draxler and Hess 1998).
    func turbulence(depthMetres depth: Float, _ surface: HysplitSurface) -> [SIMD2<Float>] {
        let convective =
            surface.inverseLength < 0
            ? cbrt(
                abs(
                    Self.gravity * surface.frictionVelocity * surface.temperatureScale * depth
                        / potential[Self.surfaceTop]
                )
            ) : 0
        return heights.indices.map { level in
            let height = heights[level]
            guard level > 0, height > depth else {
                return surface.turbulence(atMetres: height, depthMetres: depth, convective)
            }
            return SIMD2((mixing(level) / 100).squareRoot(), 100)
        }
    }

    /// m2 s-1, in the free air between a level and the next below.
    private func mixing(_ level: Int) -> Float {
        let thickness = heights[level] - heights[level - 1]
        let shear = max(0.1, squaredShear(level - 1, level))
        let warming = (potential[level] - potential[level - 1]) / potential[level - 1]
        let number = max(0, min(20, Self.gravity * thickness * warming / shear))
        let length = 1 / (1 / (0.4 * heights[level]) + 1 / 150)
        let stability = HysplitSurface.heatGradient(stability(number))
        return max(0.01, min(200, length * length * shear.squareRoot() / thickness / stability))
    }

    /// Height over Obukhov length from the Richardson number, in the free air.
    private func stability(_ number: Float) -> Float {
        guard number > 0.001 else { return 1.0893 * number }
        let rising = 0.8049 + number * (1.6583 + number * (0.5090e-2 - 1.0063e-3 * number))
        return min(256, 0.2828e-3 + number * rising)
    }
}
