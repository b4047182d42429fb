import NetCDF
import Observations
import Quantities

/// Finds the quantities of a family in a file, with their shapes and units.
struct VariableResolver: Sendable {
    let inventory: FileInventory
    let family: ProductFamily
    let layout: RowLayout
    /// How many soundings the instrument made, where the file tells and they are not the retrieved ones.
    let observed: Int?

    init(_ inventory: FileInventory, _ family: ProductFamily, column: String) throws(SatelliteError) {
        self.inventory = inventory
        self.family = family
        let shape = inventory[column]?.shape ?? []
        guard let layout = RowLayout(shape: shape) else {
            let reason =
                shape.contains { $0 > RowLayout.mostSoundings }
                ? "declares a length of \(shape.max() ?? 0), more soundings than any file holds"
                : "shape is \(shape), expected soundings or lines x pixels"
            throw .unexpected(path: inventory.path, variable: column, reason: reason)
        }
        self.layout = layout
        let all = inventory["SoundingHeader/sounding_id"]?.shape.first
        observed = all == layout.lines ? nil : all
    }

    /// The first name of a quantity that the file has; nil when it has none.
    func find(_ quantity: Quantity) throws(SatelliteError) -> ResolvedVariable? {
        for alias in family.quantities[quantity] ?? [] where inventory[alias.path] != nil {
            return try resolve(alias, as: quantity)
        }
        return nil
    }

    func resolve(_ alias: Alias, as quantity: Quantity) throws(SatelliteError) -> ResolvedVariable {
        let variable = try present(alias.path)
        guard !variable.isText else { throw unexpected(alias.path, "holds text, expected numbers") }
        guard
            let (spread, width) = layout.spread(
                of: variable.shape,
                observed: observed,
                mayBeShared: Self.sharable.contains(quantity)
            )
        else {
            throw unexpected(alias.path, "shape \(variable.shape) does not fit \(layout.shape) soundings")
        }
        return ResolvedVariable(
            path: alias.path,
            spread: spread,
            width: width,
            conversion: try conversion(variable.units ?? alias.unit, of: quantity, alias.path),
            missing: family.undeclaredMissing + [variable.invalidValue].compactMap(\.self),
            declaredMissing: variable.missing
        )
    }

    /// A variable with one value for each sounding, to be limited.
    func threshold(_ path: String) throws(SatelliteError) -> ResolvedVariable {
        let variable = try plain(path)
        guard variable.width == 1 else {
            throw .refused(
                path: inventory.path,
                variable: path,
                reason: "the limited variable has \(variable.width) values a sounding",
                remedy: "limit a variable with one value a sounding"
            )
        }
        return variable
    }

    /// A variable as it is.
    func plain(_ path: String) throws(SatelliteError) -> ResolvedVariable {
        try resolve(Alias(path), as: .flag)
    }

    private func present(_ path: String) throws(SatelliteError) -> FileInventory.Variable {
        guard let variable = inventory[path] else { throw unexpected(path, "no such variable") }
        return variable
    }

    private func unexpected(_ variable: String, _ reason: String) -> SatelliteError {
        .unexpected(path: inventory.path, variable: variable, reason: reason)
    }

    /// Profiles that some products store once for all soundings.
    private static let sharable: Set<Quantity> = [.pressure, .sigma, .weight]

    private func conversion(
        _ unit: String?,
        of quantity: Quantity,
        _ path: String
    ) throws(SatelliteError) -> UnitConversion {
        switch quantity {
        case .column, .uncertainty, .priorColumn, .prior:
            guard let unit = unit.flatMap(Self.moleFraction) else {
                throw unexpected(path, "unit `\(unit ?? "")` is not one of a mole fraction")
            }
            return .moleFraction(unit)
        case .pressure, .surfacePressure, .pressureInterval:
            switch unit {
            case "hPa", "mbar", "mb", "hectopascals": return .none
            case "Pa", "Pascals", "pascals": return .pascals
            default: throw unexpected(path, "unit `\(unit ?? "")` is neither hPa nor Pa")
            }
        default: return .none
        }
    }

    /// Also as NASA's retrieval codes write it.
    static func moleFraction(_ spelling: String) -> MoleFractionUnit? {
        if ["mole mole^{-1}", "mole/mole", "mol/mol"].contains(spelling.lowercased()) {
            return .molesPerMole
        }
        return MoleFractionUnit(spelling: spelling)
    }
}
