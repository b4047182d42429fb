import Quantities

extension ProductFamily {
    /// Full-physics retrievals before the Lite selection: ACOS L2s and OCO L2Std. Mole fractions in mol/mol, pressures
    /// in Pa, no bias correction; levels below the surface are empty.
    static let levelTwoStandard = ProductFamily(
        name: "ACOS L2s or OCO L2Std",
        gas: .co2,
        signature: Signature(all: ["RetrievalResults/xco2"]),
        quantities: [
            .identifier: [
                "RetrievalHeader/sounding_id_reference", "RetrievalResults/sounding_id_reference",
                "RetrievalHeader/sounding_id",
            ],
            .latitude: ["RetrievalGeometry/retrieval_latitude", "SoundingGeometry/sounding_latitude"],
            .longitude: ["RetrievalGeometry/retrieval_longitude", "SoundingGeometry/sounding_longitude"],
            .cornerLatitudes: [
                "RetrievalGeometry/retrieval_vertex_latitude", "FootprintGeometry/footprint_vertex_latitude",
            ],
            .cornerLongitudes: [
                "RetrievalGeometry/retrieval_vertex_longitude",
                "FootprintGeometry/footprint_vertex_longitude",
            ],
            .column: [Alias("RetrievalResults/xco2", unit: "mol/mol")],
            .uncertainty: [Alias("RetrievalResults/xco2_uncert", unit: "mol/mol")],
            .priorColumn: [Alias("RetrievalResults/xco2_apriori", unit: "mol/mol")],
            .flag: ["RetrievalResults/outcome_flag"],
            .kernel: ["RetrievalResults/xco2_avg_kernel_norm"],
            .weightedKernel: ["RetrievalResults/xco2_avg_kernel"],
            .weight: ["RetrievalResults/xco2_pressure_weighting_function"],
            .prior: [Alias("RetrievalResults/co2_profile_apriori", unit: "mol/mol")],
            .pressure: [Alias("RetrievalResults/vector_pressure_levels", unit: "Pa")],
            .surfacePressure: [Alias("RetrievalResults/surface_pressure_fph", unit: "Pa")],
            .surface: ["SoundingGeometry/sounding_land_fraction"],
            .mode: ["SoundingHeader/glint_flag"],
        ],
        times: [
            .text("RetrievalHeader/retrieval_time_string"), .text("SoundingHeader/sounding_time_string"),
            .identifier,
        ],
        quality: .flag(oneOf: [1, 2]),
        profiles: .weighted,
        undeclaredMissing: [-999_999],
        hasEmptyLevels: true,
        surfaceCode: .landPercent,
        modeCode: .glintFlag,
        fieldOfViewKilometres: 10.5,
        largestFootprintKilometres: 30,
        identifiersTellTime: true,
        platform: [.textVariable("Metadata/PlatformShortName"), .textVariable("Metadata/PlatformLongName")],
        build: [.textVariable("Metadata/BuildId"), .textVariable("Metadata/L2FullPhysicsDataVersion")],
        title: [.textVariable("Metadata/ShortName")]
    )
}
