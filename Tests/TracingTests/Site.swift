import Foundation
import Geo
import Quantities
import TestSupport
import Transport

@testable import Tracing

/// A site made up for tests: sensors on a ring of 60 m, wind that sways about a slowly turning direction.
struct Site {
    static let start = Instant(microseconds: 1_650_000_000_000_000)
    static let centre = TouchingPlane(longitude: 116, latitude: 40)
    var settings: TraceSettings
    var steps: [WindRecord.Step] = []
    var sources: [CandidateSource]

    init(minutes: Int = 480, seed: UInt64 = 1, windFrom: Double = 270, turnPerHour: Double = 40) {
        guard let air = AmbientAir(kelvin: 288.15, pascal: 101_325) else { preconditionFailure("no air") }
        settings = TraceSettings(air: air)
        sources = [
            CandidateSource(name: "tank", position: Self.place(-20, 10), heightMetres: 3),
            CandidateSource(name: "well", position: Self.place(25, -15), heightMetres: 1.5),
        ]
        var generator = SeededGenerator(seed: seed)
        steps = (0..<minutes).map { minute in
            WindRecord.Step(
                time: Self.time(minute),
                windSpeed: 3 + 0.5 * generator.normal(),
                windFromDegrees: windFrom + turnPerHour * Double(minute) / 60 + 8 * generator.normal()
            )
        }
    }

    static func time(_ minute: Int) -> Instant { start.advanced(bySeconds: Double(minute) * 60) }

    /// m to the east and north of the centre.
    static func place(_ east: Double, _ north: Double) -> Position {
        let unit = centre.place(longitude: 117, latitude: 41)
        let position = Position(longitude: 116 + east / unit.x, latitude: 40 + north / unit.y)
        guard let position else { preconditionFailure("no place") }
        return position
    }

    var sensors: [(name: String, position: Position)] {
        (0..<8).map { number in
            let angle = Double(number) * Double.pi / 4
            return ("S\(number)", Self.place(60 * sin(angle), 60 * cos(angle)))
        }
    }

    /// Readings a minute apart, with what sources add by the model itself while they emit, and noise.
    func readings(
        rates: [Double],
        emitting: Range<Int>,
        noise: Double = 0.01,
        seed: UInt64 = 7
    ) throws -> [SensorReading] {
        var generator = SeededGenerator(seed: seed)
        func reading(_ sensor: Int, _ minute: Int, _ value: Double) -> SensorReading {
            SensorReading(
                sensor: sensors[sensor].name,
                time: Self.time(minute),
                position: sensors[sensor].position,
                heightMetres: 2,
                moleFraction: value
            )
        }
        let still = sensors.indices.flatMap { sensor in
            steps.indices.map { reading(sensor, $0, 2 + 0.05 * Double(sensor)) }
        }
        var exact = settings
        exact.windDirectionError = 0
        exact.windowSeconds = 60
        let record = try WindRecord(steps)
        // Spread is that of the windows of the search.
        let search = try SourceTrace(still, wind: record, settings)
        let origins = sources.map { search.origin($0.position, $0.heightMetres, $0.sizeMetres) }
        return search.means.readings.map { base in
            let minute = Int(base.time.seconds(since: Self.start) / 60)
            let window = base.time.microseconds / search.means.windowMicroseconds
            var value = base.moleFraction + noise * generator.normal()
            if emitting.contains(minute), let weather = search.weather[window] {
                let place = search.plane.place(
                    longitude: base.position.longitude,
                    latitude: base.position.latitude
                )
                for (origin, rate) in zip(origins, rates) {
                    value +=
                        rate
                        * Self.sensitivity(
                            record,
                            exact,
                            of: origin,
                            at: place,
                            heightMetres: base.heightMetres,
                            step: minute,
                            weather
                        ).centre
                }
            }
            return SensorReading(
                sensor: base.sensor,
                time: base.time,
                position: base.position,
                heightMetres: base.heightMetres,
                moleFraction: value
            )
        }
    }

    /// At a moment in the wind as it is measured.
    static func sensitivity(
        _ wind: WindRecord,
        _ settings: TraceSettings,
        of origin: PlumeOrigin,
        at receptor: SIMD2<Double>,
        heightMetres: Double,
        step: Int,
        _ weather: WindowWeather
    ) -> Sensitivity {
        let plumes = PlumeSensitivity(wind, .few(settings), settings)
        var values = [Double](repeating: 0, count: plumes.turns.directions.count)
        plumes.add(origin, at: receptor, heightMetres: heightMetres, step: step, weather, to: &values)
        return plumes.turns.sensitivities(values)[0]
    }

    func trace(_ readings: [SensorReading], scan: PlaceGrid? = nil) async throws -> TraceResult {
        try await SourceTrace(readings, wind: try WindRecord(steps), settings)
            .perform(sources: sources, scan: scan)
    }
}
