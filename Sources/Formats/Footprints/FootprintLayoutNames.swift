/// What things are called in our own files.
enum FootprintLayoutNames {
    /// Global attribute by which our files are known, and its value.
    static let marker = "crosswind_layout"
    static let version = "footprints 1"

    static let foot = "foot"
    static let value = "foot_value"
    static let cell = "foot_cell"
    static let pointer = "foot_indptr"
    static let kind = "layer_kind"
    static let emission = "emission_time_bounds"
    static let layerCount = "layer_count"
    static let receptor = "receptor_name"
    static let time = "receptor_time"
    static let timeBounds = "receptor_time_bounds"
    static let longitude = "receptor_longitude"
    static let latitude = "receptor_latitude"
    static let height = "receptor_height"
    static let weight = "receptor_weight"
    static let secondsAfter = "receptor_seconds_after"

    static let timeUnit = "seconds since 1970-01-01 00:00:00"
    static let footUnit = "ppm m2 s umol-1"

    /// Values of ``kind``.
    enum Layer: Int {
        case resolved = 0
        case integrated = 1
        case residual = 2
    }
}
