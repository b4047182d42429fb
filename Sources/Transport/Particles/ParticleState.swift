import Foundation

/// What the loop over steps reads of the options, in the precision it computes in.
struct DispersionSettings: Sendable {
    let options: DispersionOptions
    let tables = HannaTables()
    let ziggurat = Ziggurat.standard
    let sign: Float
    let timescaleShare: Float
    let influenceShare: Float
    let isTurbulent: Bool
    let dilutesNearField: Bool
    let reflectsAtTop: Bool
    let verticalWind: Float
    let windOffset: SIMD2<Float>
    let freeSigma: Float
    let freeTimescale: Float
    let topMetres: Float
    /// s; of horizontal turbulence in layers.
    let horizontalTimescale: Float

    init(_ options: DispersionOptions, topMetres: Float) {
        self.options = options
        self.topMetres = topMetres
        sign = options.direction == .backward ? -1 : 1
        timescaleShare = Float(options.timescaleShare)
        influenceShare = Float(options.influenceShare)
        isTurbulent = options.turbulence
        dilutesNearField = options.dilutesNearField && options.turbulence
        reflectsAtTop = options.mixedLayerTop == .reflects
        verticalWind = options.verticalWind ? 1 : 0
        windOffset = SIMD2(Float(options.windOffset.x), Float(options.windOffset.y))
        freeSigma = Float((options.freeDiffusivity / options.freeTimescaleSeconds).squareRoot())
        freeTimescale = Float(options.freeTimescaleSeconds)
        if case .seconds(let scale) = options.horizontalTimescale {
            horizontalTimescale = Float(scale)
        } else {
            horizontalTimescale = 10_800
        }
    }
}

/// One particle on its way.
struct ParticleState<Field: Atmosphere> {
    var column: Double
    var row: Double
    /// m above ground.
    var height: Float
    /// s since the reference of the atmosphere.
    var seconds: Double
    var air: Air
    /// Turbulent velocities over their standard deviations: what a particle keeps where these change abruptly. In
    /// layers the horizontal ones are m s-1.
    var vertical: Float = 0
    var along: Float = 0
    var across: Float = 0
    var stream: NormalStream
    /// ppm per umol m-2 s-1 since the last row.
    var influence = 0.0
    /// The same without the growing plume of the near field.
    var influenceOfLayer = 0.0
    /// Below the layer that the ground acts on: in the last step, s, and since the last row, minutes.
    var secondsBelow: Float = 0
    var minutesBelow: Float = 0
    var plume: NearFieldPlume
    /// s since the release.
    var age: Float = 0
    /// Turbulence of the last step: m s-1 and s.
    var verticalSigma: Float = 0
    var verticalTimescale: Float = 1
    /// Depth of the mixed layer of the last step, m.
    var depthMetres: Float = 0

    /// kg mol-1 of dry air.
    static var molarMass: Float { 0.028_964_7 }

    init(
        column: Double,
        row: Double,
        height: Float,
        seconds: Double,
        air: Air,
        stream: NormalStream,
        settings: DispersionSettings
    ) {
        self.column = column
        self.row = row
        self.height = height
        self.seconds = seconds
        self.air = air
        self.stream = stream
        plume = NearFieldPlume(releaseMetres: height)
        guard settings.isTurbulent else { return }
        vertical = self.stream.normal(settings.ziggurat)
        along = self.stream.normal(settings.ziggurat)
        across = self.stream.normal(settings.ziggurat)
    }

    /// Moves by turbulence over a step, up and down at once; returns the horizontal velocity, and counts the influence.
    @inline(__always)
    private mutating func stir(
        over step: Float,
        in field: Field,
        _ settings: borrowing DispersionSettings
    ) -> SIMD2<Float> {
        var (shift, below) = (SIMD2<Float>(0, 0), Float(0))
        let layer: Float
        if let layers = layers(in: field, settings) {
            depthMetres = layers.depthMetres
            layer = settings.influenceShare * depthMetres
            below = height < layer ? step : 0
            if settings.isTurbulent {
                shift = meander(over: step, in: field, layers, settings)
                below = mix(over: step, in: field, layers, layer: layer, settings)
            }
        } else {
            let here = field.column(of: air, options: settings.options)
            depthMetres = here.depthMetres
            layer = settings.influenceShare * depthMetres
            below = height < layer ? step : 0
            if settings.isTurbulent {
                shift = meander(over: step, here, settings)
                below = mix(over: step, here, layer: layer, settings)
            }
        }
        secondsBelow = below
        return shift
    }

    /// Moves by mean wind and turbulence over a step.
    ///
    /// The mean wind is Petterssen's scheme of second order. Its second wind, at the place that the first leads to, is
    /// the first of the next step: the places differ by the square of the step, which keeps the order.
    /// - Returns: whether the particle is still within the domain.
    @inline(__always)
    mutating func advance(by step: Float, in field: Field, _ settings: borrowing DispersionSettings) -> Bool {
        let (oldColumn, oldRow) = (column, row)
        var shift = SIMD2<Float>(air.alongColumns, air.alongRows) + settings.windOffset
        shift += stir(over: step, in: field, settings)
        let signed = settings.sign * step
        let old = air
        column += Double(signed * shift.x * air.columnsPerMetre)
        row += Double(signed * shift.y * air.rowsPerMetre)
        height = within(height + signed * settings.verticalWind * old.upward, settings.topMetres)
        seconds += Double(signed)
        column = field.wrapped(column: column)
        guard field.contains(column: column, row: row) else { return back(to: oldColumn, oldRow) }
        air = field.air(column: column, row: row, height: height, seconds: seconds)
        let half = 0.5 * signed
        column += Double(
            half * (air.alongColumns * air.columnsPerMetre - old.alongColumns * old.columnsPerMetre)
        )
        row += Double(half * (air.alongRows * air.rowsPerMetre - old.alongRows * old.rowsPerMetre))
        height = within(height + half * settings.verticalWind * (air.upward - old.upward), settings.topMetres)
        column = field.wrapped(column: column)
        return field.contains(column: column, row: row) || back(to: oldColumn, oldRow)
    }
}
