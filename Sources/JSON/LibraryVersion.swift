import CSimdJSON

/// The JSON library that runs below this module.
public enum SimdJSONLibrary {
    /// Version, e.g. `3.0.1`.
    public static var version: String { String(cString: crosswind_simdjson_version()) }
}
