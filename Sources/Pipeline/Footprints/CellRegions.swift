import Formats
import Foundation
import Geo
import Inventory
import Quantities

/// The region of each cell of a grid, from a netCDF mask or polygons in GeoJSON.
enum CellRegions {
    /// - Throws: what the readers throw; ``PipelineError/unfitInventory(file:reason:)`` for a mask of another grid.
    static func read(_ file: String, on grid: CellGrid) async throws -> RegionMask {
        let name = file.lowercased()
        if name.hasSuffix(".geojson") || name.hasSuffix(".json") {
            return RegionMask(RegionFractions(try RegionFile.read(file), on: grid))
        }
        let mask = try await RegionMaskFile.read(file)
        guard let own = grid.longitudeLatitude, let aligned = mask.aligned(with: own) else {
            throw PipelineError.unfitInventory(
                file: file,
                reason: "the mask of regions is on another grid than the footprints"
            )
        }
        return aligned
    }
}
