import Quantities

extension ProductFamily {
    private static let support = "PRODUCT/SUPPORT_DATA"

    /// Sentinel-5P TROPOMI L2 CH4: `qa_value` above 0.5 (product user manual), layers of equal pressure from the top.
    static let sentinelMethane = ProductFamily(
        name: "Sentinel-5P L2 CH4",
        gas: .ch4,
        signature: Signature(all: ["PRODUCT/methane_mixing_ratio", "PRODUCT/qa_value"]),
        quantities: [
            .latitude: ["PRODUCT/latitude"],
            .longitude: ["PRODUCT/longitude"],
            .cornerLatitudes: [Alias("\(support)/GEOLOCATIONS/latitude_bounds")],
            .cornerLongitudes: [Alias("\(support)/GEOLOCATIONS/longitude_bounds")],
            .column: ["PRODUCT/methane_mixing_ratio_bias_corrected", "PRODUCT/methane_mixing_ratio"],
            .uncertainty: [Alias("PRODUCT/methane_mixing_ratio_precision", unit: "ppb")],
            .flag: ["PRODUCT/qa_value"],
            .kernel: [Alias("\(support)/DETAILED_RESULTS/column_averaging_kernel")],
            .dryAir: [Alias("\(support)/INPUT_DATA/dry_air_subcolumns")],
            .priorAmount: [Alias("\(support)/INPUT_DATA/methane_profile_apriori")],
            .surfacePressure: [Alias("\(support)/INPUT_DATA/surface_pressure", unit: "Pa")],
            .pressureInterval: [Alias("\(support)/INPUT_DATA/pressure_interval", unit: "Pa")],
            .surface: [Alias("\(support)/INPUT_DATA/surface_classification")],
        ],
        times: [.sinceReference(reference: "PRODUCT/time", milliseconds: "PRODUCT/delta_time")],
        quality: .above(0.5),
        profiles: .subcolumns,
        surfaceCode: .classification,
        largestFootprintKilometres: 120,
        platform: [.wordInAttribute("platform", word: "S5P", name: "Sentinel-5P"), .fixed("Sentinel-5P")],
        build: [.attribute("processor_version"), .attribute("product_version")],
        title: [.fixed("TROPOMI L2 CH4")]
    )

    /// Blended TROPOMI and GOSAT methane (Balasus et al. 2023, AMT 16, 3787): one row a sounding.
    static let blendedMethane = ProductFamily(
        name: "blended TROPOMI+GOSAT CH4",
        gas: .ch4,
        signature: Signature(all: ["methane_mixing_ratio_blended", "qa_value"]),
        quantities: [
            .latitude: ["latitude"],
            .longitude: ["longitude"],
            .cornerLatitudes: ["latitude_bounds"],
            .cornerLongitudes: ["longitude_bounds"],
            .column: ["methane_mixing_ratio_blended"],
            .uncertainty: [Alias("methane_mixing_ratio_precision", unit: "ppb")],
            .flag: ["qa_value"],
            .kernel: ["column_averaging_kernel"],
            .dryAir: ["dry_air_subcolumns"],
            .priorAmount: ["methane_profile_apriori"],
            .surfacePressure: [Alias("surface_pressure", unit: "Pa")],
            .pressureInterval: [Alias("pressure_interval", unit: "Pa")],
            .surface: ["surface_classification"],
        ],
        times: [.text("time_utc")],
        quality: .above(0.5),
        profiles: .subcolumns,
        surfaceCode: .classification,
        largestFootprintKilometres: 120,
        platform: [.fixed("Sentinel-5P")],
        build: [.attribute("product_version")],
        title: [.attribute("Title"), .fixed("Blended TROPOMI+GOSAT Methane Product")]
    )
}
