import Foundation

/// Turbulence in layers, as STILT moves particles through the levels of HYSPLIT (Lin et al. 2003, JGR 108, 4493):
/// homogeneous within each, and at a boundary a particle passes with the ratio of density times turbulent velocity
/// beyond and before, and is sent back otherwise (Thomson et al. 1997, Atmos. Environ. 31, 2143).
extension ParticleState {
    /// Gives the turbulent velocity a particle starts with.
    mutating func begin(in field: Field, _ settings: borrowing DispersionSettings) {
        guard settings.isTurbulent, let layers = layers(in: field, settings) else { return }
        let sigma = horizontalSigma(in: field, layers)
        along *= sigma
        across *= sigma
    }

    @inline(__always)
    func layers(in field: Field, _ settings: borrowing DispersionSettings) -> TurbulentLayers? {
        field.isLayered
            ? field.layers(column: column, row: row, seconds: seconds, options: settings.options) : nil
    }

    /// m s-1: the two horizontal components have half the variance of the vertical one each.
    @inline(__always)
    private func horizontalSigma(in field: Field, _ layers: TurbulentLayers) -> Float {
        let place = height / layers.scale
        let level = min(HysplitLevels.level(place), HysplitLevels.count &- 2)
        let (bottom, top) = (HysplitLevels.metres(level), HysplitLevels.metres(level &+ 1))
        let part = max(0, min(1, (place - bottom) / (top - bottom)))
        let low = field.turbulence(layers, level: level).x
        let high = field.turbulence(layers, level: level &+ 1).x
        return (0.5 * (low * low + part * (high * high - low * low))).squareRoot()
    }

    /// Along columns and rows, m s-1: velocities that keep their size where the turbulence changes.
    @inline(__always)
    mutating func meander(
        over step: Float,
        in field: Field,
        _ layers: TurbulentLayers,
        _ settings: borrowing DispersionSettings
    ) -> SIMD2<Float> {
        let memory = decay(step / settings.horizontalTimescale)
        let fresh = (1 - memory * memory).squareRoot() * horizontalSigma(in: field, layers)
        along = memory * along + fresh * stream.normal(settings.ziggurat)
        across = memory * across + fresh * stream.normal(settings.ziggurat)
        return SIMD2(along, across)
    }

    /// Moves up and down over a step; returns the seconds spent below `layer`.
    @inline(__always)
    mutating func mix(
        over step: Float,
        in field: Field,
        _ layers: TurbulentLayers,
        layer: Float,
        _ settings: borrowing DispersionSettings
    ) -> Float {
        var (left, below) = (step, Float(0))
        var index = layers.layer(height)
        var local = field.turbulence(layers, level: layers.level(ofLayer: index))
        while left > 1e-3 {
            let memory = decay(min(left, settings.timescaleShare * local.y) / local.y)
            let noise = (1 - memory * memory).squareRoot() * stream.normal(settings.ziggurat)
            vertical = memory * vertical + noise
            var used = min(left, settings.timescaleShare * local.y)
            let speed = local.x * vertical
            let isRising = speed > 0
            let target = isRising ? layers.boundary(index &+ 1) : index == 0 ? 0 : layers.boundary(index)
            let way = abs(target - height)
            if way >= abs(speed) * used {
                height += speed * used
            } else {
                used = way / abs(speed)
                height = target
                let next = isRising ? index &+ 1 : index &- 1
                cross(to: next, from: &index, &local, in: field, layers)
            }
            if height < layer { below += used }
            left -= used
        }
        (verticalSigma, verticalTimescale) = (local.x, local.y)
        return below
    }

    @inline(__always)
    private mutating func cross(
        to next: Int,
        from index: inout Int,
        _ local: inout SIMD2<Float>,
        in field: Field,
        _ layers: TurbulentLayers
    ) {
        guard next >= 0, next < TurbulentLayers.boundaries &- 1 else {
            vertical = -vertical
            return
        }
        let (here, there) = (layers.level(ofLayer: index), layers.level(ofLayer: next))
        let beyond = field.turbulence(layers, level: there)
        let rise = (HysplitLevels.metres(there) - HysplitLevels.metres(here)) * layers.scale
        guard stream.uniform() * local.x <= exp(-rise * air.densityDecay) * beyond.x else {
            vertical = -vertical
            return
        }
        index = next
        local = beyond
    }
}
