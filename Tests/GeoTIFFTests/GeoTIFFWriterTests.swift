import Foundation
import GeoTIFF
import TestSupport
import Testing

@Suite struct GeoTIFFWriterTests {
    private let layout = GeoTIFFLayout(
        columns: 30_000,
        rows: 5,
        west: 73,
        north: 54,
        longitudeStep: 0.001,
        latitudeStep: 0.5,
        bands: [.init(description: "x < y", unit: "ppm"), .init(description: "n", unit: "1")]
    )

    private func write(to path: String) throws {
        var file = try GeoTIFFWriter(replacing: path, layout: layout)
        for band in 0..<2 {
            for strip in 0..<layout.stripCount {
                let rows = layout.rows(ofStrip: strip)
                let values = (0..<(rows.count * layout.columns)).map {
                    Float(band * 1000 + rows.lowerBound + $0 / layout.columns)
                }
                try file.write(values, band: band, strip: strip)
            }
        }
        try file.commit()
    }

    @Test func stripsCoverTheRowsOnce() {
        #expect(layout.stripRows == 2 && layout.stripCount == 3)
        #expect((0..<3).map(layout.rows) == [0..<2, 2..<4, 4..<5])
    }

    /// Tags are read as TIFF 6.0 lays them down, without the library that wrote them.
    @Test func theFileSaysWhereItLiesAndWhatItHolds() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.tif").path
        try write(to: path)
        let tags = try TIFFTags(Data(contentsOf: URL(filePath: path)))
        #expect(tags.integers[256] == 30_000 && tags.integers[257] == 5 && tags.integers[277] == 2)
        #expect(tags.doubles[33550] == [0.001, 0.5, 0])
        #expect(tags.doubles[33922] == [0, 0, 0, 73, 54, 0])
        #expect(tags.texts[42113] == "nan")
        #expect(tags.texts[42112]?.contains("x &lt; y</Item>") == true)
        // Geographic model, a value for an area, EPSG:4326.
        let keys = try #require(tags.shorts[34735])
        for key in [[1024, 0, 1, 2], [1025, 0, 1, 1], [2048, 0, 1, 4326]] as [[UInt16]] {
            #expect(stride(from: 4, to: keys.count, by: 4).contains { Array(keys[$0..<($0 + 4)]) == key })
        }
    }

    @Test func theSameValuesGiveTheSameBytes() throws {
        let folder = try TemporaryFolder()
        for name in ["a.tif", "b.tif"] { try write(to: folder.file(name).path) }
        #expect(try Data(contentsOf: folder.file("a.tif")) == Data(contentsOf: folder.file("b.tif")))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 2)
    }

    @Test func aFolderThatIsNotThereIsToldAndNothingIsLeft() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("none/a.tif").path
        let error = #expect(throws: GeoTIFFError.self) { try write(to: path) }
        #expect(error?.place == path && error?.what.contains("No such file") == true)
        #expect(error?.what.contains("partial") == false)
    }

    @Test func anUnfinishedFileLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try GeoTIFFWriter(replacing: folder.file("a.tif").path, layout: layout)
            _ = file.path
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func whatTheFormatCannotHoldIsRefused() throws {
        let folder = try TemporaryFolder()
        let layout = GeoTIFFLayout(
            columns: 0,
            rows: 5,
            west: 0,
            north: 0,
            longitudeStep: 1,
            latitudeStep: 1,
            bands: []
        )
        #expect(throws: GeoTIFFError.self) {
            _ = try GeoTIFFWriter(replacing: folder.file("a.tif").path, layout: layout).path
        }
    }

    @Test func librariesTellTheirVersions() {
        #expect(GeoTIFFLibrary.tiffVersion.hasPrefix("4."))
        #expect(GeoTIFFLibrary.version.hasPrefix("1."))
    }
}

/// The first directory of a little-endian classic TIFF.
private struct TIFFTags {
    var integers: [UInt16: Int] = [:]
    var doubles: [UInt16: [Double]] = [:]
    var texts: [UInt16: String] = [:]
    var shorts: [UInt16: [UInt16]] = [:]

    init(_ data: Data) throws {
        func number(_ offset: Int, _ bytes: Int) -> UInt64 {
            (0..<bytes).reduce(0) { $0 | UInt64(data[offset + $1]) << UInt64(8 * $1) }
        }
        try #require(data.prefix(4) == Data([0x49, 0x49, 42, 0]))
        let directory = Int(number(4, 4))
        for entry in 0..<Int(number(directory, 2)) {
            let place = directory + 2 + 12 * entry
            let tag = UInt16(number(place, 2))
            let type = Int(number(place + 2, 2))
            let count = Int(number(place + 4, 4))
            let size = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8][type]
            let offset = size * count > 4 ? Int(number(place + 8, 4)) : place + 8
            switch type {
            case 2: texts[tag] = String(decoding: data[offset..<(offset + count - 1)], as: UTF8.self)
            case 3, 4: integers[tag] = Int(number(offset, size))
            case 12:
                doubles[tag] = (0..<count).map { Double(bitPattern: number(offset + 8 * $0, 8)) }
            default: break
            }
            if type == 3 { shorts[tag] = (0..<count).map { UInt16(number(offset + 2 * $0, 2)) } }
        }
    }
}
