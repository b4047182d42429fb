import CMicroHTTPD

/// The HTTP library that runs below this module.
public enum MicroHTTPDLibrary {
    /// Version, e.g. `0.9.75`.
    public static var version: String { String(cString: MHD_get_version()) }
}
