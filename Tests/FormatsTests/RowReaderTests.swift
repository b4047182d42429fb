import Concurrent
import Foundation
import NetCDF
import TestSupport
import Testing

@testable import Formats

/// Swaths below a leading dimension of one, as Sentinel-5P has them.
@Suite struct RowReaderTests {
    @NetCDFThread
    private func made(_ path: String) throws -> ChunkedFile {
        var file = try NetCDFWriter(replacing: path)
        for (name, length) in [("time", 1), ("line", 3000), ("pixel", 20), ("corner", 4)] {
            try file.defineDimension(name, length: length)
        }
        let swath = ["time", "line", "pixel"]
        try file.defineVariable("value", .double, dimensions: swath, chunks: [1, 600, 20], attributes: [])
        try file.defineVariable(
            "corners",
            .double,
            dimensions: swath + ["corner"],
            chunks: [1, 300, 20, 4],
            attributes: []
        )
        try file.defineVariable("delta", .double, dimensions: ["time", "line"], attributes: [])
        try file.write((0..<60_000).map(Double.init), to: "value")
        try file.write((0..<240_000).map { Double($0) / 4 }, to: "corners")
        try file.write((0..<3000).map { Double($0) * 20 }, to: "delta")
        try file.commit()
        return try ChunkedFile(path, variables: ["value", "corners", "delta"], dropsLeadingOne: true)
    }

    private func variable(_ path: String, _ spread: Spread, width: Int = 1) -> ResolvedVariable {
        ResolvedVariable(
            path: path,
            spread: spread,
            width: width,
            conversion: .none,
            missing: [],
            declaredMissing: []
        )
    }

    @Test func aSwathBelowALeadingOneIsReadInBlocksOfLines() async throws {
        let folder = try TemporaryFolder()
        let source = try await made(folder.file("swath.nc").path)
        let layout = try #require(RowLayout(shape: [1, 3000, 20]))
        // 16,384 soundings are 819 lines, or 600 in whole chunks.
        #expect(source.preferredRows(width: layout.pixels) == 600)
        let reader = RowReader(source: source, layout: layout, observedRows: nil, path: "swath.nc")
        try await onOwnThread(named: "read") {
            for rows in [0..<12_000, 12_000..<24_000, 59_999..<60_000, 7..<53] {
                let expected = rows.map(Double.init)
                #expect(try reader.doubles(variable("value", .sounding), rows) == expected)
                let lines = try reader.doubles(variable("delta", .line), rows)
                #expect(lines == rows.map { Double($0 / 20 * 20) })
                let corners = try reader.doubles(variable("corners", .sounding, width: 4), rows)
                #expect(corners.count == 4 * rows.count && corners.first == expected.first)
            }
        }
    }
}
