import Geo
import LinearAlgebra
import Observations
import Quantities
import Testing
import Transport

@testable import Archive
@testable import Pipeline

@Suite struct ReadingMatchTests {
    private let hour: Int64 = 3_600_000_000

    /// Two complete rows and one whose particles stayed inside.
    private func match() throws -> ReadingMatch {
        let position = try #require(Position(longitude: 1, latitude: 52))
        let boundary = Matrix(rows: 3, columns: 1, storage: [2, 1.9, 0.5])
        let table = SensitivityTable(
            gas: .ch4,
            sites: [.init(name: "TAC", position: position)],
            siteIndices: [0, 0, 0],
            times: (0..<3).map { Instant(microseconds: Int64($0) * hour) },
            flux: Matrix(rows: 3, columns: 1, storage: [1, 1, 1]),
            fluxNames: ["f"],
            boundary: boundary,
            boundaryNames: ["b"]
        )
        return ReadingMatch(
            table: table,
            closure: BoundaryClosure(boundary: boundary, threshold: 0.9),
            flags: [.good],
            stations: []
        )
    }

    private func reading(
        hour number: Int64,
        value: Double? = 1.9,
        sigma: Double? = 0.01,
        flag: QualityFlag = .good,
        instrument: String = "a",
        scale: CalibrationScale = .ch4X2004A
    ) -> StoredReading {
        StoredReading(
            network: "n",
            reading: Reading(
                station: "TAC",
                instrument: instrument,
                gas: .ch4,
                time: Instant(microseconds: number * hour),
                valuePartsPerMillion: value,
                scale: scale,
                position: nil,
                standardUncertaintyPartsPerMillion: sigma,
                flag: flag
            ),
            revision: 0,
            rawMessage: 7
        )
    }

    @Test func aGoodReadingWithACompleteFootprintIsUsed() throws {
        let rows = try match().rows([reading(hour: 0)])
        #expect(rows[0].observation.isUsed && rows[0].footprintRow == 0)
        #expect(rows[0].observation.rawMessage == 7)
        #expect(rows.dropFirst().allSatisfy { $0.observation.exclusion == .noReading })
    }

    @Test func eachReasonIsNamed() throws {
        let match = try match()
        func reason(_ stored: StoredReading) -> Exclusion? {
            match.rows([stored]).first { $0.observation.rawMessage == 7 }?.observation.exclusion
        }
        #expect(reason(reading(hour: 1, flag: .suspect)) == .flagged)
        #expect(reason(reading(hour: 1, value: nil, flag: .good)) == .flagged)
        #expect(reason(reading(hour: 1, sigma: nil)) == .noUncertainty)
        #expect(reason(reading(hour: 1, sigma: 0)) == .noUncertainty)
        #expect(reason(reading(hour: 2)) == .incompleteFootprint)
        #expect(reason(reading(hour: 9)) == .noFootprint)
    }

    @Test func twoInstrumentsShareAFootprint() throws {
        let rows = try match().rows([reading(hour: 0), reading(hour: 0, instrument: "b")])
        #expect(rows.count == 4)
        #expect(rows.count { $0.observation.isUsed && $0.footprintRow == 0 } == 2)
    }

    @Test func observationsOnTwoScalesAreRefusedWithTheirNames() throws {
        let other = reading(hour: 1, instrument: "b", scale: CalibrationScale(rawValue: "local"))
        let mixed = try match().rows([reading(hour: 0), other])

        let fault = try #require(throws: ScaleMixture.self) {
            try MatchedRow.commonScale(of: mixed, .ch4)
        }
        #expect(fault.groups.map(\.scale) == [.ch4X2004A, CalibrationScale(rawValue: "local")])
        #expect(fault.line.contains("TAC, a") && fault.line.contains("TAC, b"))
        #expect(fault.exitStatus == .badData)
    }

    @Test func onlyObservationsThatAreUsedNeedOneScale() throws {
        let flagged = reading(hour: 1, flag: .fail, instrument: "b", scale: .unstated)

        #expect(
            try MatchedRow.commonScale(of: try match().rows([reading(hour: 0), flagged]), .ch4) == .ch4X2004A
        )
        #expect(try MatchedRow.commonScale(of: try match().rows([]), .ch4) == nil)
    }
}
