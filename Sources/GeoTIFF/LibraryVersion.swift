import CGeoTIFF

/// The libraries that run below this module.
public enum GeoTIFFLibrary {
    /// Of libtiff, e.g. `4.5.0`.
    public static var tiffVersion: String {
        let banner = String(cString: cgeotiff_tiff_version())
        return banner.firstMatch(of: /Version\s+([0-9.]+)/).map { String($0.1) } ?? "unknown"
    }

    /// Of libgeotiff, e.g. `1.7.1`.
    public static var version: String {
        let number = cgeotiff_geotiff_version()
        return "\(number / 1000).\(number / 100 % 10).\(number / 10 % 10)"
    }
}
