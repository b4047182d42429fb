/// What an element of a profile stands for.
public enum ProfileSupport: String, Codable, Sendable {
    /// Values at pressure levels; their pressure weights are those of interpolation between levels (OCO, GOSAT).
    case levels
    /// Means over layers between `levels + 1` pressures (TROPOMI, C3S).
    case layers
}

/// What a footprint lies on.
public enum SurfaceKind: UInt8, Codable, CaseIterable, Sendable {
    case unknown, land, water, mixed
}

/// How the instrument looked.
public enum ObservationMode: UInt8, Codable, CaseIterable, Sendable {
    case unknown, nadir, glint, target, transition
    /// A snapshot area map of OCO-3: many swaths over one place.
    case areaMap
}
