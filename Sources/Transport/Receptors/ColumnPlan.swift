public import Quantities

/// A column that waits for the air above its foot, which tells how high its pressures lie.
public struct ColumnPlan: Equatable, Sendable {
    public let name: String
    public let time: Instant
    /// Of the foot, degrees on WGS 84.
    public let longitude: Double
    public let latitude: Double
    public let kernel: ColumnKernel
    /// Of the measurement, Pa; the ground of the standard atmosphere that stands where there is no other.
    public let surfacePascal: Double
    public let releases: ColumnReleases
    public let paths: [LightPath]
    private let standard: AirColumn

    /// - Parameter paths: see ``Receptor/column(name:time:longitude:latitude:kernel:air:releases:paths:)``.
    ///
    /// Nil for a pressure that no air at the ground has.
    public init?(
        name: String,
        time: Instant,
        longitude: Double,
        latitude: Double,
        kernel: ColumnKernel,
        surfacePascal: Double,
        releases: ColumnReleases,
        paths: [LightPath] = []
    ) {
        guard let standard = AirColumn(standardAbovePascal: surfacePascal) else { return nil }
        self.name = name
        self.time = time
        self.longitude = longitude
        self.latitude = latitude
        self.kernel = kernel
        self.surfacePascal = surfacePascal
        self.releases = releases
        self.paths = paths
        self.standard = standard
    }

    /// The levels of the kernel stand where they have the same share of the pressure at the ground: weather models and
    /// retrievals take the ground at different heights.
    ///
    /// - Parameter air: above the foot; the standard atmosphere where nil.
    public func receptor(in air: AirColumn? = nil) -> Receptor {
        let ground = (air ?? standard).pressurePascal[0]
        return .column(
            name: name,
            time: time,
            longitude: longitude,
            latitude: latitude,
            kernel: kernel.scaled(by: ground / surfacePascal),
            air: air ?? standard,
            releases: releases,
            paths: paths
        )
    }
}

/// A receptor as far as it is known before the weather is.
public enum ReceptorPlan: Equatable, Sendable {
    case receptor(Receptor)
    case column(ColumnPlan)

    /// A column in the standard atmosphere: its place and time are those that it will have.
    public var receptor: Receptor {
        switch self {
        case .receptor(let receptor): receptor
        case .column(let plan): plan.receptor()
        }
    }

    /// By how much the ground of a column and that of the weather differ in pressure, Pa; nil for others than columns
    /// and where the weather has no air there.
    public func groundDifferencePascal(in meteorology: Meteorology) -> Double? {
        guard case .column(let plan) = self else { return nil }
        let air = AirColumn(
            of: meteorology,
            at: plan.time,
            longitude: plan.longitude,
            latitude: plan.latitude
        )
        return air.map { plan.surfacePascal - $0.pressurePascal[0] }
    }

    /// A column in the air of the weather; nil where that has none above the foot at the time.
    public func receptor(in meteorology: Meteorology) -> Receptor? {
        guard case .column(let plan) = self else { return receptor }
        let air = AirColumn(
            of: meteorology,
            at: plan.time,
            longitude: plan.longitude,
            latitude: plan.latitude
        )
        return air.map { plan.receptor(in: $0) }
    }
}
