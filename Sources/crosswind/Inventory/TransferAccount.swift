import Formats
import Foundation
import Inventory
import Quantities

/// The use of `crosswind inventory` that carries emissions of generation to where the electricity is used.
struct TransferAccount: Sendable {
    static let options: [OptionSpecification] = [
        .value(
            "transfers",
            "FILE",
            "electricity sent between regions (CSV: from, to, delivered, unit, source)"
        ),
        .value(
            "generation",
            "FILE",
            "of those regions (CSV: region, emission, emission_unit, generation,\ngeneration_unit, source)"
        ),
    ]

    let transfers: String
    let generation: String

    init(_ options: Options) throws {
        transfers = try options.required("transfers")
        generation = try options.required("generation")
    }

    func run(_ output: InventoryOutput) throws {
        let power = try PowerConsumption(
            try PowerTransferTable.readRegions(csvFile: generation),
            transfers: try PowerTransferTable.readTransfers(csvFile: transfers)
        )
        let table = Self.table(power)
        let largest = power.rows.map(\.productionTonnes).max() ?? 0
        let results = InventoryResults(
            name: "transfers",
            tables: [table],
            text: { table.text($0, MassScale(largest: largest, language: $0)) },
            json: { try JSONSummary.text(Summary(rows: power.rows.map(Summary.Row.init), outputs: $0)) }
        )
        try results.tell(output, inputs: [transfers, generation])
    }

    private struct Summary: Encodable {
        struct Row: Encodable {
            let region: String
            let productionTonnes: Double
            let importedTonnes: Double
            let exportedTonnes: Double
            let consumptionTonnes: Double
            let kilogramsPerKilowattHour: Double
            let usedKilowattHours: Double

            init(_ row: PowerConsumption.Row) {
                region = row.region
                productionTonnes = row.productionTonnes
                importedTonnes = row.importedTonnes
                exportedTonnes = row.exportedTonnes
                consumptionTonnes = row.consumptionTonnes
                kilogramsPerKilowattHour = row.kilogramsPerKilowattHour
                usedKilowattHours = row.usedKilowattHours
            }
        }

        let rows: [Row]
        let outputs: [String]
        var software = "crosswind \(Version.current)"
    }

    private static func table(_ power: PowerConsumption) -> ReadableTable {
        ReadableTable(
            id: "transfers",
            title: LocalizedName(
                english: "electricity by production and by consumption",
                chinese: "电力排放: 生产侧与消费侧"
            ),
            columns: [
                .init("region", "region", "地区"), .init("production", "production", "生产侧", isMass: true),
                .init("imported", "imported", "调入", isMass: true),
                .init("exported", "exported", "调出", isMass: true),
                .init("consumption", "consumption", "消费侧", isMass: true),
                .init("kg_per_kwh", "kg/kWh", "kg/kWh"), .init("used_kwh", "kWh used", "用电量kWh"),
            ],
            rows: power.rows.map { row in
                [
                    .text(row.region), .mass(row.productionTonnes, halfWidth: nil),
                    .mass(row.importedTonnes, halfWidth: nil), .mass(row.exportedTonnes, halfWidth: nil),
                    .mass(row.consumptionTonnes, halfWidth: nil), .number(row.kilogramsPerKilowattHour),
                    .number(row.usedKilowattHours),
                ]
            },
            notes: [
                LocalizedName(
                    english: "Without uncertainty: the tables state none.",
                    chinese: "数据表未给出不确定度。"
                )
            ]
        )
    }
}
