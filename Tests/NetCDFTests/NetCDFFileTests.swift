import Foundation
import NetCDF
import Quantities
import TestSupport
import Testing

/// A real file with groups, string attributes and 64-bit identifiers.
private let acos = Places.deploy.appending(
    path: "soundings/acos_LtCO2_090901_v205205_B9213A_200310212449s.nc4"
)

/// The error of a body; `#expect(throws:)` cannot hold a file, which is not copyable.
@NetCDFThread func failure(_ body: () throws -> Void) -> NetCDFError? {
    do { try body() } catch { return error as? NetCDFError }
    return nil
}

@Suite @NetCDFThread struct NetCDFFileTests {
    @Test func readsGroupsStringsAndWideIdentifiers() throws {
        let file = try NetCDFFile(reading: acos.path)
        #expect(try file.shape(of: "xco2_averaging_kernel") == [985, 20])
        #expect(try file.dimensionNames(of: "xco2_averaging_kernel") == ["sounding_id", "levels"])
        #expect(file.text("units", of: "xco2") == "ppm")
        #expect(file.text("BuildId") == "B9.2.00")
        #expect(file.text("no such attribute") == nil)
        #expect(try file.doubles("Retrieval/psurf", shape: [985])[0] > 900)
        #expect(try file.unsignedIntegers("sounding_id")[0] == 20_090_901_000_131)
        #expect(try file.strings("source_files").count == 15)
        let known = ["Retrieval/psurf", "Retrieval/xco2", "/"].map { file.hasVariable($0) }
        #expect(known == [true, false, false])
        #expect(try file.variableNames().contains("xco2"))
    }

    @Test(arguments: ["xco2_x2019", "Retrieval/nothing", "Nowhere/psurf", ""])
    func anAbsentVariableIsBadDataWithItsName(variable: String) throws {
        let file = try NetCDFFile(reading: acos.path)
        let caught = failure { _ = try file.doubles(variable) }
        #expect(caught?.variable == variable)
        #expect(caught?.exitStatus == .badData)
    }

    @Test func aVariableOfAnotherKindOrShapeIsRefused() throws {
        let file = try NetCDFFile(reading: acos.path)
        #expect(failure { _ = try file.doubles("source_files") } != nil)
        #expect(failure { _ = try file.strings("xco2") } != nil)
        #expect(failure { _ = try file.integers("xco2") } != nil)
        #expect(failure { _ = try file.unsignedIntegers("latitude") } != nil)
        #expect(failure { _ = try file.doubles("xco2", shape: [985, 20]) } != nil)
    }

    @Test(arguments: [
        ("/no/such/folder/file.nc", Quantities.ExitStatus.missingInput),
        ("https://localhost/file.nc", .missingInput),
        ("", .missingInput), ("/etc/passwd/file.nc", .missingInput), ("/", .badData),
        ("/dev/null", .badData),
    ])
    func pathsThatAreNoFile(path: String, status: Quantities.ExitStatus) {
        let error = failure { _ = try NetCDFFile(reading: path) }
        #expect(error?.exitStatus == status)
        #expect(error?.place == path)
    }

    @Test(arguments: ["", "<html><body>404</body></html>", "CDF", "CDF\u{1}", "\u{89}HDF\r\n\u{1a}\n"])
    func otherContentIsBadData(content: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("page.nc")
        try Data(content.unicodeScalars.map { UInt8($0.value) }).write(to: file)
        let error = failure { _ = try NetCDFFile(reading: file.path) }
        #expect(error?.exitStatus == .badData)
    }

    @Test func everyTruncationIsBadData() throws {
        let folder = try TemporaryFolder()
        let whole = try Data(contentsOf: acos)
        let file = folder.file("cut.nc4")
        for length in stride(from: 0, to: whole.count, by: whole.count / 60) {
            try whole.prefix(length).write(to: file)
            let error = failure { _ = try NetCDFFile(reading: file.path) }
            #expect(error?.exitStatus == .badData, "length \(length)")
        }
    }

    @Test func missingValuesOfEveryTypeBecomeNaN() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("missing.nc").path
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("n", length: 3)
        try writer.defineVariable(
            "packed",
            .int32,
            dimensions: ["n"],
            attributes: [
                ("missing_value", .integers([-9999])), ("scale_factor", 0.5), ("add_offset", 100.0),
            ]
        )
        try writer.defineVariable(
            "plain",
            .float,
            dimensions: ["n"],
            attributes: [("_FillValue", .float(-1))]
        )
        try writer.write([1, -9999, 3] as [Int64], to: "packed")
        try writer.write([1.5, -1, 2], to: "plain")
        try writer.commit()
        let file = try NetCDFFile(reading: path)
        let packed = try file.doubles("packed")
        #expect(packed[0] == 100.5 && packed[1].isNaN && packed[2] == 101.5)
        let plain = try file.doubles("plain")
        #expect(plain[0] == 1.5 && plain[1].isNaN && plain[2] == 2)
        #expect(try file.integers("packed") == [1, -9999, 3])
    }

    /// `file_index` of the real file is unsigned and its missing value is stored as the signed byte -1.
    @Test func aSignedMissingValueOfAnUnsignedVariableIsRead() throws {
        let real = try NetCDFFile(reading: acos.path)
        #expect(real.number("missing_value", of: "file_index") == -1)
        #expect(try real.doubles("file_index").allSatisfy { $0 >= 1 && $0 <= 15 })
        let folder = try TemporaryFolder()
        let path = folder.file("unsigned.nc").path
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("n", length: 2)
        try writer.defineVariable(
            "index",
            .uint8,
            dimensions: ["n"],
            attributes: [("missing_value", .integers([-1]))]
        )
        try writer.write([7, 255] as [Int64], to: "index")
        try writer.commit()
        let made = try NetCDFFile(reading: path)
        let values = try made.doubles("index")
        #expect(values[0] == 7 && values[1].isNaN)
    }

    @Test func aVariableLargerThanItsFileIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sparse.nc").path
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("y", length: 1_000_000)
        try writer.defineDimension("x", length: 1_000_000)
        try writer.defineVariable("a", .double, dimensions: ["y", "x"], chunks: [100, 100], attributes: [])
        try writer.commit()
        let file = try NetCDFFile(reading: path)
        let error = failure { _ = try file.doubles("a") }
        #expect(error?.exitStatus == .badData)
    }
}
