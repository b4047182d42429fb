import CZstd

/// The compression library that runs below this module.
public enum ZstandardLibrary {
    /// Version, e.g. `1.5.4`.
    public static var version: String { String(cString: ZSTD_versionString()) }
}
