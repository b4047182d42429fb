import Foundation
import NetCDF
import TestSupport
import Testing

@Suite struct PackedChunkTests {
    /// Six rows of five in chunks of four rows, the last one standing out over the edge.
    @NetCDFThread
    private func write(_ type: NetCDFType, _ values: [Double], to path: String) throws {
        var file = try NetCDFWriter(replacing: path)
        try file.defineDimension("y", length: 6)
        try file.defineDimension("x", length: 5)
        try file.defineVariable(
            "field",
            type,
            dimensions: ["y", "x"],
            chunks: [4, 5],
            attributes: [("units", "1")]
        )
        try file.defineVariable("other", .double, dimensions: ["x"], attributes: [])
        try file.write([1.0, 2, 3, 4, 5], to: "other")
        for row in [0, 4] {
            var block = Array(values[(5 * row)..<min(30, 5 * row + 20)])
            block += [Double](repeating: 0, count: 20 - block.count)
            let chunk = try #require(PackedChunk(block, as: type))
            try file.write(chunk, to: "field", offset: [row, 0])
        }
        try file.commit()
    }

    @Test(arguments: [NetCDFType.double, .float, .int32, .int64, .uint8]) @NetCDFThread
    func packedChunksReadAsAnyOther(type: NetCDFType) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("packed.nc").path
        let values = (0..<30).map { Double($0 * $0 % 251) }
        try write(type, values, to: path)
        let file = try NetCDFFile(reading: path)
        #expect(try file.doubles("field", shape: [6, 5]) == values)
        #expect(try file.doubles("other") == [1, 2, 3, 4, 5])
    }

    @Test @NetCDFThread func aChunkThatIsNotStoredHoldsTheFillValue() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("fill.nc").path
        var file = try NetCDFWriter(replacing: path)
        try file.defineDimension("x", length: 4)
        try file.defineVariable(
            "field",
            .double,
            dimensions: ["x"],
            chunks: [2],
            attributes: [("_FillValue", .double(-1))]
        )
        let chunk = try #require(PackedChunk([7, 8], as: .double))
        try file.write(chunk, to: "field", offset: [2])
        try file.commit()
        let read = try NetCDFFile(reading: path).doubles("field")
        #expect(read[0].isNaN && read[1].isNaN && read[2] == 7 && read[3] == 8)
    }

    @Test @NetCDFThread func anAbsentVariableIsToldAndNothingIsLeft() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("absent.nc").path
        #expect(throws: NetCDFError.self) {
            var file = try NetCDFWriter(replacing: path)
            try file.defineDimension("x", length: 2)
            try file.write(try #require(PackedChunk([1, 2], as: .double)), to: "field", offset: [0])
            try file.commit()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func textIsNotPacked() {
        #expect(PackedChunk([1], as: .string) == nil)
    }
}
