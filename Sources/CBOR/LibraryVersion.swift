import CCBOR

/// The CBOR library that runs below this module.
public enum CBORLibrary {
    /// Version, e.g. `0.8.0`.
    public static var version: String { "\(CBOR_MAJOR_VERSION).\(CBOR_MINOR_VERSION).\(CBOR_PATCH_VERSION)" }
}
