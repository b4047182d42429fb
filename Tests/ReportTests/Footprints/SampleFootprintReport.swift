import Foundation
import Geo
import Quantities
import TestSupport
import Transport

@testable import Report

/// A plume to the north-west of a receptor, as made up as it looks.
enum SampleFootprintReport {
    static let time = Instant(CivilTime(year: 2021, month: 7, day: 25, hour: 12))

    static func grid() -> LatitudeLongitudeGrid? {
        guard let latitude = UniformAxis(origin: -26, step: 0.1, count: 40),
            let longitude = UniformAxis(origin: 25, step: 0.1, count: 50)
        else { return nil }
        return LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
    }

    static func footprint(_ receptor: Receptor, _ grid: LatitudeLongitudeGrid) -> ReceptorFootprint {
        let place = receptor.meanPlace
        var cells: [Int32] = []
        var values: [Double] = []
        for cell in 0..<grid.cellCount {
            let east = place.longitude - grid.longitude.centre(cell % grid.columns)
            let north = grid.latitude.centre(cell / grid.columns) - place.latitude
            let along = (east + north) / 2.0.squareRoot()
            let across = (east - north) / 2.0.squareRoot()
            guard along > -0.03 else { continue }
            let width = 0.06 + 0.15 * along
            let value = 0.02 / (0.1 + along) * exp(-across * across / (2 * width * width)) * exp(-along)
            guard value > 1e-6 else { continue }
            cells.append(Int32(cell))
            values.append(value)
        }
        return ReceptorFootprint(
            receptor: receptor.name,
            time: receptor.time,
            averagingSeconds: receptor.averagingSeconds,
            place: place,
            grid: .longitudeLatitude(grid),
            layers: [FootprintLayer(emission: nil, cells: cells, values: values)]
        )
    }

    static func particles(_ receptor: Receptor) -> ParticleTable {
        var random = SeededGenerator(seed: 3)
        var table = ParticleTable()
        let place = receptor.meanPlace
        for particle in 0..<60 {
            var (east, north, height) = (0.0, 0.0, place.heightMetres)
            let (drift, turn) = (1 + 0.2 * random.normal(), 0.2 * random.normal())
            for minute in stride(from: 0, through: 720, by: 18) {
                table.particle.append(Int32(particle))
                table.minutes.append(-Double(minute))
                table.longitude.append(place.longitude + east)
                table.latitude.append(place.latitude + north)
                table.heightMetres.append(height)
                table.influence.append(0)
                east -= 0.036 * (drift - turn) + 0.007 * random.normal()
                north += 0.036 * (drift + turn) + 0.007 * random.normal()
                height = min(1800, abs(height + 110 * random.normal()))
            }
        }
        return table
    }

    static func receptors() -> [Receptor] {
        let tower = Receptor.inlet(
            name: "tower <test>",
            time: time,
            longitude: 28.2,
            latitude: -24.6,
            heightMetres: 60,
            averagingSeconds: 3600
        )
        let track = (0..<60).map { minute in
            TrackFix(
                time: time.advanced(bySeconds: Double(minute * 20)),
                longitude: 28 + 0.004 * Double(minute),
                latitude: -25 + 0.002 * Double(minute)
            )
        }
        let drive = Receptor.drive(name: "street", fixes: track, inletMetres: 2)
        return [tower, drive].compactMap(\.self)
    }

    static func make() throws -> FootprintReport {
        guard let grid = grid() else { throw CocoaError(.featureUnsupported) }
        let receptors = receptors()
        let footprints = receptors.map { footprint($0, grid) }
        let fields = footprints.map { FootprintField($0) }
        return FootprintReport(
            title: LocalizedName(english: "Footprints of two receptors", chinese: "两个受体的印痕"),
            rows: zip(receptors, fields).map { receptor, field in
                FootprintReport.Row(
                    receptor: receptor,
                    sum: field.sum,
                    shareLeft: 0.124,
                    transport: TransportSpread(members: [1, 1.2, 0.9], controls: [1.01, 1])
                )
            },
            mean: FootprintField(meanOf: footprints),
            shown: zip(receptors, fields).map { ($0, $1) },
            plumes: [(receptors[0], particles(receptors[0]))],
            facts: [
                (LocalizedName(english: "Hours", chinese: "小时数"), LocalizedName(english: "12")),
                (
                    LocalizedName(english: "Particles of a receptor", chinese: "每个受体的粒子数"),
                    LocalizedName(english: "60")
                ),
            ],
            caveats: [
                LocalizedName(
                    english: "12 % of the particles left the weather before the end.",
                    chinese: "12 % 的粒子在计算结束前离开气象场。"
                )
            ],
            provenance: Provenance(
                software: "crosswind 0.0.0",
                command: "crosswind footprint",
                configuration: "hours=12",
                inputs: [],
                environment: []
            )
        )
    }
}
