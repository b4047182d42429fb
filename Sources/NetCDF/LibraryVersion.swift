import CInterop
import CNetCDF

/// The libraries that read and write netCDF below this module.
public enum NetCDFLibrary {
    /// Version of libnetcdf, e.g. `4.9.0`.
    @NetCDFThread
    public static var version: String {
        guard let text = nc_inq_libvers() else { return "unknown" }
        return String(cString: text).split(separator: " ").first.map(String.init) ?? "unknown"
    }

    /// Version of the HDF5 library, e.g. `1.10.8`.
    @NetCDFThread
    public static var versionOfHDF5: String {
        var major: UInt32 = 0
        var minor: UInt32 = 0
        var release: UInt32 = 0
        guard crosswind_hdf5_version(&major, &minor, &release) == 0 else { return "unknown" }
        return "\(major).\(minor).\(release)"
    }
}
