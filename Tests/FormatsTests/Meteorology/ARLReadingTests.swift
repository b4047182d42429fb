import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Transport

@testable import Formats

@Suite struct ARLReadingTests {
    static let path = Places.shared("met/arl/era5_matimba_20210725_00.arl")?.path ?? ""
    static var hasData: Bool { !path.isEmpty && ERA5ReadingTests.hasData }

    /// Half a step of the packing of a record is what a value may miss by; steps add up along rows.
    @Test(.enabled(if: hasData)) func arlEqualsERA5AtItsNodes() async throws {
        let packed = try await MeteorologyFiles.open([Self.path])
        let plain = try await MeteorologyFiles.open(ERA5ReadingTests.both)
        #expect(packed.times == plain.times)
        let grid = try #require(packed.grid.longitudeLatitude)
        #expect(grid.rows == 37 && grid.columns == 65)
        var (worst, compared): ([String: Float], Int) = ([:], 0)
        for index in stride(from: 0, to: 24, by: 5) {
            let (a, b) = (try await packed.hour(at: index), try await plain.hour(at: index))
            for cell in 0..<170 {
                let fine = (cell / 17) * 4 * 65 + (cell % 17) * 4
                func compare(_ name: String, _ x: [Float], _ y: [Float]) {
                    for level in 0..<(y.count / 170) {
                        // A level a few metres from the ground may be used in one and not in the other.
                        let isAlike =
                            a.pressurePascal[level * 2405 + fine] == b.pressurePascal[level * 170 + cell]
                        guard isAlike || y.count == 170 else { continue }
                        let miss = abs(x[level * 2405 + fine] - y[level * 170 + cell])
                        compared += 1
                        worst[name] = max(worst[name] ?? 0, miss)
                    }
                }
                compare("u", a.alongColumns, b.alongColumns)
                compare("v", a.alongRows, b.alongRows)
                compare("t", a.temperatureKelvin, b.temperatureKelvin)
                compare("z", a.heightMetres, b.heightMetres)
                compare("ps", a.surface.pressurePascal, b.surface.pressurePascal)
                compare("t2m", a.surface.temperatureKelvin, b.surface.temperatureKelvin)
                compare("blh", a.surface.boundaryLayerMetres, b.surface.boundaryLayerMetres)
            }
        }
        #expect(compared > 25_000)
        #expect(try #require(worst["u"]) < 0.02 && #require(worst["v"]) < 0.02)
        #expect(try #require(worst["t"]) < 0.02 && #require(worst["t2m"]) < 0.02)
        #expect(try #require(worst["z"]) < 1.5 && #require(worst["blh"]) < 2)
        #expect(try #require(worst["ps"]) < 6)
    }

    @Test(.enabled(if: hasData)) func humidityIsThatOfTheRelativeOneAndAirDoesNotRise() async throws {
        let source = try await MeteorologyFiles.open([Self.path])
        let hour = try await source.hour(at: 3)
        #expect(hour.upward.allSatisfy { $0 == 0 })
        let index = 11 * 2405 + 100
        let expected = MoistAir.specificHumidity(
            relativePercent: 40,
            kelvin: Double(hour.temperatureKelvin[index]),
            pascal: 70_000
        )
        #expect(abs(Double(hour.specificHumidity[index]) - expected) < 1e-6 * expected)
    }

    @Test(.enabled(if: hasData), arguments: 0..<300 as Range<UInt64>)
    func damagedFilesEndInAnErrorAndNeverInATrap(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var bytes = try ARLSmallFile.bytes
        let kind = random.next() % 3
        if kind == 0 {
            bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
        } else {
            // In the index and the labels, which no checksum guards, or anywhere.
            for _ in 0..<(1 + random.next() % 8) {
                let (record, inIndex) = (random.next() % 79, random.next() % 2 == 0)
                let label = inIndex ? random.next() % 900 : record * 2455 + random.next() % 50
                let place = kind == 1 ? label : random.next() % UInt64(bytes.count)
                bytes[Int(place)] =
                    kind == 1 ? UInt8(32 + random.next() % 64) : UInt8(truncatingIfNeeded: random.next())
            }
        }
        let folder = try TemporaryFolder()
        let path = folder.file("damaged.arl").path
        try Data(bytes).write(to: URL(filePath: path))
        do {
            let source = try await MeteorologyFiles.open([path])
            for index in source.times.indices { _ = try await source.hour(at: index) }
        } catch let error as MeteorologyError {
            #expect(!error.line.isEmpty)
        }
    }

    @Test(.enabled(if: hasData)) func aChangedByteIsFoundByTheChecksum() async throws {
        var bytes = try ARLSmallFile.bytes
        // In the third record, behind the index and two fields of the surface.
        let record = 65 * 37 + 50
        bytes[3 * record + 500] ^= 4
        let folder = try TemporaryFolder()
        let path = folder.file("changed.arl").path
        try Data(bytes).write(to: URL(filePath: path))
        let source = try await MeteorologyFiles.open([path])
        let error = try await #require(throws: MeteorologyError.self) { _ = try await source.hour(at: 0) }
        #expect(
            error.line.contains("checksum") && error.line.contains("U10M") && error.line.contains("record 3")
        )
        #expect(error.line.contains("2021-07-25T00:00:00Z"))
    }

    @Test(.enabled(if: hasData)) func aTruncatedFileNamesTheRecordItEndsIn() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("short.arl").path
        try Data(try ARLSmallFile.bytes.dropLast(3000)).write(to: URL(filePath: path))
        let error = try await #require(throws: MeteorologyError.self) {
            _ = try await MeteorologyFiles.open([path])
        }
        #expect(error.line.contains("ends before") && error.line.contains("record 77"))
    }
}

/// The first time of the packed file.
enum ARLSmallFile {
    static var bytes: [UInt8] {
        get throws {
            let data = try Data(contentsOf: URL(filePath: ARLReadingTests.path))
            return Array(data.prefix((65 * 37 + 50) * 79))
        }
    }
}
