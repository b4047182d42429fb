public import Geo

extension RegionMask {
    /// The same mask on a grid whose axes differ by rounding only, as those of two files do; nil on another grid.
    public func aligned(with other: LatitudeLongitudeGrid) -> RegionMask? {
        guard let grid = grid.longitudeLatitude, grid.latitude.isNear(other.latitude),
            grid.longitude.isNear(other.longitude)
        else { return nil }
        return RegionMask(grid: other, names: names, index: index)
    }
}

extension UniformAxis {
    /// Both ends within a hundredth of a cell.
    fileprivate func isNear(_ other: UniformAxis) -> Bool {
        count == other.count && abs(origin - other.origin) <= 1e-2 * step
            && abs(end - other.end) <= 1e-2 * step
    }
}
