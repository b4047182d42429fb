import Formats
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@testable import Formats

/// Tables of soundings as people write them.
@Suite struct SoundingTableTests {
    private func path(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> String {
        let file = folder.file("soundings.csv")
        try Data(bytes).write(to: file)
        return file.path
    }

    private func open(_ text: String, _ options: SoundingOptions) async throws -> SoundingFile {
        let folder = try TemporaryFolder()
        return try await SoundingFile.open(try path(Array(text.utf8), folder), options: options)
    }

    private var assuming: SoundingOptions {
        var options = SoundingOptions()
        options.assumedUncertainty = 1
        return options
    }

    @Test(arguments: [
        ("time;latitude;longitude;xco2\n", "semicolons"), ("time\tlatitude\txco2\n1\t2,5\t3\n", "tabs"),
        ("# made by hand\ntime,latitude,longitude,xco2\n", "comment"), ("time,lat\r1,2\r", "carriage return"),
        ("", "empty"), ("\ntime,latitude\n", "empty"), ("<!DOCTYPE html>\n", "web page"),
        ("{\"a\": 1}", "JSON"),
        ("just a word", "no commas"), ("time,xco2,lat,lon,xco2\n", "two columns are named xco2"),
    ])
    func whatIsNoTableIsRefusedByName(text: String, word: String) async throws {
        let error = await #expect(throws: SatelliteError.self) { try await open(text, assuming) }
        let line = try #require(error).line
        #expect(line.contains(word), "\(line)")
        #expect(!line.contains("ncdump") && !line.contains("netCDF"), "\(line)")
    }

    @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf16]) func wideTextIsNamed(
        encoding: String.Encoding
    ) async throws {
        let folder = try TemporaryFolder()
        let text = try #require("time,latitude,longitude,xco2\n".data(using: encoding))
        let file = try path([UInt8](text), folder)
        let error = await #expect(throws: SatelliteError.self) { try await SoundingFile.open(file) }
        #expect(try #require(error).line.contains("UTF-16"))
    }

    @Test func aHeaderAloneIsATableWithoutSoundings() async throws {
        for text in ["time,latitude,longitude,xco2\n", "time,latitude,longitude,xco2"] {
            #expect(try await open(text, assuming).count == 0)
        }
        let folder = try TemporaryFolder()
        let file = try path(Array("time,latitude,longitude,xco2\n".utf8), folder)
        let warnings = try await SoundingInspection.inspect(file).warnings
        #expect(warnings.contains { $0.hasPrefix("no rows") }, "\(warnings)")
    }

    /// A mark of the order of bytes, blanks about fields, slashes, zones after a blank, flags with a decimal point.
    @Test func tablesMayBeWrittenLoosely() async throws {
        let file = try await open(
            """
            \u{FEFF}Time, Latitude,longitude,xco2,quality_flag
              2020/01/31T12:00:00, 10.0 ,100,400,0
            2020-01-31 12:00:01,10,100,400,0.0
            2020-01-31 12:00:02 UTC,10,100,400,0
            2020-01-31 20:00:03 +08:00,10,100,400,0
            """,
            assuming
        )
        let batch = try file.readAll()
        let noon = Instant(CivilTime(year: 2020, month: 1, day: 31, hour: 12))
        #expect(batch.times == (0..<4).map { noon.advanced(bySeconds: Double($0)) }, "\(batch.rejected)")
    }

    @Test func whatCannotBeReadIsCountedByItsReason() async throws {
        let file = try await open(
            """
            time,latitude,longitude,xco2
            2020-01-31T12:00:00Z,0x10,100,400
            2020-01-31T12:00:00Z,10,100,0x190
            2020-31-01T12:00:00Z,10,100,400
            2020-01-31 12:00:00 CET,10,100,400
            ,10,100,400
            """,
            assuming
        )
        #expect(try file.readAll().rejected == [.invalidPosition: 1, .missingValue: 2, .invalidTime: 2])
    }

    @Test func partsOfATimeThatIsNoneAreCountedToo() async throws {
        let file = try await open(
            "year,month,day,latitude,longitude,xco2\n2020,2,30,10,100,400\n2020,2,28,10,100,400\n",
            assuming
        )
        #expect(try file.readAll().rejected == [.invalidTime: 1])
    }

    /// Without identifiers a row is known by what it holds, its time included.
    @Test func theSamePlaceAndColumnAtAnotherTimeIsAnotherSounding() async throws {
        let batch = try await open(
            "time,latitude,longitude,xco2\n2020-01-01,10,100,400\n2020-01-02,10,100,400\n2020-01-01,10,100,400\n",
            assuming
        ).readAll()
        #expect(batch.ids[0] != batch.ids[1] && batch.ids[0] == batch.ids[2])
    }

    @Test func withoutUncertaintiesTheOptionIsNamed() async throws {
        let text = "time,latitude,longitude,xco2\n2020-01-01,10,100,400\n"
        let error = await #expect(throws: SatelliteError.self) { try await open(text, SoundingOptions()) }
        #expect(try #require(error).line.contains("--assume-uncertainty"))
        let folder = try TemporaryFolder()
        let file = try path(Array(text.utf8), folder)
        let bare = try await SoundingInspection.inspect(file)
        #expect(!bare.warnings.contains { $0.contains("is used") })
        #expect(bare.warnings.contains { $0.contains("needs --assume-uncertainty") })
        #expect(!bare.extents.contains { $0.name == "uncertainty" })
        let assumed = try await SoundingInspection.inspect(file, options: assuming)
        #expect(assumed.warnings.contains { $0.contains("the assumed one of 1.0 ppm is used") })
        #expect(assumed.extents.contains { $0.name == "uncertainty" })
    }

    @Test func anUncertaintyAssumedInVainIsSaid() async throws {
        let inspection = try await SoundingInspection.inspect(SatelliteFiles.first, options: assuming)
        #expect(inspection.warnings.contains { $0.contains("--assume-uncertainty has no effect") })
        #expect(
            try await SoundingFile.open(SatelliteFiles.first, options: assuming).ignoresAssumedUncertainty
        )
        #expect(try await !SoundingFile.open(SatelliteFiles.first).ignoresAssumedUncertainty)
    }

    @Test func aLimitedVariableHasOneValueASounding() async throws {
        var options = SoundingOptions()
        options.thresholds["xco2_averaging_kernel"] = 0...1
        let error = await #expect(throws: SatelliteError.self) {
            try await SoundingFile.open(SatelliteFiles.first, options: options)
        }
        let line = try #require(error).line
        #expect(
            line.contains("has 20 values a sounding") && line.contains("xco2_averaging_kernel"),
            "\(line)"
        )
    }
}
