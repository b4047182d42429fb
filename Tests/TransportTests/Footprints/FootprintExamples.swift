import Geo
import Quantities
import TestSupport

@testable import Transport

func degrees(_ west: Double, _ south: Double, _ step: Double, columns: Int, rows: Int) -> CellGrid? {
    UniformAxis(origin: south, step: step, count: rows).flatMap { latitude in
        UniformAxis(origin: west, step: step, count: columns).flatMap {
            LatitudeLongitudeGrid(latitude: latitude, longitude: $0).map(CellGrid.longitudeLatitude)
        }
    }
}

let noon = Instant(microseconds: 1_627_214_400_000_000)

func hours(_ start: Double, _ end: Double) -> Period {
    Period(start: noon.advanced(bySeconds: start * 3600), end: noon.advanced(bySeconds: end * 3600))
}

func site(_ longitude: Double = 116, _ latitude: Double = 40) -> Receptor {
    let point = ReceptorPoint(longitude: longitude, latitude: latitude, heightMetres: 10)
    return Receptor(name: "site", time: noon, points: [point])
}

func dense(_ layer: FootprintLayer, _ count: Int) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    for (cell, value) in zip(layer.cells, layer.values) { values[Int(cell)] = value }
    return values
}

/// Particles that drift west and wander, a row a minute each; a tenth of the rows without influence.
func cloud(
    _ seed: UInt64,
    particles: Int,
    minutes: Int,
    longitude: Double,
    latitude: Double,
    drift: Double = -0.004
) -> ParticleTable {
    var generator = SeededGenerator(seed: seed)
    var table = ParticleTable()
    for particle in 1...particles {
        var place = SIMD2(longitude, latitude)
        for minute in 1...minutes {
            place += SIMD2(drift + 0.003 * generator.normal(), 0.002 * generator.normal())
            table.particle.append(Int32(particle))
            table.minutes.append(-Double(minute))
            table.longitude.append(place.x)
            table.latitude.append(place.y)
            table.heightMetres.append(10)
            table.influence.append(generator.uniform() < 0.1 ? 0 : 1e-3 * generator.uniform())
        }
    }
    return table
}

extension ParticleTable {
    func rows(_ rows: [Int]) -> ParticleTable {
        var table = ParticleTable()
        for row in rows { table.append(row, of: self) }
        return table
    }

    mutating func append(like row: Int) { append(row, of: self) }

    private mutating func append(_ row: Int, of other: ParticleTable) {
        particle.append(other.particle[row])
        minutes.append(other.minutes[row])
        longitude.append(other.longitude[row])
        latitude.append(other.latitude[row])
        heightMetres.append(other.heightMetres[row])
        influence.append(other.influence[row])
    }
}
