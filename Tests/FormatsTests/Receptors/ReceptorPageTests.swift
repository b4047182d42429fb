import Foundation
import TestSupport
import Testing
import Transport

@testable import Formats

/// What the page on footprints says of files of receptors.
@Suite struct ReceptorPageTests {
    private static func section() throws -> Substring {
        let page = Places.repository.appending(path: "Sources/crosswind/crosswind.docc/Footprints.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.range(of: "#### Files of receptors")).lowerBound
        let end = try #require(text.range(of: "### Particles")).lowerBound
        return text[start..<end]
    }

    private static func blocks(_ kind: String) throws -> [String] {
        try section().matches(of: /```([a-z0-9]+)\n((?s).*?)```/).filter { $0.1 == kind }.map { String($0.2) }
    }

    @Test func itsExamplesAreRead() throws {
        let folder = try TemporaryFolder()
        let tables = try Self.blocks("csv")
        try #require(tables.count == 2)
        try Data(tables[0].utf8).write(to: folder.file("receptors.csv"))
        try Data(tables[1].utf8).write(to: folder.file("track.csv"))
        try Data(#require(Self.blocks("json5").first).utf8).write(to: folder.file("receptors.json5"))
        let rows = try ReceptorFile.read(folder.file("receptors.csv").path)
        #expect(rows.map(\.averagingSeconds) == [3600, 0])
        let receptors = try ReceptorFile.read(folder.file("receptors.json5").path)
        #expect(
            receptors.map(\.name) == ["mast", "road", "street", "spectrometer", "sounding", "valley"]
        )
        #expect(receptors.map(\.points.count).prefix(3) == [12, 2, 2])
    }

    @Test func everyKeyIsInTheTableAndInAnExample() throws {
        let table = try Self.section()
        let example = try Self.blocks("json5").joined()
        for key in ReceptorDescription.allKeys {
            #expect(table.contains("`\(key)`"), "\(key)")
            #expect(example.contains("\(key):"), "\(key)")
        }
    }
}
