import COpenBLAS

/// The linear algebra library that runs below this module.
public enum OpenBLASLibrary {
    /// Version, build options and the kernels chosen for this processor, e.g.
    /// `OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64`.
    public static var version: String {
        guard let text = openblas_get_config() else { return "unknown" }
        return String(cString: text).split(separator: " ").joined(separator: " ")
    }
}
