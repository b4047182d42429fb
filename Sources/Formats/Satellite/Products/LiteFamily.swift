import Quantities

extension ProductFamily {
    /// Lite files of OCO-2 and OCO-3 (builds 9 to 11) and of ACOS-GOSAT (build 9): bias-corrected columns on X2007,
    /// and from build 11 on X2019 too; levels from space downwards (user guides OCO D-55208 and ACOS B9).
    static let lite = ProductFamily(
        name: "OCO-2, OCO-3 or ACOS Lite",
        gas: .co2,
        signature: Signature(all: ["sounding_id", "xco2"], any: [["pressure_levels", "pressure_weight"]]),
        quantities: [
            .identifier: ["sounding_id"],
            .latitude: ["latitude"],
            .longitude: ["longitude"],
            .cornerLatitudes: ["vertex_latitude"],
            .cornerLongitudes: ["vertex_longitude"],
            .column: ["xco2"],
            .uncertainty: ["xco2_uncertainty"],
            .priorColumn: ["xco2_apriori"],
            .flag: ["xco2_quality_flag"],
            .kernel: ["xco2_averaging_kernel"],
            .weight: ["pressure_weight"],
            .prior: ["co2_profile_apriori"],
            .pressure: ["pressure_levels"],
            .surfacePressure: ["Retrieval/psurf"],
            .sigma: ["Retrieval/SigmaB"],
            .surface: ["Sounding/land_water_indicator", "Retrieval/surface_type"],
            .mode: ["Sounding/operation_mode"],
            .footprint: ["Sounding/footprint"],
        ],
        times: [.numeric("time")],
        quality: .flag(oneOf: [0]),
        profiles: .weighted,
        scale: .co2X2007,
        columnsOnScale: [.co2X2019: ["xco2_x2019"]],
        fieldOfViewKilometres: 10.5,
        largestFootprintKilometres: 30,
        identifiersTellTime: true,
        platform: [
            .attribute("Platform"), .attribute("platform"),
            .variable("Sounding/target_id", name: "OCO-3"),
            .variable("Sounding/pma_azimuth_angle", name: "OCO-3"),
            .wordInAttribute("lite_definition_module", word: "oco3", name: "OCO-3"),
            .wordInAttribute("lite_definition_module", word: "oco2", name: "OCO-2"),
            .wordInAttribute("title", word: "OCO-3", name: "OCO-3"),
            .wordInAttribute("title", word: "OCO-2", name: "OCO-2"),
            .variable("Sounding/footprint", name: "OCO-2"),
        ],
        build: [.attribute("BuildId"), .attribute("build_id"), .attribute("product_version")],
        title: [.attribute("title")]
    )
}
