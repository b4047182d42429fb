public import Geo
import Inventory
public import NetCDF

/// Country masks: an index for each cell and a name for each index.
public enum RegionMaskFile {
    /// Reads `country(lat, lon)` with `name`, or `countrydefinition(lat, lon)` with `countrynames`.
    ///
    /// - Throws: ``NetCDFError`` when neither is there, the axes form no grid or an index has no name.
    @NetCDFThread
    public static func read(_ path: String) throws(NetCDFError) -> RegionMask {
        let file = try NetCDFFile(reading: path)
        let layouts = [("country", "name"), ("countrydefinition", "countrynames"), ("region", "region_name")]
        for (variable, names) in layouts where file.hasVariable(variable) && file.hasVariable(names) {
            return try file.mask(variable, names: try file.strings(names))
        }
        throw NetCDFError(.absent("no `country` with `name`"), path: path, variable: "country")
    }
}

extension NetCDFFile {
    /// A mask whose values are whole numbers stored as anything; cells without a value belong to no region.
    @NetCDFThread
    func mask(_ variable: String, names: [String]) throws(NetCDFError) -> RegionMask {
        let latitudes = try axis(["lat", "latitude"])
        let longitudes = try axis(["lon", "longitude"])
        guard let arrangement = GridArrangement(latitudes: latitudes, longitudes: longitudes) else {
            throw unexpected("the axes form no regular grid", variable)
        }
        let values = try doubles(variable, shape: [latitudes.count, longitudes.count])
        var index: [Int32] = []
        index.reserveCapacity(values.count)
        for value in arrangement.arrange(values) {
            guard !value.isNaN else {
                index.append(-1)
                continue
            }
            guard let number = Int32(exactly: value), number >= -1, Int(number) < names.count else {
                throw unexpected("region \(value) has no name", variable)
            }
            index.append(number)
        }
        return RegionMask(grid: arrangement.grid, names: names, index: index)
    }
}
