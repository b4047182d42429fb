/// Fields of one time on the levels of a model, as a file gives them: arrays of levels x cells with the level
/// outermost, ascending from the ground.
public struct LevelFields: Sendable {
    /// What the levels are.
    public enum Kind: Sendable {
        /// Of constant pressure or height above sea level: they may lie below the ground.
        case free
        /// Following the ground: all of them above it.
        case terrainFollowing
    }

    public var kind: Kind
    /// Number of levels.
    public var levels: Int
    public var pressurePascal: [Float] = []
    /// m above sea level; empty where heights follow from pressure and temperature.
    public var altitudeMetres: [Float] = []
    public var temperatureKelvin: [Float] = []
    /// m s-1 along the columns and rows of the grid.
    public var alongColumns: [Float] = []
    public var alongRows: [Float] = []
    /// Pa s-1, positive downward; empty where ``upward`` is given, or neither.
    public var omega: [Float] = []
    /// m s-1.
    public var upward: [Float] = []
    /// kg kg-1; empty where relative humidity is given, or neither.
    public var specificHumidity: [Float] = []
    /// Per cent.
    public var relativeHumidity: [Float] = []

    public init(kind: Kind, levels: Int) {
        self.kind = kind
        self.levels = levels
    }

    /// All fields by name, for checks.
    var named: [(name: String, values: [Float])] {
        [
            ("pressure", pressurePascal), ("height", altitudeMetres), ("temperature", temperatureKelvin),
            ("wind along columns", alongColumns), ("wind along rows", alongRows), ("omega", omega),
            ("upward wind", upward), ("specific humidity", specificHumidity),
            ("relative humidity", relativeHumidity),
        ]
    }
}
