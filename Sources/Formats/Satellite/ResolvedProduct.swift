import Observations
import Quantities

/// A quantity found in a file.
struct ResolvedVariable: Sendable {
    let path: String
    let spread: Spread
    /// Values for each sounding.
    let width: Int
    /// Into ppm, hPa or as stored.
    let conversion: UnitConversion
    /// Missing values that the library does not know of.
    let missing: [Double]
    /// For whole numbers: as declared.
    let declaredMissing: [Double]
}

/// Into the units of the domain.
enum UnitConversion: Equatable, Sendable {
    case none
    case moleFraction(MoleFractionUnit)
    case pascals

    func callAsFunction(_ value: Double) -> Double {
        switch self {
        case .none: value
        case .moleFraction(let unit): unit.partsPerMillion(value)
        case .pascals: value / 100
        }
    }

    var changesNothing: Bool { self == .none || self == .moleFraction(.partsPerMillion) }
}

/// How the time of a sounding is found in this file.
enum ResolvedTime: Sendable {
    case numeric(ResolvedVariable, TimeCoordinate)
    /// Seconds since 1970 of all soundings, NaN without a text, infinite where it is no time.
    case known([Double])
    /// Milliseconds since a moment.
    case milliseconds(ResolvedVariable, since: Double)
    case civil([ResolvedVariable])
    case identifier
}

enum ResolvedIdentifier: Sendable {
    case variable(ResolvedVariable)
    case known([UInt64])
    /// `line * pixels + pixel`.
    case position
    case content
}

/// Everything needed to read the soundings of one file.
struct ResolvedProduct: Sendable {
    let path: String
    let family: ProductFamily
    let layout: RowLayout
    var product: SoundingProduct
    let variables: [Quantity: ResolvedVariable]
    let terms: [(variable: ResolvedVariable, sign: Double)]
    let errorParts: [ResolvedVariable]
    let ceilings: [(variable: ResolvedVariable, largest: Double)]
    let thresholds: [(target: ThresholdTarget, range: ClosedRange<Double>)]
    let time: ResolvedTime
    let identifier: ResolvedIdentifier
    let quality: QualityRule
    let profiles: ProfileForm
    let conversion: ScaleConversion?
    let assumedUncertainty: Double?
    /// Rows of the retrieved soundings among those the instrument made.
    var observedRows: [Int]?
    let warnings: [String]
}

/// What a threshold of the user is about.
enum ThresholdTarget: Sendable {
    case column
    case uncertainty
    case variable(ResolvedVariable)
}

extension ResolvedProduct {
    /// What has to be read for these fields, and as what.
    func needs(_ fields: SoundingFields, extra: [Quantity] = []) -> [String: VariableKind] {
        var quantities: [Quantity] =
            [.latitude, .longitude, .column, .uncertainty, .priorColumn, .flag] + extra
        if fields.contains(.corners) { quantities += [.cornerLatitudes, .cornerLongitudes] }
        if fields.contains(.surface) { quantities += [.surface, .mode, .footprint] }
        if fields.contains(.profiles) || variables[.priorColumn] == nil {
            quantities += [
                .kernel, .weightedKernel, .weight, .prior, .pressure, .dryAir, .priorAmount, .surfacePressure,
                .pressureInterval,
            ]
        }
        var needs: [String: VariableKind] = [:]
        for quantity in quantities {
            guard let variable = variables[quantity] else { continue }
            needs[variable.path] = kind(of: quantity)
        }
        for variable in besides { needs[variable.path] = .double }
        if case .variable(let variable) = identifier, fields.contains(.identity) || timeIsIdentifier {
            needs[variable.path] = .identifier
        }
        return needs
    }

    private func kind(of quantity: Quantity) -> VariableKind {
        switch quantity {
        case .mode, .footprint: return .integer
        case .surface:
            if case .landPercent = family.surfaceCode { return .double }
            return .integer
        case .flag:
            if case .flag = quality { return .integer }
            return .double
        default: return .double
        }
    }

    private var timeIsIdentifier: Bool {
        if case .identifier = time { return true }
        return false
    }

    private var besides: [ResolvedVariable] {
        var others = terms.map(\.variable) + errorParts + ceilings.map(\.variable)
        switch time {
        case .numeric(let variable, _), .milliseconds(let variable, _): others.append(variable)
        case .civil(let variables): others += variables
        case .known, .identifier: break
        }
        for threshold in thresholds {
            if case .variable(let variable) = threshold.target { others.append(variable) }
        }
        return others
    }
}
