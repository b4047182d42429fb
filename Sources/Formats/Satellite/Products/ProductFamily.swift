import Observations
import Quantities

/// What a product may give of a sounding. Each is looked for under the names of an alias table.
enum Quantity: String, CaseIterable, Sendable {
    case identifier, latitude, longitude
    case cornerLatitudes = "corner latitudes"
    case cornerLongitudes = "corner longitudes"
    case column, uncertainty
    case priorColumn = "prior column"
    case flag = "quality flag"
    /// Normalised: 1 where the retrieval follows the true atmosphere.
    case kernel = "averaging kernel"
    /// Times the pressure weight, as retrieval codes write it.
    case weightedKernel = "weighted averaging kernel"
    case weight = "pressure weight"
    case prior = "prior profile"
    case pressure = "pressure levels"
    case dryAir = "dry air in layers"
    case priorAmount = "prior amount in layers"
    case surfacePressure = "surface pressure"
    case pressureInterval = "pressure interval"
    /// Fractions of the surface pressure at which the levels lie.
    case sigma = "fractions of surface pressure"
    case surface = "surface kind"
    case mode = "observation mode"
    case footprint = "position across the track"
}

/// A name under which a product keeps a quantity.
struct Alias: Sendable, ExpressibleByStringInterpolation {
    let path: String
    /// Holds where the file states no unit.
    var unit: String?

    init(_ path: String, unit: String? = nil) {
        self.path = path
        self.unit = unit
    }

    init(stringLiteral path: String) { self.init(path) }
}

/// How a product tells the time of a sounding.
enum TimeForm: Sendable {
    /// Numbers with a CF unit, or with this one where the file states none.
    case numeric(Alias)
    /// ISO 8601 texts, with or without the zone.
    case text(String)
    /// A reference and milliseconds since, of each line of a swath.
    case sinceReference(reference: String, milliseconds: String)
    /// Year, month and day, and where there are more names hour, minute and second.
    case civil([String])
    /// `YYYYMMDDhhmmss` at the beginning of the identifier.
    case identifier
}

/// When a sounding is good.
enum QualityRule: Sendable {
    case flag(oneOf: Set<Int64>)
    case above(Double)
    /// The file holds good ones only, or says nothing.
    case none
}

/// How a product gives what a column responds to.
enum ProfileForm: Sendable {
    case none
    /// Kernel, weight, prior and pressure for each level or layer.
    case weighted
    /// Kernel, dry air and prior amount for layers of equal pressure from the top down.
    case subcolumns
}

/// What the numbers of a surface variable mean.
enum SurfaceCode: Sendable {
    /// 0 land, 1 water, 2 inland water, 3 mixed (OCO).
    case landWaterIndicator
    /// 0 ocean, 1 land.
    case land
    /// Bits 0 and 1: 0 land, 1 water, 2 some water, 3 coast (Sentinel-5P).
    case classification
    case landPercent
}

enum ModeCode: Sendable {
    /// 0 nadir, 1 glint, 2 target, 3 transition, 4 area map (OCO).
    case operationMode
    /// 0 nadir, 1 glint.
    case glintFlag
}

/// Where a product says what it is.
enum NameClue: Sendable {
    case attribute(String)
    case textVariable(String)
    case wordInAttribute(String, word: String, name: String)
    case variable(String, name: String)
    case fixed(String)
}

/// By which variables a product is known.
struct Signature: Sendable {
    var all: [String] = []
    /// At least one of each.
    var any: [[String]] = []
    var none: [String] = []

    func matches(_ inventory: FileInventory) -> Bool {
        all.allSatisfy { inventory[$0] != nil }
            && any.allSatisfy { group in group.contains { inventory[$0] != nil } }
            && none.allSatisfy { inventory[$0] == nil }
    }
}

/// A layout that several products share: where each quantity is and how it is to be understood.
struct ProductFamily: Sendable {
    /// For messages: `OCO-2, OCO-3 or ACOS Lite`.
    let name: String
    let gas: Gas
    let signature: Signature
    let quantities: [Quantity: [Alias]]
    let times: [TimeForm]
    let quality: QualityRule
    let profiles: ProfileForm

    /// Some builds have no profiles.
    var hasOptionalProfiles = false
    /// Whether kernels carry the pressure weight is not documented; their sum tells.
    var hasKernelsOfEitherKind = false
    var hasOptionalFlag = false
    /// The scale of `column`.
    var scale = CalibrationScale.unstated
    /// Columns that the product gives on other scales.
    var columnsOnScale: [CalibrationScale: [Alias]] = [:]
    /// Added to the column, with their signs.
    var terms: [(alias: Alias, sign: Double)] = []
    /// Standard uncertainties of independent parts, for products that give no total.
    var errorParts: [Alias] = []
    /// Largest values with which a sounding is usable, by the product's documentation.
    var ceilings: [(alias: Alias, largest: Double)] = []
    /// Missing values that the files do not declare.
    var undeclaredMissing: [Double] = []
    /// Levels below the surface are empty, and the prior may end above it.
    var hasEmptyLevels = false
    var surfaceCode = SurfaceCode.landWaterIndicator
    var modeCode = ModeCode.operationMode
    /// Diameter of the field of view, km, of products without corners.
    var fieldOfViewKilometres: Double?
    /// Above the diagonal of any footprint of the product, several times over, km.
    var largestFootprintKilometres = 500.0
    /// Whether identifiers begin with the time of the sounding in UTC, `YYYYMMDDhhmmss`.
    var identifiersTellTime = false
    /// Corners A, B, C, D whose polygon is B, D, C, A.
    var mayHaveCrossedCorners = false
    var platform: [NameClue] = []
    var build: [NameClue] = []
    var title: [NameClue] = []
    /// Whether identifiers are made of position and column, for tables without any.
    var identifiesByContent = false

    /// Without these a file is refused.
    var required: [Quantity] {
        var required: [Quantity] = [.latitude, .longitude, .column]
        switch profiles {
        case .none: break
        case .weighted where hasOptionalProfiles: break
        case .weighted: required += [.kernel, .weight, .prior, .pressure]
        case .subcolumns: required += [.kernel, .dryAir, .priorAmount, .surfacePressure, .pressureInterval]
        }
        if case .none = quality { return required }
        return hasOptionalFlag ? required : required + [.flag]
    }
}
