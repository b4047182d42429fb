import CPROJ

/// The library that runs below this module.
public enum PROJLibrary {
    /// e.g. `9.1.1`.
    public static var version: String {
        let info = proj_info()
        return "\(info.major).\(info.minor).\(info.patch)"
    }
}
