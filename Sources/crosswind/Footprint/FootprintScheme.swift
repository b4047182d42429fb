import Transport

/// How the air is made of the weather, and how its turbulence moves particles.
struct FootprintScheme: Sendable {
    enum Name: String, CaseIterable, Sendable {
        /// Profiles of similarity theory, turbulence without steps.
        case crosswind
        /// Levels, layers and steps as HYSPLIT has them in its STILT mode.
        case stilt
    }

    enum MixedLayer: String, CaseIterable, Sendable {
        /// As the weather says, or as its reader has diagnosed where it does not.
        case weather
        /// By a bulk Richardson number with the excess temperature of thermals, whatever the weather says.
        case richardson
    }

    let name: Name
    let mixedLayer: MixedLayer
    let dilutesNearField: Bool

    init(_ options: Options) throws {
        name = try Self.choice("scheme", options) ?? .crosswind
        // What STILT does unless told otherwise.
        mixedLayer = try Self.choice("mixed-layer", options) ?? (name == .stilt ? .richardson : .weather)
        dilutesNearField = !options.isSet("no-near-field")
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ option: String,
        _ options: Options
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = options.text(option) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: " or ")
            throw UsageError.badValue(option, text, expected: known, verb: options.verb)
        }
        return choice
    }

    var dispersion: DispersionOptions {
        var dispersion = name == .stilt ? DispersionOptions.stilt : DispersionOptions()
        dispersion.dilutesNearField = dilutesNearField
        return dispersion
    }

    var design: GriddedAtmosphere.Design {
        var design = GriddedAtmosphere.Design()
        design.mixedLayer = mixedLayer == .richardson ? .richardson : .meteorology
        design.columns = name == .stilt ? .hysplit : .similarity
        return design
    }

    /// What the output says of it.
    var configuration: String {
        "scheme=\(name.rawValue) mixed_layer=\(mixedLayer.rawValue) near_field=\(dilutesNearField)"
    }
}
