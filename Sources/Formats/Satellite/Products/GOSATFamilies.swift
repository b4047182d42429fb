import Quantities

extension ProductFamily {
    /// GOSAT-2 FTS-2 SWFP and SWPR (HDF5).
    static let gosat2 = gosat2(.co2)
    static let gosat2Methane = gosat2(.ch4)

    private static func gosat2(_ gas: Gas) -> ProductFamily {
        let unit = gas == .ch4 ? "ppb" : "ppm"
        let (group, name) = ("RetrievalResult", gas.rawValue)
        return ProductFamily(
            name: "GOSAT-2 SWFP or SWPR \(gas.rawValue.uppercased())",
            gas: gas,
            signature: Signature(all: ["\(group)/x\(name)", "SoundingAttribute/observationTime"]),
            quantities: [
                .identifier: ["SoundingAttribute/soundingUniqueID"],
                .latitude: ["SoundingGeometry/latitude"],
                .longitude: ["SoundingGeometry/longitude"],
                .column: [Alias("\(group)/x\(name)", unit: unit)],
                .uncertainty: [Alias("\(group)/x\(name)_uncert", unit: unit)],
                .priorColumn: [Alias("\(group)/x\(name)_apriori", unit: unit)],
                .flag: ["\(group)/x\(name)_quality_flag"],
                .kernel: ["\(group)/x\(name)_column_averaging_kernel"],
                .weight: ["\(group)/pressure_weighting_function"],
                .prior: [Alias("\(group)/\(name)_profile_apriori", unit: unit)],
                .pressure: [Alias("\(group)/pressure_level", unit: "hPa")],
                .surfacePressure: [Alias("\(group)/surface_pressure", unit: "hPa")],
                .surface: ["SoundingGeometry/landFraction"],
                .mode: ["SoundingGeometry/sunglintFlag"],
            ],
            times: [.text("SoundingAttribute/observationTime")],
            quality: .flag(oneOf: [0]),
            profiles: .weighted,
            undeclaredMissing: [-9999, -999],
            surfaceCode: .landPercent,
            modeCode: .glintFlag,
            fieldOfViewKilometres: 9.7,
            platform: [.textVariable("Metadata/satelliteName"), .fixed("GOSAT-2")],
            build: [.textVariable("Metadata/productVersion")],
            title: [.fixed("FTS-2 L2")]
        )
    }

    /// NIES GOSAT TANSO-FTS SWIR Level 2 (HDF5). The file for general users is screened; kernels are in another
    /// product. The four parts of the error are added in quadrature, as independent ones.
    static let nies = nies(.co2)
    static let niesMethane = nies(.ch4)

    private static func nies(_ gas: Gas) -> ProductFamily {
        let unit = gas == .ch4 ? "ppb" : "ppm"
        let column = "Data/mixingRatio/X\(gas.rawValue.uppercased())"
        return ProductFamily(
            name: "NIES GOSAT SWIR X\(gas.rawValue.uppercased())",
            gas: gas,
            signature: Signature(all: [column, "scanAttribute/time"]),
            quantities: [
                .identifier: ["scanAttribute/scanID"],
                .latitude: ["Data/geolocation/latitude"],
                .longitude: ["Data/geolocation/longitude"],
                .column: [Alias(column, unit: unit)],
                .uncertainty: [
                    Alias("\(column)Uncertainty", unit: unit), Alias("\(column)Error", unit: unit),
                ],
                .surface: ["Data/geolocation/landFraction"],
            ],
            times: [.text("scanAttribute/time")],
            quality: .none,
            profiles: .none,
            errorParts: ["RetrievalNoise", "SmoothingError", "InterferenceError", "ExternalError"].map {
                Alias(column + $0, unit: unit)
            },
            undeclaredMissing: [-9999, -1e30],
            surfaceCode: .landPercent,
            fieldOfViewKilometres: 10.5,
            platform: [.textVariable("Global/metadata/satelliteName"), .fixed("GOSAT")],
            build: [.textVariable("Global/metadata/productVersion")],
            title: [.textVariable("Global/metadata/productCode"), .fixed("C01S")]
        )
    }
}
