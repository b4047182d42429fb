import Geo
import Observations

/// Where the soundings of a block lie in the plane of a projected grid, metres; NaN where they have no place there.
struct ProjectedBlock {
    private let grid: ProjectedGrid
    /// Centres for ``FootprintMethod/centre``, else corners, as many for each sounding.
    private var x: [Double] = []
    private var y: [Double] = []
    private var cornersEach = 4

    init(_ batch: SoundingBatch, _ grid: ProjectedGrid, _ method: FootprintMethod, hasCorners: Bool) {
        self.grid = grid
        if method == .centre {
            (x, y) = (batch.longitudes, batch.latitudes)
        } else if hasCorners {
            (x, y) = (batch.cornerLongitudes, batch.cornerLatitudes)
        } else {
            cornersEach = Footprint.circleCorners
            appendCircles(batch)
        }
        grid.projection.project(&x, &y)
    }

    /// Round fields of view, as polygons on the sphere.
    private mutating func appendCircles(_ batch: SoundingBatch) {
        guard let diameter = batch.fieldOfViewKilometres else { return }
        var footprint = Footprint()
        for index in 0..<batch.count {
            let shape = footprint.setCircle(
                longitude: batch.longitudes[index],
                latitude: batch.latitudes[index],
                diameterKilometres: diameter
            )
            if shape == .invalid {
                x += [Double](repeating: .nan, count: cornersEach)
                y += [Double](repeating: .nan, count: cornersEach)
            } else {
                footprint.appendCorners(x: &x, y: &y)
            }
        }
    }

    func cell(ofCentre index: Int) -> Int? { grid.cell(x: x[index], y: y[index]) }

    func set(_ footprint: inout Footprint, _ index: Int) -> FootprintShape {
        let corners = (cornersEach * index)..<(cornersEach * (index + 1))
        guard corners.upperBound <= x.count else { return .invalid }
        return footprint.setPolygon(x: x[corners], y: y[corners])
    }
}
