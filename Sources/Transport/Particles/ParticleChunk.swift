import Geo
import Quantities

/// Some particles of one receptor, followed one after the other.
struct ParticleChunk<Field: Atmosphere>: Sendable {
    let receptor: Receptor
    /// Where the receptor stands among all: with the number of the particle, the name of its random numbers.
    let receptorIndex: Int
    let particles: Range<Int>
    let field: Field
    let settings: DispersionSettings

    /// Rows as they arise, with places on the grid.
    private struct Rows {
        var table = ParticleTable()
        var ends = ParticleEnds()
    }

    func follow() -> (table: ParticleTable, ends: ParticleEnds) {
        let options = settings.options
        var rows = Rows()
        let expected = particles.count * (Int(options.hours * 60 / options.outputMinutes) + 2)
        rows.table.reserve(min(expected, 1 << 22))
        for particle in particles { follow(particle, &rows) }
        locate(&rows.table.longitude, &rows.table.latitude)
        locate(&rows.ends.longitude, &rows.ends.latitude)
        return (rows.table, rows.ends)
    }

    private func locate(_ columns: inout [Double], _ rows: inout [Double]) {
        let places = field.places(columns: columns, rows: rows)
        columns = places.longitudes
        rows = places.latitudes
    }

    private func follow(_ particle: Int, _ rows: inout Rows) {
        let options = settings.options
        let points = receptor.points
        let index = particle * points.count / options.particles
        let point = points[index]
        let first = (index * options.particles + points.count - 1) / points.count
        let next = ((index + 1) * options.particles + points.count - 1) / points.count
        let weight = point.weight * Double(options.particles) / Double(next - first)
        guard var state = start(particle, point) else { return }
        let began = state.seconds
        let released = point.secondsAfter / 60
        let total = options.hours * 3600
        let output = options.outputMinutes * 60
        var (row, age, isWithin) = (1, 0.0, true)
        while isWithin, age < total - 1e-6 {
            let until = min(total, Double(row) * output)
            isWithin = advance(&state, by: until - age)
            age = abs(state.seconds - began)
            if isWithin {
                age = until
                state.seconds = began + Double(settings.sign) * until
            }
            let time = released + Double(settings.sign) * age / 60
            rows.table.append(particle, time, state, weight)
            if options.keepsConditions { rows.table.conditions.append(state, weight) }
            state.influence = 0
            state.influenceOfLayer = 0
            state.minutesBelow = 0
            row += 1
        }
        rows.ends.append(
            particle,
            released + Double(settings.sign) * age / 60,
            state,
            weight,
            hasLeft: !isWithin
        )
    }

    private func start(_ particle: Int, _ point: ReceptorPoint) -> ParticleState<Field>? {
        guard let place = field.gridPlace(longitude: point.longitude, latitude: point.latitude) else {
            return nil
        }
        let seconds = receptor.time.seconds(since: field.reference) + point.secondsAfter
        let height = Float(point.heightMetres)
        var state = ParticleState<Field>(
            column: place.x,
            row: place.y,
            height: height,
            seconds: seconds,
            air: field.air(column: place.x, row: place.y, height: height, seconds: seconds),
            stream: NormalStream(seed: settings.options.seed, receptor: receptorIndex, particle: particle),
            settings: settings
        )
        state.begin(in: field, settings)
        return state
    }

    /// Steps of equal length, none of them too long for the wind at their start.
    private func advance(_ state: inout ParticleState<Field>, by seconds: Double) -> Bool {
        let options = settings.options
        var left = seconds
        while left > 1e-6 {
            let cells = max(
                abs(state.air.alongColumns * state.air.columnsPerMetre),
                abs(state.air.alongRows * state.air.rowsPerMetre)
            )
            let longest = min(options.longestStepSeconds, options.longestStepCells / max(Double(cells), 1e-9))
            let steps = (left / longest - 1e-9).rounded(.up)
            let step = left / max(1, steps)
            let isWithin = state.advance(by: Float(step), in: field, settings)
            state.count(over: Float(step), settings)
            guard isWithin else { return false }
            left -= step
        }
        return true
    }
}

extension ParticleTable {
    mutating func reserve(_ count: Int) {
        particle.reserveCapacity(count)
        minutes.reserveCapacity(count)
        longitude.reserveCapacity(count)
        latitude.reserveCapacity(count)
        heightMetres.reserveCapacity(count)
        influence.reserveCapacity(count)
    }

    fileprivate mutating func append(
        _ number: Int,
        _ time: Double,
        _ state: ParticleState<some Atmosphere>,
        _ weight: Double
    ) {
        particle.append(Int32(truncatingIfNeeded: number))
        minutes.append(time)
        longitude.append(state.column)
        latitude.append(state.row)
        heightMetres.append(Double(state.height))
        influence.append(weight * state.influence)
    }

    mutating func append(_ other: ParticleTable) {
        particle += other.particle
        minutes += other.minutes
        longitude += other.longitude
        latitude += other.latitude
        heightMetres += other.heightMetres
        influence += other.influence
        conditions.append(other.conditions)
    }
}

extension ParticleConditions {
    fileprivate mutating func append(_ state: ParticleState<some Atmosphere>, _ weight: Double) {
        mixedLayerMetres.append(state.depthMetres)
        verticalSigma.append(state.verticalSigma)
        timescaleSeconds.append(state.verticalTimescale)
        density.append(state.air.density)
        minutesBelow.append(state.minutesBelow)
        influenceOfLayer.append(weight * state.influenceOfLayer)
    }

    fileprivate mutating func append(_ other: ParticleConditions) {
        mixedLayerMetres += other.mixedLayerMetres
        verticalSigma += other.verticalSigma
        timescaleSeconds += other.timescaleSeconds
        density += other.density
        minutesBelow += other.minutesBelow
        influenceOfLayer += other.influenceOfLayer
    }
}

extension ParticleEnds {
    fileprivate mutating func append(
        _ number: Int,
        _ time: Double,
        _ state: ParticleState<some Atmosphere>,
        _ counts: Double,
        hasLeft left: Bool
    ) {
        particle.append(Int32(truncatingIfNeeded: number))
        minutes.append(time)
        longitude.append(state.column)
        latitude.append(state.row)
        heightMetres.append(Double(state.height))
        weight.append(counts)
        hasLeft.append(left)
    }

    mutating func append(_ other: ParticleEnds) {
        particle += other.particle
        minutes += other.minutes
        longitude += other.longitude
        latitude += other.latitude
        heightMetres += other.heightMetres
        weight += other.weight
        hasLeft += other.hasLeft
    }
}
