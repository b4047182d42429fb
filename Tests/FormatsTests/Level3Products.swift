import Formats
import Foundation
import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

/// The two real days on cells of two degrees, a window each.
enum Level3Products {
    static func realDays(
        withProfiles: Bool = true,
        created: Instant? = nil,
        stepDegrees: Double = 2
    ) async throws -> Level3Product {
        let globe = BoundingBox(west: -180, south: -90, east: 180, north: 90)
        let grid = try grid(globe, stepDegrees: stepDegrees)
        let plan = GriddingPlan(grid: grid, window: .day, withProfiles: withProfiles)
        var sums = FileSums(plan)
        var inputs: [FileProvenance.Input] = []
        for path in [SatelliteFiles.first, SatelliteFiles.second] {
            try sums.add(place(try await SoundingFile.open(path).readAll(), plan))
            inputs.append(try FileProvenance.Input(ofFile: path))
        }
        sums.finish()
        let provenance = FileProvenance(
            command: "crosswind grid",
            configuration: "grid=test",
            seed: nil,
            inputs: inputs,
            created: created
        )
        return try #require(
            Level3Product(
                sums.columns(),
                tally: sums.tally,
                provenance: provenance,
                publication: publication
            )
        )
    }

    static func grid(_ box: BoundingBox?, stepDegrees: Double) throws -> LatitudeLongitudeGrid {
        let box = try #require(box)
        return try #require(LatitudeLongitudeGrid(box: box, stepDegrees: stepDegrees))
    }

    /// What only a publisher knows.
    static var publication: Level3Publication {
        var publication = Level3Publication()
        publication.namingAuthority = "org.example"
        publication.institution = "Example Agency"
        publication.project = "Example"
        publication.creatorName = "Example Agency"
        publication.creatorEmail = "data@example.org"
        publication.creatorURL = "https://example.org"
        publication.publisherName = "Example Agency"
        publication.publisherEmail = "data@example.org"
        publication.publisherURL = "https://example.org"
        publication.licence = "https://creativecommons.org/licenses/by/4.0/"
        publication.acknowledgement = "ACOS-GOSAT soundings by NASA"
        return publication
    }

    /// A made batch of soundings in layers, one a cell of the grid with its index as the column.
    static func everyCell(
        of grid: LatitudeLongitudeGrid,
        gas: Gas = .co2,
        layers: Int = 0,
        keeping: (Int) -> Bool = { _ in true }
    ) throws -> Level3Product {
        var batch = SoundingBatch(
            product: "made",
            gas: gas,
            scale: gas == .ch4 ? .ch4X2004A : .co2X2019,
            levels: layers,
            profileSupport: .layers
        )
        for cell in 0..<grid.cellCount where keeping(cell) {
            let (row, column) = cell.quotientAndRemainder(dividingBy: grid.columns)
            batch.ids.append(UInt64(cell))
            batch.times.append(Instant(CivilTime(year: 2020, month: 1, day: 1 + cell % 3)))
            batch.longitudes.append(grid.longitude.centre(column))
            batch.latitudes.append(grid.latitude.centre(row))
            batch.columns.append(gas == .ch4 ? 1.9 + Double(cell) * 1e-6 : 400 + Double(cell) * 1e-4)
            batch.uncertainties.append(gas == .ch4 ? 0.01 : 0.5)
            batch.priorColumns.append(gas == .ch4 ? 1.88 : 400)
            batch.averagingKernels += [Double](repeating: 1, count: layers)
            batch.pressureWeights += [Double](repeating: 1 / Double(max(1, layers)), count: layers)
            batch.priorProfiles += [Double](repeating: gas == .ch4 ? 1.88 : 400, count: layers)
            if layers > 0 { batch.pressures += (0...layers).map { 1000 * Double($0) / Double(layers) } }
        }
        let plan = GriddingPlan(grid: grid, withProfiles: layers > 0)
        var sums = FileSums(plan)
        try sums.add(place(batch, plan))
        sums.finish()
        let provenance = FileProvenance(
            command: "made",
            configuration: "",
            seed: nil,
            inputs: [],
            created: nil
        )
        return try #require(Level3Product(sums.columns(), tally: sums.tally, provenance: provenance))
    }
}
