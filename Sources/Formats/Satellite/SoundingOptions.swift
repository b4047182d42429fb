public import Quantities

/// What is wanted of each sounding beside time, position, column, uncertainty and prior column.
public struct SoundingFields: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Corners of the footprints.
    public static let corners = SoundingFields(rawValue: 1)
    /// Kernels, pressure weights, prior profiles and pressures.
    public static let profiles = SoundingFields(rawValue: 2)
    /// The producer's identifiers.
    public static let identity = SoundingFields(rawValue: 4)
    /// Surface kind, observation mode and position across the track.
    public static let surface = SoundingFields(rawValue: 8)
    public static let all: SoundingFields = [.corners, .profiles, .identity, .surface]
}

/// Names of the columns of a CSV file of soundings; nil stands for the usual spellings.
public struct SoundingColumns: Equatable, Sendable {
    public var time: String?
    public var latitude: String?
    public var longitude: String?
    public var column: String?
    public var uncertainty: String?
    /// 0 is good.
    public var flag: String?
    public var identifier: String?
    /// Unit of the column and its uncertainty, where the header has none.
    public var unit = MoleFractionUnit.partsPerMillion

    public init() {}
}

/// How a file of soundings is read.
public struct SoundingOptions: Sendable {
    /// The scale wanted; nil for that of the product.
    public var scale: CalibrationScale?
    /// Whether columns of another scale are converted (and the product renamed); otherwise they are an error.
    public var convertsScale = false
    /// What may be asked of ``SoundingFile/read(_:fields:)``.
    public var fields = SoundingFields.all
    /// Ranges outside which a sounding counts as `failed_filter`: by path of a variable of the file, or `column`
    /// and `uncertainty` in ppm. For products without a quality flag.
    public var thresholds: [String: ClosedRange<Double>] = [:]
    /// Standard uncertainty, ppm, of products that give none; without it they are refused.
    public var assumedUncertainty: Double?
    /// Whether ``assumedUncertainty`` is there only to look at a file, and nobody assumed it.
    var standsInForUncertainty = false
    /// For CSV files.
    public var columns = SoundingColumns()
    public var gas = Gas.co2

    public init() {}

    /// What bears on the numbers, in words: sums of soundings read otherwise must not be put together.
    public var summary: String {
        var parts: [String] = []
        if let scale { parts.append("scale=\(scale)\(convertsScale ? " converted" : "")") }
        for (name, range) in thresholds.sorted(by: { $0.key < $1.key }) {
            parts.append("limit=\(name)=\(range.lowerBound)..\(range.upperBound)")
        }
        if let assumedUncertainty { parts.append("assumed_uncertainty_ppm=\(assumedUncertainty)") }
        return parts.joined(separator: " ")
    }

    public init(scale: CalibrationScale?, fields: SoundingFields = .all) {
        self.scale = scale
        self.fields = fields
    }
}
