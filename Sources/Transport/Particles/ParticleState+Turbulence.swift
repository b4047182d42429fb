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

    /// ppm per umol m-2 s-1 that a flux at the ground adds within so many seconds, spread over a layer (Lin et al. 2003,
    /// JGR 108, 4493, eq. 8): molar mass times time over depth times its mean density.
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
        while left > 1e-3 {
            let start = height
            let used =
                height < here.depthMetres
                ? mixWithin(left, here, settings) : mixAbove(left, here, settings)
            below += used * share(from: start, to: height, below: layer)
            left -= used
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

    /// A step in the mixed layer: the Langevin equation for the velocity over its standard deviation, with the drift
    /// that keeps well mixed what is (Thomson 1987, J. Fluid Mech. 180, 529), for density that falls with height too
    /// (Stohl and Thomson 1999, Boundary-Layer Meteorol. 90, 155). For a Gaussian velocity the drift is the same in
    /// reversed time (Flesch et al. 1995, J. Appl. Meteorol. 34, 1320). Returns the seconds used.
    @inline(__always)
    private mutating func mixWithin(
        _ left: Float,
        _ here: Field.Column,
        _ settings: borrowing DispersionSettings
    ) -> Float {
        let turbulence = here.vertical(atMetres: height, settings.tables)
        let scale = turbulence.timescale
        let slope = abs(turbulence.sigmaGradient)
        var step = min(left, max(0.02, settings.timescaleShare * scale))
        if step * slope > settings.timescaleShare { step = max(0.02, settings.timescaleShare / slope) }
        let memory = decay(step / scale)
        let force = turbulence.sigmaGradient - turbulence.sigma * air.densityDecay
        vertical =
            memory * vertical + (1 - memory) * scale * force
            + (1 - memory * memory).squareRoot() * stream.normal(settings.ziggurat)
        let move = turbulence.sigma * vertical * step
        height += move
        if height < 0 {
            height = -height
            vertical = -vertical
        }
        return height < here.depthMetres ? step : meetTop(of: here, step, move, settings)
    }

    /// The top of the mixed layer was met on the way.
    private mutating func meetTop(
        of here: Field.Column,
        _ step: Float,
        _ move: Float,
        _ settings: borrowing DispersionSettings
    ) -> Float {
        let depth = here.depthMetres
        let beyond = height - depth
        let sigma = here.vertical(atMetres: depth, settings.tables).sigma
        let passes = !settings.reflectsAtTop && stream.uniform() * sigma < settings.freeSigma
        guard passes else {
            height = max(0, min(depth - beyond, depth.nextDown))
            vertical = -abs(vertical)
            return step
        }
        height = depth
        return step * max(0, min(1, 1 - beyond / max(abs(move), 1e-6)))
    }

    /// A step above the mixed layer, where turbulence is the same everywhere.
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
        height = within(height + settings.freeSigma * vertical * left, settings.topMetres)
        let depth = here.depthMetres
        guard height < depth else { return left }
        // The stronger turbulence below lets all pass.
        let part = (start - depth) / max(start - height, 1e-6)
        height = depth.nextDown
        return max(1e-3, part * left)
    }
}

/// exp(-x) for x >= 0: Pade's (2, 2), to 1e-7 up to 0.1 and 1e-4 up to 0.5; the library's above.
@inline(__always)
func decay(_ x: Float) -> Float {
    guard x < 0.25 else { return exp(-x) }
    let even = 1 + x * x * (1 / 12)
    return (even - 0.5 * x) / (even + 0.5 * x)
}
