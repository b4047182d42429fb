import Foundation
import Geo

/// The grid of an ARL packed file by the numbers of its index.
struct ARLGeometry: Equatable, Sendable {
    /// Latitude and longitude of the pole, of the reference, spacing (km), orientation, angle of the cone, column and
    /// row (from 1) of a known place, its latitude and longitude, and one that is not of the grid.
    let numbers: [Double]
    let columns: Int
    let rows: Int

    /// Of the sphere that HYSPLIT takes, m.
    static let radiusMetres = 6_371_200.0

    /// What cannot be used, and what to do.
    struct Refusal: Error, Equatable {
        let what: String
        let remedy: String
    }

    private var referenceLatitude: Double { numbers[2] }
    private var referenceLongitude: Double { numbers[3] }
    private var spacingMetres: Double { numbers[4] * 1000 }
    private var coneDegrees: Double { numbers[6] }

    /// The grid without rows at the poles, and how many of these lie in the south.
    func grid() throws(Refusal) -> (grid: CellGrid, rowsBelow: Int) {
        guard spacingMetres != 0 else { return try longitudeLatitude() }
        guard numbers[5] == 0 else {
            throw Refusal(
                what: "the grid is turned by \(numbers[5]) degrees",
                remedy: "use files of an unturned grid"
            )
        }
        guard spacingMetres > 0, let projection = projection() else {
            throw Refusal(what: "the projection of the grid cannot be computed", remedy: "check the file")
        }
        var (x, y) = ([numbers[10]], [numbers[9]])
        projection.project(&x, &y)
        let (step, half) = (spacingMetres, 0.5)
        guard x[0].isFinite, y[0].isFinite,
            let across = UniformAxis(
                origin: x[0] - (numbers[7] - 1 + half) * step,
                step: step,
                count: columns
            ),
            let along = UniformAxis(origin: y[0] - (numbers[8] - 1 + half) * step, step: step, count: rows)
        else { throw Refusal(what: "the place of the grid cannot be computed", remedy: "check the file") }
        return (.projected(ProjectedGrid(projection: projection, x: across, y: along)), 0)
    }

    private func longitudeLatitude() throws(Refusal) -> (grid: CellGrid, rowsBelow: Int) {
        // HYSPLIT takes the known place of such a grid for its first cell, whatever its column and row.
        let (stepAlong, stepAcross) = (referenceLatitude, referenceLongitude)
        guard
            let latitude = UniformAxis(origin: numbers[9] - stepAlong / 2, step: stepAlong, count: rows),
            let longitude = UniformAxis(
                origin: numbers[10] - stepAcross / 2,
                step: stepAcross,
                count: columns
            ),
            abs(numbers[10]) <= 720, let (inner, below) = latitude.withinPoles,
            let grid = LatitudeLongitudeGrid(latitude: inner, longitude: longitude)
        else {
            throw Refusal(
                what: "the grid of longitude and latitude leaves the Earth",
                remedy: "check the file"
            )
        }
        return (.longitudeLatitude(grid), below)
    }

    /// The angle of the cone alone tells projections apart, as in HYSPLIT; the spacing holds at the reference latitude.
    private func projection() -> MapProjection? {
        let (cone, reference) = (coneDegrees, referenceLatitude)
        guard abs(cone) <= 90, abs(reference) <= 90 else { return nil }
        let (definition, name): (String, String)
        if abs(cone) == 90 {
            (definition, name) = ("+proj=stere +lat_0=\(cone) +lat_ts=\(reference)", "polar stereographic")
        } else if cone == 0 {
            (definition, name) = ("+proj=merc +lat_ts=\(reference)", "Mercator")
        } else {
            let scale = 1 / Self.lambertScale(cone: cone, latitude: reference)
            guard scale.isFinite, scale > 0 else { return nil }
            (definition, name) = (
                "+proj=lcc +lat_1=\(cone) +lat_0=\(cone) +k_0=\(scale)", "Lambert conformal"
            )
        }
        return MapProjection.onSphere(
            definition + " +lon_0=\(referenceLongitude)",
            radiusMetres: Self.radiusMetres,
            name: name + " on HYSPLIT's sphere"
        )
    }

    /// How much a Lambert projection that is true at the latitude of its cone stretches another one (Snyder 1987, USGS
    /// Prof. Paper 1395, eq. 15-4).
    static func lambertScale(cone: Double, latitude: Double) -> Double {
        let (a, b) = (cone * .pi / 180, latitude * .pi / 180)
        let ratio = tan(.pi / 4 + a / 2) / tan(.pi / 4 + b / 2)
        return cos(a) / cos(b) * pow(ratio, sin(a))
    }
}
