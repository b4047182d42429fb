import Quantities

extension ProductFamily {
    /// TanSat IAPCAS Lite. Two builds of names are in use; neither has a quality flag, so thresholds are for the user.
    /// Kernels are of either kind, which their sum tells.
    static let tanSat = ProductFamily(
        name: "TanSat Lite",
        gas: .co2,
        signature: Signature(
            all: ["xco2", "latitude", "longitude"],
            any: [["sounding_id", "Times", "xco2_uncert", "xco2_averaging_kernel_matrix"]],
            none: ["xco2_quality_flag", "pressure_levels", "pressure_weight"]
        ),
        quantities: [
            .identifier: ["sounding_id"],
            .latitude: ["latitude"],
            .longitude: ["longitude"],
            .column: [Alias("xco2", unit: "ppm")],
            .uncertainty: [Alias("xco2_uncertainty", unit: "ppm"), Alias("xco2_uncert", unit: "ppm")],
            .priorColumn: [Alias("xco2_apriori", unit: "ppm")],
            .kernel: ["xco2_averaging_kernel", "xco2_averaging_kernel_matrix"],
            .weight: ["xco2_pressure_weighting_function"],
            .prior: [Alias("co2_profile_apriori", unit: "ppm")],
            .pressure: [Alias("pressure", unit: "hPa")],
            .surfacePressure: [Alias("surface_pressure", unit: "hPa")],
        ],
        times: [
            .text("time"), .text("Times"), .numeric(Alias("time", unit: "seconds since 1970-01-01")),
            .numeric(Alias("Times", unit: "seconds since 1970-01-01")), .identifier,
        ],
        quality: .none,
        profiles: .weighted,
        hasOptionalProfiles: true,
        hasKernelsOfEitherKind: true,
        undeclaredMissing: [-999_999, -9999, -999],
        platform: [.fixed("TanSat")],
        build: [.attribute("product_version"), .attribute("VERSION")],
        title: [.attribute("title")]
    )
}
