import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Transport

/// Footprints that STILT-R made of particle tables, against ours of the same tables.
@Suite struct StiltParityTests {
    @Test func aPointHasTheFootprintThatStiltGivesIt() async throws {
        let grid = try #require(parityGrid(rows: 16, step: 0.025))
        let table = try particleTable("201507050000_-111.85_40.77_5_particles.csv")
        let receptor = try receptor("2015-07-05T00:00:00Z", -111.85, 40.77)
        let gridded = FootprintGridding().footprint(of: table, for: receptor, on: grid)
        let expected = try await values("201507050000_-111.85_40.77_5_foot.nc")
        #expect(table.count == 1200 && gridded.account.particles == 10)
        #expect(
            gridded.footprint.layers.map { $0.emission?.start.secondsSince1970 } == [
                1_436_047_200, 1_436_050_800,
            ]
        )
        expectEqual(gridded.footprint, expected)
        let sum = gridded.footprint.layers.flatMap(\.values).reduce(0, +)
        #expect(abs(sum - 0.5667118) < 1e-7 && abs(gridded.account.griddedInfluence - sum) < 1e-12)
    }

    @Test func aColumnHasTheFootprintThatStiltGivesIt() async throws {
        let grid = try #require(parityGrid(rows: 20, step: 0.02))
        let table = try particleTable("201507051800_-111.9_40.7_X0-1000_particles.csv")
        let receptor = try receptor("2015-07-05T18:00:30Z", -111.9, 40.7)
        var options = FootprintGridding.Options()
        options.isHourly = false
        let gridded = FootprintGridding(options).footprint(of: table, for: receptor, on: grid)
        let expected = try await values("201507051800_-111.9_40.7_X_foot.nc")
        expectEqual(gridded.footprint, expected)
        #expect(gridded.footprint.layers.map(\.emission) == [nil])
        let hourly = FootprintGridding().footprint(of: table, for: receptor, on: grid)
        #expect(hourly.footprint.layers.count == 2)
    }

    private func expectEqual(_ footprint: ReceptorFootprint, _ expected: [Double]) {
        var worst = 0.0
        let size = footprint.grid.cellCount
        #expect(footprint.layers.count * size == expected.count)
        for (number, layer) in footprint.layers.enumerated() {
            var dense = [Double](repeating: 0, count: size)
            for (cell, value) in zip(layer.cells, layer.values) { dense[Int(cell)] = value }
            for cell in 0..<size { worst = max(worst, abs(dense[cell] - expected[number * size + cell])) }
        }
        #expect(worst < 2e-9, "differs by \(worst)")
    }

    @NetCDFThread private func values(_ name: String) throws -> [Double] {
        try NetCDFFile(reading: fixture(name).path).doubles("foot")
    }
}

func parityGrid(rows: Int, step: Double) -> CellGrid? {
    UniformAxis(origin: 40.6, step: step, count: rows).flatMap { latitude in
        UniformAxis(origin: -112.2, step: 0.02, count: 30).flatMap {
            LatitudeLongitudeGrid(latitude: latitude, longitude: $0).map(CellGrid.longitudeLatitude)
        }
    }
}

func receptor(_ time: String, _ longitude: Double, _ latitude: Double) throws -> Receptor {
    let time = try #require(ISO8601DateFormatter().date(from: time)?.timeIntervalSince1970)
    let point = ReceptorPoint(longitude: longitude, latitude: latitude, heightMetres: 5)
    return Receptor(name: "r", time: try #require(Instant(secondsSince1970: time)), points: [point])
}

private func fixture(_ name: String) -> URL { Places.fixtures.appending(path: "stilt-parity/\(name)") }

/// A table as PYSTILT writes it.
func particleTable(_ name: String) throws -> ParticleTable {
    let lines = try String(contentsOf: fixture(name), encoding: .utf8).split(whereSeparator: \.isNewline)
    let columns = lines[0].split(separator: ",").map(String.init)
    let wanted = try ["particle", "age", "lon", "lat", "zagl", "foot"].map {
        try #require(columns.firstIndex(of: $0))
    }
    var table = ParticleTable()
    for line in lines.dropFirst() {
        let fields = line.split(separator: ",")
        let numbers = try wanted.map { try #require(Double(fields[$0])) }
        table.particle.append(Int32(numbers[0]))
        table.minutes.append(numbers[1])
        table.longitude.append(numbers[2])
        table.latitude.append(numbers[3])
        table.heightMetres.append(numbers[4])
        table.influence.append(numbers[5])
    }
    return table
}
