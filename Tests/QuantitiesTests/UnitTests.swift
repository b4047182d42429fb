import Quantities
import Testing

@Suite struct UnitTests {
    @Test(arguments: [
        ("ppm", MoleFractionUnit.partsPerMillion), (" PPMV ", .partsPerMillion), ("1e-06", .partsPerMillion),
        ("µmol mol-1", .partsPerMillion), ("1e-9", .partsPerBillion), ("nmol mol-1", .partsPerBillion),
        ("mol mol-1", .molesPerMole), ("1", .molesPerMole),
    ])
    func spellingsOfFiles(spelling: String, unit: MoleFractionUnit) {
        #expect(MoleFractionUnit(spelling: spelling) == unit)
    }

    @Test(arguments: ["", "K", "pp", "mg m-3"]) func otherUnitsAreRefused(spelling: String) {
        #expect(MoleFractionUnit(spelling: spelling) == nil)
    }

    @Test func partsPerBillionBecomeTheNearestDouble() {
        #expect(MoleFractionUnit.partsPerBillion.partsPerMillion(1949.5) == 1.9495)
        #expect(MoleFractionUnit.molesPerMole.partsPerMillion(4.1e-4) == 4.1e-4 * 1e6)
    }

    @Test(arguments: MoleFractionUnit.allCases) func conversionsAreInverse(unit: MoleFractionUnit) {
        #expect(abs(unit.partsPerMillion(unit.fromPartsPerMillion(417.3)) - 417.3) < 1e-12)
        #expect(abs(unit.partsPerMillionFactor * unit.fromPartsPerMillion(417.3) - 417.3) < 1e-12)
    }

    @Test func intervalsAndScalingOfAnEstimate() {
        let estimate = Estimate(mean: 10, standardDeviation: 2)
        #expect(abs(estimate.upper95 - 13.919927969080108) < 1e-12)
        #expect(abs(estimate.lower95 + estimate.upper95 - 20) < 1e-12)
        #expect(estimate.scaled(by: -3) == Estimate(mean: -30, standardDeviation: 6))
    }

    @Test func aFaultIsOneLine() {
        struct Broken: Fault {
            let exitStatus = ExitStatus.badData
            let what = "two\nlines"
            let place = "file.nc"
            let remedy = "look"
        }
        #expect(Broken().line == "two lines: file.nc; look")
    }

    @Test func misspeltNamesFindTheirNeighbour() {
        #expect(nearest(to: "gird", among: ["grid", "ingest"]) == "grid")
        #expect(nearest(to: "frobnicate", among: ["grid", "ingest"]) == nil)
        #expect(nearest(to: "x", among: []) == nil)
    }
}
