import Quantities

extension ProductFamily {
    /// CSV with a header. Names are compared without regard to case.
    static func table(_ columns: SoundingColumns, gas: Gas) -> ProductFamily {
        let name = "x\(gas.rawValue)"
        let unit = columns.unit.rawValue
        func aliases(_ chosen: String?, _ usual: [String], _ unit: String? = nil) -> [Alias] {
            (chosen.map { [$0.lowercased()] } ?? usual).map { Alias($0, unit: unit) }
        }
        return ProductFamily(
            name: "CSV table of soundings",
            gas: gas,
            signature: Signature(),
            quantities: [
                .identifier: aliases(columns.identifier, ["sounding_id", "id"]),
                .latitude: aliases(columns.latitude, ["latitude", "lat"]),
                .longitude: aliases(columns.longitude, ["longitude", "lon", "long"]),
                .column: aliases(columns.column, [name], unit),
                .uncertainty: aliases(
                    columns.uncertainty,
                    ["\(name)_uncertainty", "\(name)_uncert", "uncertainty"],
                    unit
                ),
                .priorColumn: aliases(nil, ["\(name)_apriori"], unit),
                .flag: aliases(columns.flag, ["\(name)_quality_flag", "quality_flag", "flag"]),
            ],
            times: columns.time.map { [.text($0.lowercased())] } ?? usualTimes,
            quality: .flag(oneOf: [0]),
            profiles: .none,
            hasOptionalFlag: true,
            undeclaredMissing: [-999_999, -9999],
            title: [.fixed("CSV soundings")],
            identifiesByContent: true
        )
    }

    private static let usualTimes: [TimeForm] = [
        .text("time"), .text("datetime"), .text("timestamp"),
        .civil(["year", "month", "day", "hour", "minute", "second"]), .civil(["year", "month", "day"]),
    ]
}
