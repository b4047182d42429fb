import CCSV

/// The CSV library that runs below this module.
public enum LibCSV {
    /// Version, e.g. `3.0.3`.
    public static var version: String { "\(CSV_MAJOR).\(CSV_MINOR).\(CSV_RELEASE)" }
}
