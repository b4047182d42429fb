import Inventory
import Quantities
import TestSupport
import Testing

@Suite struct TransferTests {
    @Test func exportedPowerCarriesItsEmissions() throws {
        let result = try PowerConsumption(
            [
                RegionPower(region: "west", generationTonnes: 800, generatedKilowattHours: 1000),
                RegionPower(region: "east", generationTonnes: 300, generatedKilowattHours: 600),
            ],
            transfers: [PowerTransfer(from: "west", to: "east", deliveredKilowattHours: 400)]
        )
        #expect(abs(result.rows[0].consumptionTonnes - 480) < 1e-9)
        #expect(abs(result.rows[1].consumptionTonnes - 620) < 1e-9)
        #expect(abs(result.rows[1].kilogramsPerKilowattHour - 620) < 1e-9)
        #expect(result.rows[0].usedKilowattHours == 600)
    }

    @Test func lossesGoWithTheDelivery() throws {
        let result = try PowerConsumption(
            [
                RegionPower(region: "a", generationTonnes: 100, generatedKilowattHours: 100),
                RegionPower(region: "b", generationTonnes: 0, generatedKilowattHours: 0),
            ],
            transfers: [PowerTransfer(from: "a", to: "b", deliveredKilowattHours: 45, lossFraction: 0.1)]
        )
        #expect(abs(result.rows[1].consumptionTonnes - 50) < 1e-9)
        #expect(abs(result.rows[0].consumptionTonnes - 50) < 1e-9)
    }

    @Test(arguments: UInt64(1)...20)
    func consumptionAddsToProductionWhateverFlows(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let regions = (0..<12).map { index in
            RegionPower(
                region: "r\(index)",
                generationTonnes: 1000 * generator.uniform(),
                generatedKilowattHours: 500 + 1000 * generator.uniform()
            )
        }
        var transfers: [PowerTransfer] = []
        for from in 0..<12 {
            for to in 0..<12 where from != to && generator.uniform() < 0.4 {
                transfers.append(
                    PowerTransfer(
                        from: "r\(from)",
                        to: "r\(to)",
                        deliveredKilowattHours: 40 * generator.uniform(),
                        lossFraction: 0.08 * generator.uniform()
                    )
                )
            }
        }
        let rows = try PowerConsumption(regions, transfers: transfers).rows
        let produced = rows.reduce(0) { $0 + $1.productionTonnes }
        let consumed = rows.reduce(0) { $0 + $1.consumptionTonnes }
        #expect(abs(consumed / produced - 1) < 1e-12)
        #expect(rows.allSatisfy { $0.kilogramsPerKilowattHour >= 0 })
    }

    @Test func impossibleTransfersAreRefused() {
        let regions = [
            RegionPower(region: "a", generationTonnes: 100, generatedKilowattHours: 100),
            RegionPower(region: "b", generationTonnes: 100, generatedKilowattHours: 100),
        ]
        for transfer in [
            PowerTransfer(from: "a", to: "b", deliveredKilowattHours: 101),
            PowerTransfer(from: "a", to: "c", deliveredKilowattHours: 1),
            PowerTransfer(from: "a", to: "a", deliveredKilowattHours: 1),
            PowerTransfer(from: "a", to: "b", deliveredKilowattHours: -1),
            PowerTransfer(from: "a", to: "b", deliveredKilowattHours: 1, lossFraction: 1),
        ] {
            #expect(throws: AccountingError.self) { try PowerConsumption(regions, transfers: [transfer]) }
        }
    }

    @Test func theReferenceApproachFlagsMoreThanFivePercent() throws {
        let coal = Carrier(
            key: "raw_coal",
            names: "raw coal",
            state: .solid,
            basis: .tonne,
            coalEquivalentPerUnit: 0.7143,
            boundsTonnesPerUnit: 1.2...2.35,
            source: "test"
        )
        var row = FactorRecord.Row(basis: .tonne, source: "test")
        row.tonnesPerUnit = 2
        let record = try FactorRecord(carrier: coal, row: row, at: TablePlace(file: "f.csv", line: 2))
        let sets = [FactorSet(id: "s", version: "1", records: [record])]
        let here = TablePlace(file: "balance.csv", line: 2)
        let supply = FuelSupply(
            place: here,
            carrier: "raw_coal",
            basis: .tonne,
            production: 100,
            imports: 20,
            exports: 5,
            internationalBunkers: 1,
            stockChange: 4,
            excluded: 10
        )
        #expect(supply.apparentConsumption == 110)
        let near = try ReferenceApproach([supply], sets: sets, sectoralTonnes: 192)
        #expect(near.referenceTonnes == 200 && !near.isFlagged)
        #expect(try ReferenceApproach([supply], sets: sets, sectoralTonnes: 190).isFlagged)
        #expect(try ReferenceApproach([supply], sets: sets, sectoralTonnes: 0).isFlagged)
        for (carrier, basis) in [("peat", BasisUnit.tonne), ("raw_coal", .tonneOfCoalEquivalent)] {
            let other = FuelSupply(place: here, carrier: carrier, basis: basis, production: 1)
            #expect(throws: AccountingError.self) {
                try ReferenceApproach([other], sets: sets, sectoralTonnes: 1)
            }
        }
    }
}
