/// What the PARIS layout (flux version 3, concentration version 4) makes mandatory, as facts: names, dimensions, units.
/// Taken from the definitions that openghg_inversions publishes (MIT licence).
struct PARISLayout {
    struct Variable {
        let name: String
        let dimensions: [String]
        /// Empty for texts.
        let unit: String
        var standardName = ""
        /// NaN, or -9, marks what is missing.
        var hasFill = true
    }

    static let fluxDimensions = ["longitude", "latitude", "time", "country", "nbnds"]
    static let flux: [Variable] =
        [
            Variable(
                name: "longitude",
                dimensions: ["longitude"],
                unit: "degrees_east",
                standardName: "longitude",
                hasFill: false
            ),
            Variable(
                name: "latitude",
                dimensions: ["latitude"],
                unit: "degrees_north",
                standardName: "latitude",
                hasFill: false
            ),
            Variable(name: "time", dimensions: ["time"], unit: days, standardName: "time", hasFill: false),
            Variable(name: "time_bnds", dimensions: ["time", "nbnds"], unit: days, hasFill: false),
            Variable(name: "country", dimensions: ["country"], unit: "", hasFill: false),
            Variable(
                name: "country_fraction",
                dimensions: ["country"] + cell,
                unit: "1",
                standardName: "area_fraction"
            ),
            Variable(name: "cell_area", dimensions: cell, unit: "m2", standardName: "cell_area"),
        ] + products("total")

    /// A sector that is given has all that the total has.
    static func products(_ key: String) -> [Variable] {
        ["prior", "posterior"].flatMap { moment in
            [
                Variable(name: "flux_\(key)_\(moment)", dimensions: ["time"] + cell, unit: "mol m-2 s-1"),
                Variable(
                    name: "stdev_flux_\(key)_\(moment)",
                    dimensions: ["time"] + cell,
                    unit: "mol m-2 s-1"
                ),
                Variable(
                    name: "flux_\(key)_\(moment)_country",
                    dimensions: ["time", "country"],
                    unit: "kg yr-1"
                ),
                Variable(
                    name: "stdev_flux_\(key)_\(moment)_country",
                    dimensions: ["time", "country"],
                    unit: "kg yr-1"
                ),
            ]
        } + [
            Variable(
                name: "covariance_flux_\(key)_posterior_country",
                dimensions: ["time", "country", "country"],
                unit: "kg2 yr-2"
            )
        ]
    }

    static let percentiles = [
        Variable(
            name: "percentile_flux_total_posterior",
            dimensions: ["time", "percentile"] + cell,
            unit: "mol m-2 s-1"
        ),
        Variable(
            name: "percentile_flux_total_posterior_country",
            dimensions: ["time", "percentile", "country"],
            unit: "kg yr-1"
        ),
        Variable(name: "percentile", dimensions: ["percentile"], unit: "1", hasFill: false),
    ]

    static let concentrationDimensions = ["index", "platform", "nbnds"]
    static let concentrations: [Variable] =
        [
            Variable(name: "time", dimensions: index, unit: days, standardName: "time", hasFill: false),
            Variable(name: "time_bnds", dimensions: index + ["nbnds"], unit: days, hasFill: false),
            Variable(name: "longitude", dimensions: index, unit: "degrees_east", standardName: "longitude"),
            Variable(name: "latitude", dimensions: index, unit: "degrees_north", standardName: "latitude"),
            Variable(name: "altitude", dimensions: index, unit: "m", standardName: "altitude"),
            Variable(name: "number_of_identifier", dimensions: index, unit: "1"),
            Variable(name: "assimilation_flag", dimensions: index, unit: "1"),
            Variable(name: "platform", dimensions: ["platform"], unit: "", hasFill: false),
        ]
        + [
            "mf_observed", "stdev_mf_total", "mf_prior", "mf_posterior", "mf_bc_prior", "mf_bc_posterior",
            "mf_bias_prior", "mf_bias_posterior", "stdev_mf_prior", "stdev_mf_posterior",
        ].map { Variable(name: $0, dimensions: index, unit: "mol mol-1") }

    static let attributes = [
        "Conventions", "title", "institution", "source", "creator", "creation_date", "contact",
        "transport_model", "transport_model_version", "inversion_system", "inversion_system_version",
        "experiment", "project", "references", "comment", "summary", "license", "history",
    ]
    static let fluxAttributes = ["frequency", "geospatial_lat_resolution", "geospatial_lon_resolution"]

    private static let days = "days since 1970-01-01 00:00:00"
    private static let cell = ["latitude", "longitude"]
    private static let index = ["index"]
}
