import Foundation
import Geo
public import Quantities

extension AirColumn {
    /// The air of the weather above a place: heights and logarithms of pressures of each level, linear between the
    /// middles of the four cells around it and between the hours around the time.
    ///
    /// Nil outside of the weather's area or hours, and where its pressures do not fall with height.
    public init?(of meteorology: Meteorology, at time: Instant, longitude: Double, latitude: Double) {
        let hours = meteorology.hours
        guard let place = GridCorners(meteorology.grid, longitude: longitude, latitude: latitude),
            let later = hours.firstIndex(where: { $0.time >= time }),
            later > 0 || hours[later].time == time
        else { return nil }
        let earlier = max(0, later - 1)
        let length = hours[later].time.seconds(since: hours[earlier].time)
        let share = length > 0 ? time.seconds(since: hours[earlier].time) / length : 1
        let (first, second) = (place.air(of: hours[earlier]), place.air(of: hours[later]))
        guard first.count == second.count else { return nil }
        let air = zip(first, second).map { low, high in
            (
                height: low.height + share * (high.height - low.height),
                logarithm: low.logarithm + share * (high.logarithm - low.logarithm)
            )
        }
        guard let ground = air.first else { return nil }
        // Between levels near the ground and terrain that differ by cell a level may come to lie at or below it.
        let above = air.dropFirst().filter { $0.height > 0 && $0.logarithm < ground.logarithm }
        self.init(
            heightMetres: above.map(\.height),
            pressurePascal: above.map { exp($0.logarithm) },
            surfacePascal: exp(ground.logarithm)
        )
    }
}

/// The four cells around a place and what each counts for.
private struct GridCorners {
    private let cells: [(cell: Int, weight: Double)]
    private let cellCount: Int

    init?(_ grid: CellGrid, longitude: Double, latitude: Double) {
        let plane = grid.plane
        var (x, y) = ([longitude], [latitude])
        var closes = false
        if let projected = grid.projected {
            projected.projection.project(&x, &y)
        } else {
            let east = longitude - plane.across.centre(0)
            x[0] = longitude - 360 * (east / 360).rounded(.down)
            closes = plane.across.step * Double(plane.columns) > 360 - 1e-6
        }
        let column = (x[0] - plane.across.centre(0)) / plane.across.step
        let row = (y[0] - plane.along.centre(0)) / plane.along.step
        let last = Double(closes ? plane.columns : plane.columns - 1)
        guard column >= 0, column <= last, row >= 0, row <= Double(plane.rows - 1),
            let west = Int(exactly: column.rounded(.down)), let south = Int(exactly: row.rounded(.down))
        else { return nil }
        let (across, along) = (column - Double(west), row - Double(south))
        let east = closes ? (west + 1) % plane.columns : min(west + 1, plane.columns - 1)
        let north = min(south + 1, plane.rows - 1)
        let first = min(west, plane.columns - 1)
        cells = [
            (south * plane.columns + first, (1 - across) * (1 - along)),
            (south * plane.columns + east, across * (1 - along)),
            (north * plane.columns + first, (1 - across) * along),
            (north * plane.columns + east, across * along),
        ]
        cellCount = grid.cellCount
    }

    /// From the ground up.
    func air(of hour: MeteorologyHour) -> [(height: Double, logarithm: Double)] {
        func mean(_ values: [Float], _ level: Int, _ change: (Double) -> Double = { $0 }) -> Double {
            cells.reduce(0) { $0 + $1.weight * change(Double(values[level * cellCount + $1.cell])) }
        }
        let levels = hour.heightMetres.count / cellCount
        let ground = (height: 0.0, logarithm: mean(hour.surface.pressurePascal, 0, log))
        return [ground]
            + (0..<levels).map {
                (mean(hour.heightMetres, $0), mean(hour.pressurePascal, $0, log))
            }
    }
}
