import COpenSSL

/// The cryptographic library that runs below this module.
public enum OpenSSLLibrary {
    /// Version, e.g. `3.0.19`.
    public static var version: String {
        String(cString: OpenSSL_version(OPENSSL_FULL_VERSION_STRING))
    }
}
