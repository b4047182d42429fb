import Foundation

/// Powers of the relative height that Hanna's profiles take, at 257 heights.
public struct HannaTables: Sendable {
    /// Of sigma_w / w* in unstable air above the surface layer, 1 - exp(-5 z/h), (z/h)^0.8, nothing.
    let profiles: [SIMD4<Float>]

    static let intervals = 256

    public init() {
        profiles = (0...Self.intervals).map { index in
            let height = Double(index) / Double(Self.intervals)
            let free = 0.763 * pow(height, 0.175)
            let upper = height < 0.96 ? max(0.37, 0.722 * pow(1 - height, 0.207)) : 0.37
            return SIMD4(
                Float(height < 0.4 ? free : upper),
                Float(1 - exp(-5 * height)),
                Float(pow(height, 0.8)),
                0
            )
        }
    }
}

/// Turbulence after Hanna (1982, in Nieuwstadt and van Dop, Atmospheric Turbulence and Air Pollution Modelling, ch.
/// 7), in the form that Lin et al. (2003, JGR 108, 4493) take for STILT.
public struct HannaColumn: TurbulentColumn, Sendable {
    enum Regime: Sendable { case unstable, neutral, stable }

    public let depthMetres: Float
    private let regime: Regime
    private let inverseDepth: Float
    /// Obukhov length, m; infinite without a flux of heat; and its inverse.
    private let obukhovLength: Float
    private let inverseLength: Float
    private let frictionVelocity: Float
    private let convectiveVelocity: Float
    private let lowest: Float
    /// Of horizontal turbulence; 0 for that of Hanna.
    private let horizontalTimescale: Float
    private let freeHorizontalSigma: Float
    private let unstableHorizontalSigma: Float
    /// That of the air above, which Hanna's sigma_w falls below at the top of neutral and stable layers.
    private let leastSigma: Float

    /// s-1; Hanna's neutral profiles, with the value of middle latitudes as in STILT.
    private static let coriolis: Float = 1e-4

    public init(_ air: Air, _ options: DispersionOptions) {
        let depth = max(
            Float(options.shallowestMixedLayerMetres),
            air.mixedLayerMetres * Float(options.mixedLayerScale)
        )
        let friction = max(0.01, air.frictionVelocity)
        depthMetres = depth
        inverseDepth = 1 / depth
        frictionVelocity = friction
        leastSigma = Float((options.freeDiffusivity / options.freeTimescaleSeconds).squareRoot())
        lowest = min(Float(options.lowestTurbulenceMetres), 0.5 * depth)
        freeHorizontalSigma = Float(options.freeHorizontalSigma)
        if case .seconds(let scale) = options.horizontalTimescale {
            horizontalTimescale = Float(scale)
        } else {
            horizontalTimescale = 0
        }
        // 1/L = -k B / u*^3
        let inverseLength = -0.4 * air.buoyancyFlux / (friction * friction * friction)
        let isNeutral = abs(depth * inverseLength) < max(Float(options.neutralDepthOverLength), 1e-6)
        regime = isNeutral ? .neutral : inverseLength < 0 ? .unstable : .stable
        obukhovLength = isNeutral ? .infinity : 1 / inverseLength
        self.inverseLength = inverseLength
        convectiveVelocity = regime == .unstable ? cubeRoot(air.buoyancyFlux * depth) : 0
        unstableHorizontalSigma =
            regime == .unstable ? friction * cubeRoot(12 + 0.5 * depth * abs(inverseLength)) : 0
    }

    @inline(__always)
    public func vertical(atMetres height: Float, _ tables: HannaTables) -> VerticalTurbulence {
        let isLow = height < lowest
        let z = isLow ? lowest : min(height, depthMetres)
        var result: VerticalTurbulence
        switch regime {
        case .unstable: result = unstable(z, tables)
        case .neutral: result = neutral(z)
        case .stable: result = stable(z, tables)
        }
        if isLow { result.sigmaGradient = 0 }
        return result
    }

    @inline(__always)
    private func row(_ relative: Float, _ tables: HannaTables) -> (
        low: SIMD4<Float>, change: SIMD4<Float>, part: Float
    ) {
        let place = relative * Float(HannaTables.intervals)
        let index = min(Int(truncatingIfNeeded: Int32(place)), HannaTables.intervals &- 1)
        let low = tables.profiles[index]
        return (low, tables.profiles[index &+ 1] - low, place - Float(index))
    }

    @inline(__always)
    private func unstable(_ z: Float, _ tables: HannaTables) -> VerticalTurbulence {
        let relative = z * inverseDepth
        let (low, change, part) = row(relative, tables)
        var sigma = convectiveVelocity * (low.x + part * change.x)
        var gradient = convectiveVelocity * change.x * Float(HannaTables.intervals) * inverseDepth
        guard relative < 0.1 else {
            let timescale = 0.15 * depthMetres * (low.y + part * change.y) / sigma
            return VerticalTurbulence(sigma: sigma, sigmaGradient: gradient, timescale: timescale)
        }
        let argument = 3 * relative - obukhovLength * inverseDepth
        let shear = 0.96 * convectiveVelocity * cubeRoot(argument)
        let shearGradient = shear * inverseDepth / argument
        // Hanna goes over at 0.03 of the depth, with a jump of up to a third near neutral; what is to stay well mixed
        // must not jump, so the two meet over 0.03 to 0.1.
        let share = max(0, (relative - 0.03) * (1 / 0.07))
        gradient = shearGradient + share * (gradient - shearGradient)
        if share > 0 { gradient += (sigma - shear) * inverseDepth * (1 / 0.07) }
        sigma = shear + share * (sigma - shear)
        // 0.59 is what the first has reached at -L.
        let steep = 0.55 - 0.38 * z * abs(inverseLength)
        let timescale = 0.1 * z / (sigma * max(0.1 / 0.59, steep))
        return VerticalTurbulence(sigma: sigma, sigmaGradient: gradient, timescale: timescale)
    }

    @inline(__always)
    private func neutral(_ z: Float) -> VerticalTurbulence {
        let rate = -2 * Self.coriolis / frictionVelocity
        let sigma = 1.3 * frictionVelocity * exp(rate * z)
        guard sigma > leastSigma else {
            return VerticalTurbulence(sigma: leastSigma, sigmaGradient: 0, timescale: 100)
        }
        let timescale = 0.5 * z / (sigma * (1 - 7.5 * rate * z))
        return VerticalTurbulence(sigma: sigma, sigmaGradient: rate * sigma, timescale: timescale)
    }

    @inline(__always)
    private func stable(_ z: Float, _ tables: HannaTables) -> VerticalTurbulence {
        let relative = z * inverseDepth
        let sigma = 1.3 * frictionVelocity * (1 - relative)
        let (low, change, part) = row(relative, tables)
        let power = low.z + part * change.z
        guard sigma > leastSigma else {
            return VerticalTurbulence(sigma: leastSigma, sigmaGradient: 0, timescale: 100)
        }
        return VerticalTurbulence(
            sigma: sigma,
            sigmaGradient: -1.3 * frictionVelocity * inverseDepth,
            timescale: 0.1 * depthMetres * power / sigma
        )
    }

    public func horizontal(atMetres height: Float) -> HorizontalTurbulence {
        let constant = horizontalTimescale
        let isHanna = constant == 0
        guard height < depthMetres else {
            let scale = isHanna ? 100 : constant
            return HorizontalTurbulence(
                alongSigma: freeHorizontalSigma,
                acrossSigma: freeHorizontalSigma,
                alongTimescale: scale,
                acrossTimescale: scale
            )
        }
        let z = max(height, lowest)
        let relative = z * inverseDepth
        switch regime {
        case .unstable:
            let sigma = unstableHorizontalSigma
            let scale = isHanna ? 0.15 * depthMetres / sigma : constant
            return HorizontalTurbulence(
                alongSigma: sigma,
                acrossSigma: sigma,
                alongTimescale: scale,
                acrossTimescale: scale
            )
        case .neutral:
            let rate = Self.coriolis * z / frictionVelocity
            let along = max(leastSigma, 2 * frictionVelocity * exp(-3 * rate))
            let across = max(leastSigma, 1.3 * frictionVelocity * exp(-2 * rate))
            let scale = isHanna ? 0.5 * z / (across * (1 + 15 * rate)) : constant
            return HorizontalTurbulence(
                alongSigma: along,
                acrossSigma: across,
                alongTimescale: scale,
                acrossTimescale: scale
            )
        case .stable:
            let along = max(leastSigma, 2 * frictionVelocity * (1 - relative))
            let across = max(leastSigma, 1.3 * frictionVelocity * (1 - relative))
            let root = depthMetres * relative.squareRoot()
            return HorizontalTurbulence(
                alongSigma: along,
                acrossSigma: across,
                alongTimescale: isHanna ? 0.15 * root / along : constant,
                acrossTimescale: isHanna ? 0.07 * root / across : constant
            )
        }
    }
}

/// Of a positive number, to 4e-5, by a step of Halley from a third of the exponent; 0 for others.
@inline(__always)
func cubeRoot(_ value: Float) -> Float {
    guard value > 1e-30 else { return 0 }
    let root = Float(bitPattern: value.bitPattern / 3 &+ 0x2A51_4067)
    let cube = root * root * root
    return root * (cube + 2 * value) / (2 * cube + value)
}
