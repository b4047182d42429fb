public import Geo
public import Inventory
public import Quantities

/// What a user may say of a flux file beside its name.
public struct FluxReadOptions: Equatable, Sendable {
    /// Of a product without a time axis whose name and attributes give no year; checked against them where they do.
    public var year: Int?
    /// Of a monthly product whose name gives no month, 1 to 12.
    public var month: Int?
    /// For products that count carbon.
    public var carbon = CarbonRatio.molarMasses
    /// Of the sphere on which the maker of the file took the areas of cells, metres.
    public var earthRadiusMetres = Earth.authalicRadiusMetres
    /// Sectors, fuels or variables to add up, as the file names them; nil for all but sums.
    public var categories: [String]?
    /// The part of a large picture to read.
    public var window: BoundingBox?
    /// How to read a file of no known layout.
    public var mapping: FluxMapping?

    public init() {}
}

/// How to read a file of no known layout: what its names mean.
public struct FluxMapping: Equatable, Sendable {
    public var gas: Gas
    /// The variable of a netCDF file, the column of a table; the first band of a GeoTIFF without.
    public var variable: String?
    /// For a file that states no unit that is understood; it must not contradict one that is.
    public var unit: String?
    /// Whether ``unit`` holds although the file states another one.
    public var overrulesUnit = false
    /// The value of cells without one, which the file does not declare.
    public var missing: Double?
    public var longitude: String?
    public var latitude: String?
    /// For the lineage; the name of the file without.
    public var source: String?
    /// A period without a time axis: a calendar month where true and `month` is given, else a year.
    public var isMonthly = false

    public init(gas: Gas) { self.gas = gas }
}
