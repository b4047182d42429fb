import Formats
import Geo
import Quantities
import Report

/// F1 of a case without an inversion: points summed onto tiles, with an official boundary set where there is one.
struct ReportMapPlan {
    let plan: ReportPlan
    let box: BoundingBox?
    let credit: LocalizedName

    private static let world = BoundingBox(west: -180, south: -60, east: 180, north: 80)

    func map(_ builder: inout ReportContentBuilder) throws -> ReportMap {
        guard let frame = box ?? Self.world else { preconditionFailure("a box of constants") }
        var map = ReportMap(
            box: frame,
            layer: nil,
            mask: nil,
            labelledRegions: [],
            sites: [],
            boundaryCredit: credit
        )
        if let points = plan.points, box != nil {
            map.layer = try tiles(points, in: frame)
            _ = builder.use(points.file, .inventory, points.credit)
        }
        try addBoundaries(to: &map, &builder)
        return map
    }

    /// Outlines of the set that the case names, with its approval number.
    func addBoundaries(to map: inout ReportMap, _ builder: inout ReportContentBuilder) throws {
        guard let file = plan.boundaries else { return }
        let set = try RegionFile.read(file)
        _ = builder.use(file, .boundaries, set.provenance)
        map.boundaries = set.regions.flatMap { region in
            region.polygons.flatMap { [$0.outline] + $0.holes }.map(\.corners)
        }
        let approval = set.mapApproval
        map.boundaryCredit = LocalizedName(
            english: set.name.english + (set.provenance.isEmpty ? "" : ", \(set.provenance)")
                + (approval.map { "; map approval number \($0)" } ?? "; no map approval number stated"),
            chinese: set.name.chinese + (set.provenance.isEmpty ? "" : "，\(set.provenance)")
                + (approval.map { "；审图号：\($0)" } ?? "；未标注审图号")
        )
    }

    private func tiles(_ points: ReportPlan.PointsPlan, in box: BoundingBox) throws -> ReportMap.Layer? {
        guard let grid = GridDefinition.grid(box: box, stepDegrees: points.step), grid.cellCount <= 250_000
        else {
            return nil
        }
        let table = try CSVTable.ofCase(points.file)
        var sums = [Double](repeating: .nan, count: grid.cellCount)
        for row in table.rows {
            let longitude = try table.number(row, "longitude")
            let latitude = try table.number(row, "latitude")
            let value = try table.number(row, points.value)
            guard value.isFinite, longitude.isFinite, latitude.isFinite,
                let cell = grid.cell(longitude: longitude, latitude: latitude)
            else { continue }
            sums[cell] = (sums[cell].isNaN ? 0 : sums[cell]) + value
        }
        return ReportMap.Layer(
            name: points.name,
            unit: points.unit,
            grid: .longitudeLatitude(grid),
            values: sums,
            isLogarithmic: true
        )
    }
}
