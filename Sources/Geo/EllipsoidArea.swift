import Foundation

/// Areas on the ellipsoid of WGS 84, by way of its authalic sphere: the one whose parallels bound the same areas
/// (Snyder 1987, USGS Professional Paper 1395, pages 16 and 187).
enum EllipsoidArea {
    private static let squaredEccentricity = 0.006_694_379_990_141_317
    static let authalicRadiusMetres = 6_371_007.180_918_474

    /// Snyder's series 3-14; what it leaves out is below 1e-9 radian.
    static func authalicLatitude(degrees latitude: Double) -> Double {
        let e2 = squaredEccentricity
        let (e4, e6) = (e2 * e2, e2 * e2 * e2)
        let phi = latitude * .pi / 180
        return phi - (e2 / 3 + 31 * e4 / 180 + 59 * e6 / 560) * sin(2 * phi)
            + (17 * e4 / 360 + 61 * e6 / 1260) * sin(4 * phi) - 383 * e6 / 45_360 * sin(6 * phi)
    }

    /// The area within a closed line that is given by an even number of places: from every second place to the next
    /// but one, over the one between, the line is a parabola in the plane of Lambert's azimuthal equal-area projection
    /// round the middle, where no pole and no meridian is singular. Degrees; m2, positive counter-clockwise.
    static func within(
        longitudes: ArraySlice<Double>,
        latitudes: ArraySlice<Double>,
        around middle: SIMD2<Double>
    )
        -> Double
    {
        let plane = EqualAreaPlane(middle)
        let points = zip(longitudes, latitudes).map { plane.point(longitude: $0, latitude: $1) }
        var sum = 0.0
        for start in stride(from: 0, to: points.count, by: 2) {
            let (a, m, b) = (points[start], points[start + 1], points[(start + 2) % points.count])
            // The triangle of the chord, and the segment of the parabola: two thirds of chord times sagitta.
            sum += (a.x * b.y - b.x * a.y) / 2
            sum += ((m.x - a.x) * (b.y - a.y) - (m.y - a.y) * (b.x - a.x)) * 2 / 3
        }
        return sum * authalicRadiusMetres * authalicRadiusMetres
    }
}

/// Lambert's azimuthal equal-area projection of the authalic sphere of radius one.
private struct EqualAreaPlane {
    private let longitude: Double
    private let sine: Double
    private let cosine: Double

    init(_ middle: SIMD2<Double>) {
        longitude = middle.x
        let beta = EllipsoidArea.authalicLatitude(degrees: middle.y)
        (sine, cosine) = (sin(beta), cos(beta))
    }

    func point(longitude x: Double, latitude y: Double) -> SIMD2<Double> {
        let beta = EllipsoidArea.authalicLatitude(degrees: y)
        let turn = (x - longitude) * .pi / 180
        let (sinBeta, cosBeta) = (sin(beta), cos(beta))
        let towards = cosBeta * cos(turn)
        let scale = (2 / (1 + sine * sinBeta + cosine * towards)).squareRoot()
        return SIMD2(scale * cosBeta * sin(turn), scale * (cosine * sinBeta - sine * towards))
    }
}

extension ProjectedGrid {
    /// Cells whose sides are no longer have their area within 1e-6 when the sides are taken as parabolas.
    static let longestPartMetres = 100_000.0
    private static let cellsAtOnce = 4096

    /// Areas of cells on the ellipsoid, m2; NaN outside of the projection.
    public func areasSquareMetres(of cells: [Int]) -> [Double] {
        // Two points for each part of a side.
        let parts = 2 * Int(min(max((max(x.step, y.step) / Self.longestPartMetres).rounded(.up), 1), 64))
        var areas: [Double] = []
        areas.reserveCapacity(cells.count)
        for start in stride(from: 0, to: cells.count, by: Self.cellsAtOnce) {
            areas += areasAtOnce(cells[start..<min(cells.count, start + Self.cellsAtOnce)], parts: parts)
        }
        return areas
    }

    private func areasAtOnce(_ cells: ArraySlice<Int>, parts: Int) -> [Double] {
        var (eastings, northings) = ([Double](), [Double]())
        let size = 4 * parts + 1
        eastings.reserveCapacity(cells.count * size)
        northings.reserveCapacity(cells.count * size)
        for cell in cells {
            let (row, column) = cell.quotientAndRemainder(dividingBy: columns)
            let (west, south) = (x.edge(column), y.edge(row))
            for step in 0..<(4 * parts) {
                let (side, place) = step.quotientAndRemainder(dividingBy: parts)
                let part = Double(place) / Double(parts)
                let (across, along) = [(part, 0), (1, part), (1 - part, 1), (0, 1 - part)][side]
                eastings.append(west + across * x.step)
                northings.append(south + along * y.step)
            }
            eastings.append(x.centre(column))
            northings.append(y.centre(row))
        }
        let places = projection.places(x: eastings, y: northings)
        return cells.indices.map { index in
            let start = (index - cells.startIndex) * size
            let end = start + size - 1
            return EllipsoidArea.within(
                longitudes: places.longitudes[start..<end],
                latitudes: places.latitudes[start..<end],
                around: SIMD2(places.longitudes[end], places.latitudes[end])
            )
        }
    }
}

extension RegionRing {
    /// The area within on the ellipsoid, positive, m2; edges are straight in the plane of longitude and latitude.
    var ellipsoidAreaSquareMetres: Double {
        let radians = Double.pi / 180
        let radius = EllipsoidArea.authalicRadiusMetres
        var sum = 0.0
        var last = corners[corners.count - 1]
        for corner in corners {
            // `R² ∮ λ cos β dβ = -R² ∮ sin β dλ`, the sine by the rule of Simpson over parts of a degree.
            let parts = max(1, Int(min(abs(corner.y - last.y), 180).rounded(.up)))
            let turn = (corner.x - last.x) * radians / Double(parts)
            if turn != 0 {
                for part in 0..<parts {
                    let heights = [0, 0.5, 1].map { offset in
                        last.y + (corner.y - last.y) * (Double(part) + offset) / Double(parts)
                    }
                    let sines = heights.map { sin(EllipsoidArea.authalicLatitude(degrees: $0)) }
                    sum -= turn * (sines[0] + 4 * sines[1] + sines[2]) / 6
                }
            }
            last = corner
        }
        return radius * radius * sum
    }
}
