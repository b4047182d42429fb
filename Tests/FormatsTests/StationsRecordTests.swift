import Foundation
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

private func network(_ name: String) throws -> NetworkFile {
    try NetworkFile(path: Places.repository.appending(path: "stations/\(name).json").path)
}

private func rows(_ record: String, _ name: String) async throws -> [RecordedRow] {
    try await readRecord(at: Places.deploy.appending(path: record).path, for: try network(name))
}

/// Rows of a small CSV file, read as the park record.
private func parkRows(_ text: String) async throws -> [RecordedRow] {
    let folder = try TemporaryFolder()
    let file = folder.file("record.csv")
    try Data(text.utf8).write(to: file)
    return try await readRecord(at: file.path, for: try network("park-releases"))
}

@Suite struct RecordTests {
    @Test func theDriveIsReadWithPositionsAndInstrumentState() async throws {
        let rows = try await rows("records/hamburg-drive.csv", "hamburg-vehicle")
        #expect(rows.count == 18_620)
        #expect(rows.filter { $0.fix?.latitude == nil }.count == 334)
        let row = rows[300]
        #expect(row.time.description == "2018-10-24T07:57:33.068Z")
        #expect(row.values == [.init(gas: .co2, value: 415.669507, standardUncertainty: nil)])
        #expect(row.fix?.longitude == 9.977365 && row.fix?.altitudeMetres == 68.4)
        #expect(row.state.first { $0.name == "cp" }?.value == 139.987406)
    }

    @Test func theParkKeepsItsMissingReadings() async throws {
        let rows = try await rows("records/park-readings.csv", "park-releases")
        #expect(rows.count == 11_520)
        #expect(rows.filter { $0.values[0].value == nil }.count == 37)
        #expect(Set(rows.map(\.station)).count == 8)
    }

    @Test func theTowerIsReadFromItsNetCDFFile() async throws {
        let rows = try await rows("cases/uk-methane/standard_rhime_outs.nc", "tacolneston")
        #expect(rows.count == 24)
        #expect(rows.map(\.station) == Array(repeating: "TAC", count: 24))
        #expect(rows[1].time.description == "2019-01-01T01:00:00Z")
        #expect(abs((rows[0].values[0].value ?? 0) - 1949.32526316) < 1e-8)
        #expect(abs((rows[0].values[0].standardUncertainty ?? 0) - 1.89906312) < 1e-8)
    }

    @Test func quotesLineEndsAndBlanksAreRead() async throws {
        let text = """
            \u{FEFF}time,"ch4_ppm",sensor\r
            "2022-05-09T00:00:00Z",NaN,"N"\r
            \r
            2022-05-09T00:01:00+00:00,1.9,E
            """
        let rows = try await parkRows(text)
        #expect(rows.map(\.station) == ["N", "E"])
        #expect(rows.map { $0.values[0].value } == [nil, 1.9])
    }

    @Test(arguments: [
        ("", "empty"),
        ("time,sensor,ch4\n", "no column `ch4_ppm`"),
        ("time,sensor,ch4_ppm\n2022-05-09T00:00:00Z,N\n", "line 2"),
        ("time,sensor,ch4_ppm\n2022-05-09T00:00:00Z,N,1.9\n2022-05-09T00:00:00,N,1.9\n", "line 3"),
        ("time,sensor,ch4_ppm\n2022-05-09T00:00:00Z,N,many\n", "`many` in ch4_ppm is not a number"),
    ])
    func faultsNameTheLine(text: String, words: String) async throws {
        let error = await #expect(throws: RecordError.self) { try await parkRows(text) }
        #expect(error?.exitStatus == .badData)
        #expect(error?.line.contains(words) == true, "\(error?.line ?? "")")
    }

    @Test func otherFilesHaveTheirErrors() async throws {
        let absent = await #expect(throws: RecordError.self) {
            try await readRecord(at: "no/such/file.csv", for: try network("park-releases"))
        }
        #expect(absent?.exitStatus == .missingInput)
        let text = await #expect(throws: NetCDFError.self) {
            try await rows("records/park-readings.csv", "tacolneston")
        }
        #expect(text?.exitStatus == .badData)
        let folder = try TemporaryFolder()
        let truncated = folder.file("truncated.nc")
        let whole = try Data(
            contentsOf: Places.deploy.appending(path: "cases/uk-methane/standard_rhime_outs.nc")
        )
        try whole.prefix(whole.count / 2).write(to: truncated)
        let cut = await #expect(throws: NetCDFError.self) {
            try await readRecord(at: truncated.path, for: try network("tacolneston"))
        }
        #expect(cut?.exitStatus == .badData)
    }
}

/// Of two columns of one name the first is as likely the wrong one.
@Test func twoColumnsOfOneNameAreRefused() async throws {
    let folder = try TemporaryFolder()
    let record = folder.file("drive.csv")
    let drive = try String(
        contentsOf: Places.deploy.appending(path: "records/hamburg-drive.csv"),
        encoding: .utf8
    )
    let lines = drive.split(separator: "\n", maxSplits: 3)
    let header = lines[0].replacing("co2_ppm_wet", with: "co2_ppm_dry")
    try "\(header)\n\(lines[1])\n".write(to: record, atomically: true, encoding: .utf8)
    let file = try network("hamburg-vehicle")
    await #expect(throws: RecordError.self) { try await readRecord(at: record.path, for: file) }
}
