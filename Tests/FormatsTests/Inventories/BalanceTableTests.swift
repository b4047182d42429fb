import Formats
import Foundation
import Inventory
import Quantities
import TestSupport
import Testing

@Suite struct BalanceTableTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ text: String) throws -> String {
        let url = folder.file("table.csv")
        try Data(text.utf8).write(to: url)
        return url.path
    }

    @Test func suppliesAreReadInTheirUnits() throws {
        let shipped = try ShippedFactors()
        let path = try file("品种,单位,生产量,调入量,库存变化,source\n原煤,万吨,100,20,-5,yearbook\n天然气,亿立方米,3,,,yearbook\n")
        let supplies = try EnergyBalanceTable.read(csvFile: path, shipped.catalogue)
        #expect(supplies.map(\.apparentConsumption) == [1.25e6, 3e4])
        let sets = [try shipped.folder.set("gbt-2589-style", shipped.catalogue)]
        #expect(throws: AccountingError.self) {
            // The set knows oilfield gas alone.
            try ReferenceApproach(supplies, sets: sets, sectoralTonnes: 1)
        }
        let more = sets + [try shipped.folder.set("china-24-sector", shipped.catalogue)]
        let reference = try ReferenceApproach(supplies, sets: more, sectoralTonnes: 3e6)
        #expect(
            abs(reference.referenceTonnes - (1.25e6 * 1.9002988488 + 3e4 * 389.31 * 0.0153 * 0.99 * 44 / 12))
                < 1
        )
        #expect(!reference.isFlagged && reference.rows[1].factorSet == "china-24-sector")
    }

    @Test func powerIsReadWithItsUnits() throws {
        let regions = try PowerTransferTable.readRegions(
            csvFile: try file(
                "region,emission,emission_unit,generation,generation_unit,source\n西,8,万吨,1,亿千瓦时,x\n东,3,万吨,6000,万千瓦时,x\n"
            )
        )
        let transfers = try PowerTransferTable.readTransfers(
            csvFile: try file("from,to,delivered,unit,source,loss_percent\n西,东,4000,万千瓦时,x,\n")
        )
        let rows = try PowerConsumption(regions, transfers: transfers).rows
        #expect(abs(rows[1].consumptionTonnes - 62_000) < 1e-6)
        #expect(abs(rows[1].kilogramsPerKilowattHour - 0.62) < 1e-12)
        #expect(throws: AccountingError.self) {
            try PowerTransferTable.readTransfers(
                csvFile: try file("from,to,delivered,unit,source\n西,东,4,吨,x\n")
            )
        }
    }

    @Test(arguments: [
        ("", "the table is empty"), ("carrier,unit,production,sorce\n", "unknown column `sorce`"),
        ("carrier,unit,production,source,source\n", "stands twice"),
        ("carrier,unit,production,source\n原煤,吨,1\n", "3 fields where the header has 4"),
        ("carrier,unit,production,source\n原煤,吨,\"1,x\n", "a quoted field has no end"),
    ])
    func brokenTablesAreRefused(_ text: String, _ words: String) throws {
        let shipped = try ShippedFactors()
        let error = #expect(throws: AccountingError.self) {
            try EnergyBalanceTable.read(csvFile: try file(text), shipped.catalogue)
        }
        #expect(error?.what.contains(words) == true, "\(error?.line ?? "")")
    }

    @Test func absentFilesAndSetsAreNamed() throws {
        let shipped = try ShippedFactors()
        let error = #expect(throws: AccountingError.self) {
            try EnergyBalanceTable.read(csvFile: folder.file("none.csv").path, shipped.catalogue)
        }
        #expect(error?.exitStatus == .missingInput)
        let unknown = #expect(throws: AccountingError.self) {
            try shipped.folder.set("../seeds", shipped.catalogue)
        }
        #expect(unknown?.remedy.contains("gbt-2589-style") == true)
    }

    @Test func theFolderIsFoundFromTheProgram() throws {
        let program = Places.repository.appending(path: ".build/debug/crosswind").path
        let found = FactorFolder.standard(workingDirectory: folder.url.path, executable: program)
        #expect(found.setNames.contains("china-24-sector"))
    }
}
