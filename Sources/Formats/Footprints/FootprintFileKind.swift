/// The family of footprint files, told by what a file holds and not by its name.
public enum FootprintFileKind: String, CaseIterable, Codable, Sendable {
    /// Ours: CF, many receptors in a file, dense or sparse.
    case crosswind
    /// `foot(time, lat, lon)` of STILT-R, one receptor in a file, on longitude and latitude or projected.
    case stilt
    /// The same of PYSTILT, with the receptor in attributes.
    case pystilt
    /// `foot(time, lat, lon)` of the ICOS Carbon Portal and STILT v1, time in days since 2000.
    case icosAggregated = "icos-aggregated"
    /// `ftp_YYYYMMDDHH_lon`, `_lat`, `_val`, `_indptr` of STILT v1 for LUMIA.
    case icosSparse = "icos-sparse"
    /// HDF5 with a group for each observation.
    case lumia
    /// `fp(lat, lon, time)` of NAME, as openghg knows it under `acrg_org`.
    case acrg
    /// `srr(time, latitude, longitude)` of NAME and FLEXPART, layout of the PARIS project.
    case paris
    /// `specNNN_mr` of FLEXPART's own `grid_time_*.nc`.
    case flexpart

    /// For a person.
    public var title: String {
        switch self {
        case .crosswind: "Crosswind footprints"
        case .stilt: "STILT-R footprint"
        case .pystilt: "PYSTILT footprint"
        case .icosAggregated: "ICOS STILT footprint"
        case .icosSparse: "ICOS sparse STILT footprints"
        case .lumia: "LUMIA footprints"
        case .acrg: "NAME footprints (acrg_org)"
        case .paris: "PARIS footprints"
        case .flexpart: "FLEXPART grid_time"
        }
    }
}
