import Quantities

extension ProductFamily {
    /// Simulated CO2M overpasses of SMARTCARB (Brunner, Kuhlmann et al.): the column is the sum of its tagged parts,
    /// usable where clouds cover at most 1 % (Kuhlmann et al. 2019, AMT 12, 6695).
    static let smartcarb = ProductFamily(
        name: "SMARTCARB swath",
        gas: .co2,
        signature: Signature(all: ["XCO2_TOT", "XCO2_BG", "latitude_corners"]),
        quantities: [
            .latitude: ["latitude"],
            .longitude: ["longitude"],
            .cornerLatitudes: ["latitude_corners"],
            .cornerLongitudes: ["longitude_corners"],
            .column: [Alias("XCO2_BG", unit: "ppm")],
            .uncertainty: [Alias("uXCO2", unit: "ppm")],
        ],
        times: [.numeric("time")],
        quality: .none,
        profiles: .none,
        terms: [
            (Alias("XCO2_TOT", unit: "ppm"), 1), (Alias("XCO2_RA", unit: "ppm"), 1),
            (Alias("XCO2_GPP", unit: "ppm"), -1),
        ],
        ceilings: [("CLCT", 0.01)],
        largestFootprintKilometres: 30,
        platform: [.wordInAttribute("DESCRIPTION", word: "Sentinel_7", name: "CO2M"), .fixed("CO2M")],
        build: [.attribute("VERSION")],
        title: [.attribute("DESCRIPTION")]
    )
}
