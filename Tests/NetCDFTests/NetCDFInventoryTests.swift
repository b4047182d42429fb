import CNetCDF
import Foundation
import NetCDF
import Quantities
import TestSupport
import Testing

@Suite @NetCDFThread struct NetCDFInventoryTests {
    private let acos = Places.deploy.appending(
        path: "soundings/acos_LtCO2_090901_v205205_B9213A_200310212449s.nc4"
    )

    @Test func variablesOfAllGroupsAreListedByPath() throws {
        let file = try NetCDFFile(reading: acos.path)
        let paths = try file.variablePaths()
        #expect(paths.contains("xco2") && paths.contains("Retrieval/psurf"))
        #expect(try file.groupPaths().contains("Retrieval"))
        #expect(paths.allSatisfy { file.hasVariable($0) })
        #expect(Set(paths).count == paths.count)
        #expect(try file.attributeNames(of: "xco2").contains("units"))
        #expect(try file.attributeNames().contains("BuildId"))
        #expect(try file.attributeNames(ofGroup: "Retrieval").isEmpty)
        #expect(file.text("units", ofGroup: "Retrieval") == nil)
        #expect(failure { _ = try file.attributeNames(ofGroup: "Retrieval/none") } != nil)
    }

    @Test(.enabled(if: Places.shared("satellite/s5p-ch4") != nil)) func attributesOfNestedGroupsAreRead()
        throws
    {
        let folder = try #require(Places.shared("satellite/s5p-ch4"))
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
        let file = try NetCDFFile(reading: folder.appending(path: name).path)
        let groups = try file.groupPaths()
        #expect(groups.contains("PRODUCT/SUPPORT_DATA/GEOLOCATIONS"))
        #expect(try file.variablePaths().contains("PRODUCT/methane_mixing_ratio_bias_corrected"))
        let described = try groups.filter { try !file.attributeNames(ofGroup: $0).isEmpty }
        let group = try #require(described.first)
        let attribute = try file.attributeNames(ofGroup: group)[0]
        #expect(file.text(attribute, ofGroup: group) != nil || file.number(attribute, ofGroup: group) != nil)
    }

    @Test func charactersAreTextsAndStructuredTypesAreRefused() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("text.nc").path
        let made = try MadeFile(path)
        try made.dimension("n", 3)
        try made.dimension("length", 4)
        try made.variable("word", NC_CHAR, ["n", "length"])
        try made.variable("letters", NC_CHAR, ["length"])
        try made.characters("abcdxy\0\0\0\0\0\0", to: "word")
        try made.characters("late", to: "letters")
        try made.structured("n")
        try made.close()
        let file = try NetCDFFile(reading: path)
        #expect(try file.strings("word") == ["abcd", "xy", ""])
        #expect(try file.strings("letters") == ["late"])
        for name in ["compound", "opaque"] {
            #expect(failure { _ = try file.doubles(name) }?.exitStatus == .badData)
            #expect(failure { _ = try file.strings(name) }?.exitStatus == .badData)
            #expect(failure { _ = try ChunkedFile(path, variables: [name]) }?.variable == name)
        }
    }
}
