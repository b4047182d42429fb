public import Geo

/// What a sounding stands for on the grid.
public enum FootprintMethod: String, CaseIterable, Codable, Sendable {
    /// The cell that holds its centre.
    case centre
    /// The cells that its footprint covers, by exact overlap in the plane of the grid.
    case polygon
    /// The cells where the instrument still responds: ``ResponseShape``.
    case response
}

/// How a gridding is to be done. Sums made by different plans are never added.
public struct GriddingPlan: Hashable, Sendable {
    public let grid: CellGrid
    public let method: FootprintMethod
    public let weighting: SoundingWeighting
    public let errorModel: ErrorModel
    public let window: TimeWindow
    /// Whether kernels, priors and pressure weights are averaged too; batches must have been read with profiles.
    public let withProfiles: Bool
    public let response: ResponseShape

    public init(
        grid: CellGrid,
        method: FootprintMethod = .centre,
        weighting: SoundingWeighting = .inverseVariance,
        errorModel: ErrorModel = .acosCarbonDioxide,
        window: TimeWindow = .all,
        withProfiles: Bool = true,
        response: ResponseShape = .flatTopped
    ) {
        self.grid = grid
        self.method = method
        self.weighting = weighting
        self.errorModel = errorModel
        self.window = window
        self.withProfiles = withProfiles
        self.response = response
    }

    /// On a grid of longitude and latitude.
    public init(
        grid: LatitudeLongitudeGrid,
        method: FootprintMethod = .centre,
        weighting: SoundingWeighting = .inverseVariance,
        errorModel: ErrorModel = .acosCarbonDioxide,
        window: TimeWindow = .all,
        withProfiles: Bool = true,
        response: ResponseShape = .flatTopped
    ) {
        self.init(
            grid: .longitudeLatitude(grid),
            method: method,
            weighting: weighting,
            errorModel: errorModel,
            window: window,
            withProfiles: withProfiles,
            response: response
        )
    }

    /// Whether the part of a cell that footprints cover is known, and with it the error of the rest: with an
    /// ``ErrorCorrelation``, and not with the method ``FootprintMethod/centre``.
    public var seesCoverage: Bool { errorModel.correlation != nil && method != .centre }

    /// The same plan with another error model.
    public func with(_ errorModel: ErrorModel) -> GriddingPlan {
        GriddingPlan(
            grid: grid,
            method: method,
            weighting: weighting,
            errorModel: errorModel,
            window: window,
            withProfiles: withProfiles,
            response: response
        )
    }
}
