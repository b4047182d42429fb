public import Foundation
public import Inventory
import Quantities

extension Account {
    /// Everything as JSON with sorted keys, the same bytes for the same account.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    private static let lineColumns = [
        "file", "line", "region", "facility", "sector", "carrier", "period", "scope", "use", "category",
        "quality",
        "quantity", "unit", "units", "basis", "gas", "t_per_unit", "factor_set", "factor_version",
        "factor_file",
        "factor_line", "factor_source", "factor_note", "tonnes", "tonnes_co2e", "gwp", "u_activity_percent",
        "u_factor_percent", "u_percent", "source", "as_of",
    ]

    /// One row per line of the account, with its whole lineage.
    public var linesCSV: String {
        var rows = [Self.lineColumns]
        for line in lines {
            let factor = line.factor
            rows.append(
                [
                    line.place.file, line.place.line.map(String.init) ?? "", line.region, line.facility,
                    line.sector,
                    line.carrier, line.period, line.scope.rawValue, line.use.rawValue, line.category.rawValue,
                    line.quality.rawValue, "\(line.quantity)", line.unit, "\(line.units)",
                    line.basis.rawValue,
                    factor.species, "\(factor.tonnesPerUnit)", factor.set, factor.version, factor.place.file,
                    factor.place.line.map(String.init) ?? "", factor.source, factor.note, "\(line.tonnes)",
                    "\(line.tonnesCarbonDioxideEquivalent)", potentials.rawValue, "\(line.activityPercent95)",
                    "\(factor.percent95)", "\(line.percent95)", line.source, line.asOf,
                ]
            )
        }
        return Self.csv(rows)
    }

    /// One row per total: t CO2e with standard deviation and half of the 95 % interval.
    public var totalsCSV: String {
        var rows = [
            [
                "year", "scope", "gwp", "dimension", "name", "tonnes_co2e", "standard_deviation", "lower95",
                "upper95",
                "u_percent", "tonnes_of_gas",
            ]
        ]
        for total in totals {
            let percent = total.percent95
            rows.append(
                [
                    "\(year)", scope.rawValue, potentials.rawValue, total.dimension.rawValue, total.name,
                    "\(total.emission.mean)", "\(total.emission.standardDeviation)",
                    "\(total.emission.lower95)",
                    "\(total.emission.upper95)", percent.isFinite ? "\(percent)" : "",
                    total.tonnesOfGas.map { "\($0)" } ?? "",
                ]
            )
        }
        return Self.csv(rows)
    }

    private static func csv(_ rows: [[String]]) -> String {
        rows.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
    }
}
