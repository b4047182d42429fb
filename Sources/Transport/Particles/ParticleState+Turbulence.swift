import Foundation

extension ParticleState {
    /// Leaves the particle at its last place within the domain.
    mutating func back(to oldColumn: Double, _ oldRow: Double) -> Bool {
        column = oldColumn
        row = oldRow
        return false
    }

    /// Reflects at the ground and at the top of the domain.
    @inline(__always)
    func within(_ height: Float, _ top: Float) -> Float {
        let above = abs(height)
        return above <= top ? above : max(0, 2 * top - above)
    }

    /// ppm per umol m-2 s-1 that a flux at the ground adds within so many seconds, spread over a layer (Lin et al.
    /// 2003, JGR 108, 4493, eq. 8): molar mass times time over depth times its mean density.
    @inline(__always)
    func gain(_ seconds: Float, layer: Float) -> Float {
        let fall = air.densityDecay * layer
        let meanDensity = air.surfaceDensity * (1 - fall * (0.5 - fall * (1 / 6)))
        return Self.molarMass * seconds / (layer * meanDensity)
    }

    /// Horizontal turbulence of a step, m s-1 along columns and rows: two processes of first order, along the mean wind
    /// and across it.
    @inline(__always)
    mutating func meander(
        over step: Float,
        _ here: Field.Column,
        _ settings: borrowing DispersionSettings
    ) -> SIMD2<Float> {
        let turbulence = here.horizontal(atMetres: height)
        let (oldAlong, oldAcross) = (along, across)
        along = remembered(along, turbulence.alongTimescale, step, settings)
        across =
            turbulence.acrossTimescale == turbulence.alongTimescale
            ? remembered(across, turbulence.alongTimescale, step, settings)
            : remembered(across, turbulence.acrossTimescale, step, settings)
        // The mean of the two ends: the trapezoid keeps Taylor's growth to the second order of the step.
        let first = 0.5 * turbulence.alongSigma * (oldAlong + along)
        let second = 0.5 * turbulence.acrossSigma * (oldAcross + across)
        let speed = (air.alongColumns * air.alongColumns + air.alongRows * air.alongRows).squareRoot()
        guard speed > 0.01 else { return SIMD2(first, second) }
        let (cosine, sine) = (air.alongColumns / speed, air.alongRows / speed)
        return SIMD2(first * cosine - second * sine, first * sine + second * cosine)
    }

    @inline(__always)
    private mutating func remembered(
        _ value: Float,
        _ timescale: Float,
        _ step: Float,
        _ settings: borrowing DispersionSettings
    ) -> Float {
        let memory = decay(step / timescale)
        return memory * value + (1 - memory * memory).squareRoot() * stream.normal(settings.ziggurat)
    }

    /// Moves up and down by turbulence over a step; returns the seconds spent below `layer`.
    @inline(__always)
    mutating func mix(
        over step: Float,
        _ here: Field.Column,
        layer: Float,
        _ settings: borrowing DispersionSettings
    ) -> Float {
        var left = step
        var below: Float = 0
        var local = here.vertical(atMetres: height, settings.tables)
        while left > 1e-3 {
            let start = height
            let used: Float
            if height < here.depthMetres {
                used = mixWithin(left, here, &local, settings)
            } else {
                used = mixAbove(left, here, settings)
                local = here.vertical(atMetres: height, settings.tables)
            }
            below += used * share(from: start, to: height, below: layer)
            left -= used
        }
        if height < here.depthMetres {
            (verticalSigma, verticalTimescale) = (local.sigma, local.timescale)
        } else {
            (verticalSigma, verticalTimescale) = (settings.freeSigma, settings.freeTimescale)
        }
        return below
    }

    /// How much of a straight way lies below a height.
    @inline(__always)
    private func share(from start: Float, to end: Float, below layer: Float) -> Float {
        let (low, high) = (min(start, end), max(start, end))
        if high <= layer { return 1 }
        if low >= layer { return 0 }
        return (layer - low) / (high - low)
    }

    /// s.
    private static var leastStep: Float { 0.02 }

    /// A step in the mixed layer: the Langevin equation for the velocity over its standard deviation, with the drift
    /// that keeps well mixed what is (Thomson 1987, J. Fluid Mech. 180, 529), for density that falls with height too
    /// (Stohl and Thomson 1999, Boundary-Layer Meteorol. 90, 155). For a Gaussian velocity the drift is the same in
    /// reversed time (Flesch et al. 1995, J. Appl. Meteorol. 34, 1320).
    ///
    /// Half of the way, the whole change of the velocity in the middle, the other half: of second order in the step
    /// (the splitting ABOBA of Leimkuhler and Matthews 2013, Appl. Math. Res. Express 2013, 34). One of first order
    /// whose step shrinks towards the ground gathers particles there: 12 to 19 % too many below a hundredth of the
    /// layer at a tenth of the time scale.
    ///
    /// `local` is the turbulence where the step starts; afterwards, continued from the middle, where it ends. Returns
    /// the seconds used.
    @inline(__always)
    private mutating func mixWithin(
        _ left: Float,
        _ here: Field.Column,
        _ local: inout VerticalTurbulence,
        _ settings: borrowing DispersionSettings
    ) -> Float {
        let wanted = settings.timescaleShare * local.timescale
        let slope = abs(local.sigmaGradient)
        let smooth = wanted * slope > settings.timescaleShare ? settings.timescaleShare / slope : wanted
        let step = min(left, max(Self.leastStep, smooth))
        let half = 0.5 * step
        if let part = glide(half, local, here, settings) { return part * half }
        let middle = here.vertical(atMetres: height, settings.tables)
        let force = middle.sigmaGradient - middle.sigma * air.densityDecay
        let memory = decay(step / middle.timescale)
        let noise = (1 - memory * memory).squareRoot() * stream.normal(settings.ziggurat)
        vertical = memory * (vertical + half * force) + noise + half * force
        let centre = height
        if let part = glide(half, middle, here, settings) { return half + part * half }
        local = middle
        local.sigma = max(0.5 * middle.sigma, middle.sigma + middle.sigmaGradient * (height - centre))
        return step
    }

    /// Moves with the velocity of now, to the second order of what sigma changes on the way. Returns what share of the
    /// time was used when the particle passed the top of the mixed layer; nil when it is still within.
    @inline(__always)
    private mutating func glide(
        _ seconds: Float,
        _ turbulence: VerticalTurbulence,
        _ here: Field.Column,
        _ settings: borrowing DispersionSettings
    ) -> Float? {
        let way = vertical * seconds
        let move = turbulence.sigma * way * (1 + 0.5 * turbulence.sigmaGradient * way)
        height += move
        if height < 0 {
            height = -height
            vertical = -vertical
        }
        return height < here.depthMetres ? nil : meetTop(of: here, move, settings)
    }

    /// The top of the mixed layer was met on the way.
    private mutating func meetTop(
        of here: Field.Column,
        _ move: Float,
        _ settings: borrowing DispersionSettings
    ) -> Float? {
        let depth = here.depthMetres
        let beyond = height - depth
        let sigma = here.vertical(atMetres: depth, settings.tables).sigma
        guard !settings.reflectsAtTop, stream.uniform() * sigma < settings.freeSigma else {
            height = max(0, min(depth - beyond, depth.nextDown))
            vertical = -abs(vertical)
            return nil
        }
        height = depth
        return max(0, min(1, 1 - beyond / max(abs(move), 1e-6)))
    }

    /// A step above the mixed layer, where turbulence is the same everywhere. Returns the seconds used.
    private mutating func mixAbove(
        _ left: Float,
        _ here: Field.Column,
        _ settings: borrowing DispersionSettings
    ) -> Float {
        let memory = decay(left / settings.freeTimescale)
        let drift = -settings.freeSigma * air.densityDecay * settings.freeTimescale
        vertical =
            memory * vertical + (1 - memory) * drift
            + (1 - memory * memory).squareRoot() * stream.normal(settings.ziggurat)
        let start = height
        let depth = here.depthMetres
        height = within(height + settings.freeSigma * vertical * left, settings.topMetres)
        guard height < depth else { return left }
        let sigma = here.vertical(atMetres: depth, settings.tables).sigma
        guard stream.uniform() * settings.freeSigma < sigma else {
            height = 2 * depth - height
            vertical = abs(vertical)
            return left
        }
        let part = (start - depth) / max(start - height, 1e-6)
        height = depth.nextDown
        return max(1e-3, part * left)
    }
}

/// exp(-x) for x >= 0: its series, to 3e-6, below 0.35; the library's above.
@inline(__always)
func decay(_ x: Float) -> Float {
    guard x < 0.35 else { return exp(-x) }
    return 1 - x * (1 - x * (0.5 - x * (1 / 6 - x * (1 / 24 - x * (1 / 120)))))
}
