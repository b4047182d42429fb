import Quantities

extension ProductFamily {
    /// Level 2 of ESA GHG-CCI and C3S, EMMA among them: flat, from the surface upwards, n + 1 pressures of n layers.
    static func climateInitiative(_ gas: Gas) -> ProductFamily {
        let name = gas.rawValue
        let unit = gas == .ch4 ? "ppb" : "ppm"
        return ProductFamily(
            name: "GHG-CCI or C3S Level 2 X\(name.uppercased())",
            gas: gas,
            signature: Signature(
                all: ["x\(name)", "x\(name)_quality_flag", "time"],
                any: [["pressure_weight", "pressure_levels"]]
            ),
            quantities: [
                .identifier: ["sounding_id", "exposure_id"],
                .latitude: ["latitude", "latitude_centre"],
                .longitude: ["longitude", "longitude_centre"],
                .cornerLatitudes: ["latitude_corners"],
                .cornerLongitudes: ["longitude_corners"],
                .column: [Alias("x\(name)", unit: unit)],
                .uncertainty: [Alias("x\(name)_uncertainty", unit: unit)],
                .priorColumn: [Alias("x\(name)_apriori", unit: unit)],
                .flag: ["x\(name)_quality_flag"],
                .kernel: ["x\(name)_averaging_kernel"],
                .weight: ["pressure_weight"],
                .prior: [Alias("\(name)_profile_apriori", unit: unit)],
                .pressure: [Alias("pressure_levels", unit: "hPa")],
                .surface: ["land_fraction"],
            ],
            times: [.numeric(Alias("time", unit: "seconds since 1970-01-01"))],
            quality: .flag(oneOf: [0]),
            profiles: .weighted,
            undeclaredMissing: [-999],
            surfaceCode: .landPercent,
            mayHaveCrossedCorners: true,
            platform: [.attribute("platform"), .attribute("sensor"), .attribute("Sensor")],
            build: [.attribute("product_version"), .attribute("VERSION")],
            title: [.attribute("title")]
        )
    }
}
