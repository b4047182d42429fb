import NetCDF
import Observations
import Quantities

/// Texts of a file that were read while it was open: times, identifiers and names.
struct FileTexts: Sendable {
    var values: [String: [String]] = [:]
    /// First value of numeric variables that others refer to.
    var references: [String: Double] = [:]
}

/// Resolves a whole product.
struct ProductResolution {
    let inventory: FileInventory
    let family: ProductFamily
    let options: SoundingOptions
    let texts: FileTexts
    private let resolver: VariableResolver
    private let columnAlias: Alias
    private let conversion: ScaleConversion?
    private let scale: CalibrationScale
    private var warnings: [String] = []

    init(
        _ inventory: FileInventory,
        _ family: ProductFamily,
        _ options: SoundingOptions,
        _ texts: FileTexts
    ) throws {
        self.inventory = inventory
        self.family = family
        self.options = options
        self.texts = texts
        let wanted = options.scale ?? family.scale
        let onScale = wanted == family.scale ? family.quantities[.column] : family.columnsOnScale[wanted]
        let own = (onScale ?? []).first { inventory[$0.path] != nil }
        if own == nil, wanted != family.scale, !options.convertsScale {
            throw SatelliteError.otherScale(path: inventory.path, product: family.scale, wanted: wanted)
        }
        guard
            let alias = own ?? (family.quantities[.column] ?? []).first(where: { inventory[$0.path] != nil })
        else { throw Self.incomplete(inventory, family, [.column]) }
        conversion = own == nil ? try ScaleConversion(of: family.gas, from: family.scale, to: wanted) : nil
        columnAlias = alias
        scale = wanted
        resolver = try VariableResolver(inventory, family, column: alias.path)
    }

    private static func incomplete(
        _ inventory: FileInventory,
        _ family: ProductFamily,
        _ missing: [Quantity]
    ) -> SatelliteError {
        .incomplete(
            path: inventory.path,
            product: family.name,
            missing: missing.map { quantity in
                let names = (family.quantities[quantity] ?? []).map(\.path)
                return "\(quantity.rawValue) (\(names.joined(separator: " or ")))"
            },
            found: inventory.paths
        )
    }

    func resolved() throws -> ResolvedProduct {
        let variables = try self.variables()
        let identifier = try self.identifier()
        let profiles = try profileForm(variables)
        let (levels, support) = try profileShape(profiles, variables)
        let errorParts = try self.errorParts(variables)
        let hasFlag = variables[.flag] != nil
        return ResolvedProduct(
            path: inventory.path,
            family: family,
            layout: resolver.layout,
            product: SoundingProduct(
                name: name,
                family: family.name,
                platform: first(family.platform) ?? "",
                build: first(family.build) ?? "",
                gas: family.gas,
                scale: scale,
                levels: levels,
                profileSupport: support,
                fieldOfViewKilometres: fieldOfView(variables[.cornerLatitudes] != nil),
                hasCorners: variables[.cornerLatitudes] != nil && variables[.cornerLongitudes] != nil,
                hasQualityFlag: hasFlag
            ),
            variables: variables,
            terms: try family.terms.map { (try resolver.resolve($0.alias, as: .column), $0.sign) },
            errorParts: errorParts,
            ceilings: try family.ceilings.map { (try resolver.resolve($0.alias, as: .flag), $0.largest) },
            thresholds: try thresholds(),
            time: try time(identifier),
            identifier: identifier,
            quality: hasFlag ? family.quality : .none,
            profiles: profiles,
            conversion: conversion,
            assumedUncertainty: options.assumedUncertainty,
            observedRows: nil,
            warnings: notes(
                hasFlag: hasFlag,
                hasUncertainty: variables[.uncertainty] != nil || !errorParts.isEmpty
            )
        )
    }

    private func variables() throws -> [Quantity: ResolvedVariable] {
        var found: [Quantity: ResolvedVariable] = [:]
        for quantity in Quantity.allCases where quantity != .column && quantity != .identifier {
            found[quantity] = try resolver.find(quantity)
        }
        found[.column] = try resolver.resolve(columnAlias, as: .column)
        let missing = family.required.filter { quantity in
            found[quantity] == nil && !(quantity == .kernel && found[.weightedKernel] != nil)
        }
        guard missing.isEmpty else { throw Self.incomplete(inventory, family, missing) }
        for quantity in [Quantity.cornerLatitudes, .cornerLongitudes] {
            guard let corners = found[quantity], corners.width != 4 else { continue }
            throw unexpected(corners.path, "\(corners.width) corners, expected 4")
        }
        for quantity in Quantity.allCases where !Self.wide.contains(quantity) {
            guard let variable = found[quantity], variable.width != 1 else { continue }
            throw unexpected(variable.path, "\(variable.width) values for a sounding, expected one")
        }
        return found
    }

    private static let wide: Set<Quantity> = [
        .cornerLatitudes, .cornerLongitudes, .kernel, .weightedKernel, .weight, .prior, .pressure, .dryAir,
        .priorAmount,
        .sigma,
    ]

    private func unexpected(_ variable: String, _ reason: String) -> SatelliteError {
        .unexpected(path: inventory.path, variable: variable, reason: reason)
    }

    private func errorParts(_ variables: [Quantity: ResolvedVariable]) throws -> [ResolvedVariable] {
        guard variables[.uncertainty] == nil else { return [] }
        let parts = try family.errorParts.filter { inventory[$0.path] != nil }
            .map { try resolver.resolve($0, as: .uncertainty) }
        if parts.isEmpty, options.assumedUncertainty == nil {
            throw noUncertainty
        }
        return parts
    }

    private var noUncertainty: SatelliteError {
        let names = (family.quantities[.uncertainty] ?? []).map(\.path)
        let looked = names.isEmpty ? "" : " (looked for \(names.joined(separator: ", ")))"
        return .refused(
            path: inventory.path,
            variable: "",
            reason: "the file gives no uncertainty\(looked)",
            remedy: "say one with --assume-uncertainty PPM, or give one for each sounding"
        )
    }

    private func thresholds() throws -> [(ThresholdTarget, ClosedRange<Double>)] {
        try options.thresholds.sorted { $0.key < $1.key }.map { name, range in
            switch name {
            case "column": (.column, range)
            case "uncertainty": (.uncertainty, range)
            default: (.variable(try resolver.threshold(name)), range)
            }
        }
    }

    private func notes(hasFlag: Bool, hasUncertainty: Bool) -> [String] {
        var notes = warnings
        if !hasFlag, options.thresholds.isEmpty, family.ceilings.isEmpty {
            notes.append(
                "no quality flag: every sounding with a value counts as good unless thresholds are set"
            )
        }
        if scale == .unstated { notes.append("the calibration scale is not stated") }
        if conversion == nil, scale != .unstated, !statesScale {
            notes.append(
                "the scale \(scale) is that of the product's documentation, the file does not state it"
            )
        }
        if let note = uncertaintyNote(hasUncertainty) { notes.append(note) }
        return notes
    }

    private func uncertaintyNote(_ hasUncertainty: Bool) -> String? {
        guard let assumed = options.assumedUncertainty else { return nil }
        switch (hasUncertainty, options.standsInForUncertainty) {
        case (true, true): return nil
        case (true, false):
            return "the file has uncertainties of its own: --assume-uncertainty has no effect on it"
        case (false, true): return "no uncertainty in the file: gridding it needs --assume-uncertainty PPM"
        case (false, false): return "no uncertainty in the file: the assumed one of \(assumed) ppm is used"
        }
    }

    private var statesScale: Bool {
        let name = scale.rawValue.split(separator: "-").last.map(String.init) ?? scale.rawValue
        return inventory[columnAlias.path]?.comment?.contains(name) == true
            || columnAlias.path.contains(name.lowercased())
    }
}

extension ProductResolution {
    /// `GOSAT ACOS L2 Lite Output B9.2.00`, from the names that are there.
    private var name: String {
        let title = first(family.title)
        // Some titles name the platform or the build themselves.
        let named = title?.lowercased() ?? ""
        let others = [first(family.platform), first(family.build)].map { name in
            name.flatMap { named.contains($0.lowercased()) ? nil : $0 }
        }
        let parts = [others[0], title, others[1]].compactMap(\.self)
        let name = parts.isEmpty ? "\(family.name) without title" : parts.joined(separator: " ")
        guard let conversion else { return name }
        return "\(name), converted from \(conversion.source) to \(conversion.target)"
    }

    private func first(_ clues: [NameClue]) -> String? {
        for clue in clues {
            if let name = text(of: clue), !name.isEmpty { return name }
        }
        return nil
    }

    private func text(of clue: NameClue) -> String? {
        switch clue {
        case .attribute(let name): inventory.attributes[name]
        case .textVariable(let path): texts.values[path]?.first.map(Self.trimmed)
        case .wordInAttribute(let attribute, let word, let name):
            inventory.attributes[attribute]?.contains(word) == true ? name : nil
        case .variable(let path, let name): inventory[path] == nil ? nil : name
        case .fixed(let name): name
        }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.reversed().drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace))
    }
}

extension ProductResolution {
    /// The circle of GOSAT, whose layouts OCO shares, is not for the footprints of OCO.
    private func fieldOfView(_ hasCorners: Bool) -> Double? {
        let isOCO = first(family.platform)?.hasPrefix("OCO") ?? false
        return hasCorners || isOCO ? nil : family.fieldOfViewKilometres
    }

    private func identifier() throws -> ResolvedIdentifier {
        if resolver.layout.isSwath { return .position }
        for alias in family.quantities[.identifier] ?? [] {
            guard let variable = inventory[alias.path] else { continue }
            guard variable.isText else {
                let resolved = try resolver.resolve(alias, as: .identifier)
                guard resolved.width == 1 else { continue }
                return .variable(resolved)
            }
            guard let texts = texts.values[alias.path], texts.count == resolver.layout.count else { continue }
            return .known(texts.map(IdentifierText.number))
        }
        return family.identifiesByContent ? .content : .position
    }

    private func time(_ identifier: ResolvedIdentifier) throws -> ResolvedTime {
        var tried: [String] = []
        for form in family.times {
            if let time = try time(form, identifier) { return time }
            switch form {
            case .numeric(let alias): tried.append(alias.path)
            case .text(let path): tried.append("\(path) as text")
            case .sinceReference(let reference, let milliseconds):
                tried.append("\(reference) and \(milliseconds)")
            case .civil(let names): tried.append(names.joined(separator: ", "))
            case .identifier: tried.append("the identifier")
            }
        }
        throw SatelliteError.incomplete(
            path: inventory.path,
            product: family.name,
            missing: ["time (\(tried.joined(separator: " or ")))"],
            found: inventory.paths
        )
    }

    private func time(_ form: TimeForm, _ identifier: ResolvedIdentifier) throws -> ResolvedTime? {
        switch form {
        case .numeric(let alias):
            guard let variable = inventory[alias.path], !variable.isText else { return nil }
            return .numeric(try resolver.resolve(alias, as: .flag), try coordinate(alias))
        case .text(let path):
            guard let texts = texts.values[path] else { return nil }
            guard texts.count == resolver.layout.count else {
                throw unexpected(path, "\(texts.count) times for \(resolver.layout.count) soundings")
            }
            return .known(texts.map(IdentifierText.secondsSince1970))
        case .sinceReference(let reference, let milliseconds):
            guard inventory[milliseconds] != nil, let value = texts.references[reference] else { return nil }
            guard let origin = try coordinate(Alias(reference)).instant(value) else {
                throw unexpected(reference, "\(value) is not a moment")
            }
            let variable = try resolver.resolve(Alias(milliseconds), as: .flag)
            return .milliseconds(variable, since: origin.secondsSince1970)
        case .civil(let names):
            guard names.allSatisfy({ inventory[$0] != nil }) else { return nil }
            return .civil(try names.map { try resolver.plain($0) })
        case .identifier:
            if case .variable = identifier { return .identifier }
            return nil
        }
    }

    private func coordinate(_ alias: Alias) throws(SatelliteError) -> TimeCoordinate {
        let variable = inventory[alias.path]
        let units = variable?.units ?? alias.unit ?? ""
        guard let coordinate = TimeCoordinate(units: units, calendar: variable?.calendar) else {
            throw unexpected(alias.path, "unit `\(units)` is not of the form `seconds since 1970-01-01`")
        }
        return coordinate
    }
}

extension ProductResolution {
    private func profileForm(_ variables: [Quantity: ResolvedVariable]) throws -> ProfileForm {
        guard case .weighted = family.profiles, family.hasOptionalProfiles else { return family.profiles }
        let needed: [Quantity] = [.weight, .prior, .pressure]
        let hasKernel = variables[.kernel] != nil || variables[.weightedKernel] != nil
        return hasKernel && needed.allSatisfy { variables[$0] != nil } ? .weighted : .none
    }

    /// Every profile must have the length of the weights; pressures may stand at the boundaries.
    private func profileShape(
        _ form: ProfileForm,
        _ variables: [Quantity: ResolvedVariable]
    ) throws -> (Int, ProfileSupport) {
        let measure: Quantity
        let others: [Quantity]
        switch form {
        case .none: return (0, .levels)
        case .weighted: (measure, others) = (.weight, [.kernel, .weightedKernel, .prior])
        case .subcolumns: (measure, others) = (.dryAir, [.kernel, .priorAmount])
        }
        guard let levels = variables[measure]?.width, (2...1000).contains(levels) else {
            throw unexpected(variables[measure]?.path ?? "", "not between 2 and 1000 levels")
        }
        for quantity in others {
            guard let variable = variables[quantity], variable.width != levels else { continue }
            throw unexpected(variable.path, "\(variable.width) levels, expected \(levels)")
        }
        guard case .weighted = form, let pressure = variables[.pressure] else { return (levels, .layers) }
        guard pressure.width == levels || pressure.width == levels + 1 else {
            throw unexpected(pressure.path, "\(pressure.width) pressures for \(levels) weights")
        }
        return (levels, pressure.width == levels ? .levels : .layers)
    }
}
