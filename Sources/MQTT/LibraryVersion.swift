import CMosquitto

/// The MQTT client library that runs below this module.
public enum MosquittoLibrary {
    /// Version, e.g. `2.0.11`.
    public static var version: String {
        var major: Int32 = 0
        var minor: Int32 = 0
        var revision: Int32 = 0
        _ = mosquitto_lib_version(&major, &minor, &revision)
        return "\(major).\(minor).\(revision)"
    }
}
