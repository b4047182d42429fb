import Foundation
import NetCDF
import Quantities
import TestSupport
import Testing

@Suite @NetCDFThread struct NetCDFWriterTests {
    private func names(in folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    }

    private func start(_ path: String) throws -> NetCDFWriter {
        let writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("n", length: 2)
        try writer.defineVariable("a", .double, dimensions: ["n"], attributes: [("units", "ppm")])
        return writer
    }

    @Test func nothingIsInPlaceBeforeTheCommitAndNothingBesideAfterIt() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.nc").path
        try Data("earlier".utf8).write(to: folder.file("a.nc"))
        var writer = try start(path)
        try writer.write([1.0, 2], to: "a")
        #expect(try Data(contentsOf: folder.file("a.nc")) == Data("earlier".utf8))
        try writer.commit()
        #expect(try names(in: folder) == ["a.nc"])
        let file = try NetCDFFile(reading: path)
        #expect(try file.doubles("a") == [1, 2])
        #expect(file.text("units", of: "a") == "ppm")
    }

    @Test func aWriterThatIsDroppedLeavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let writer = try start(folder.file("a.nc").path)
            try writer.write([1.0, 2], to: "a")
        }
        #expect(try names(in: folder).isEmpty)
    }

    @Test func twoWritersOfOnePathDoNotMeet() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.nc").path
        var first = try start(path)
        var second = try start(path)
        try first.write([1.0, 2], to: "a")
        try second.write([3.0, 4], to: "a")
        try second.commit()
        try first.commit()
        #expect(try names(in: folder) == ["a.nc"])
        let file = try NetCDFFile(reading: path)
        #expect(try file.doubles("a") == [1, 2])
    }

    @Test(arguments: ["no/such/folder/a.nc", "file/a.nc"]) func aFolderThatIsNotThereIsSaid(name: String)
        throws
    {
        let folder = try TemporaryFolder()
        try Data().write(to: folder.file("file"))
        let path = folder.file(name).path
        let error = failure { _ = try NetCDFWriter(replacing: path) }
        #expect(error?.exitStatus == .inputOutput)
        #expect(error?.place == path)
        #expect(try names(in: folder) == ["file"])
    }

    @Test func aFolderInThePlaceOfTheFileFailsAndLeavesNothing() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: folder.file("a.nc/inside"),
            withIntermediateDirectories: true
        )
        let error = failure { _ = try NetCDFWriter(replacing: folder.file("a.nc").path) }
        #expect(error?.exitStatus == .inputOutput)
        #expect(try names(in: folder) == ["a.nc"])
    }

    /// The place was free when the writer began and is taken when it ends.
    @Test func aFolderThatAppearsMeanwhileFailsAndStays() throws {
        let folder = try TemporaryFolder()
        var writer = try start(folder.file("a.nc").path)
        try writer.write([1.0, 2], to: "a")
        try FileManager.default.createDirectory(
            at: folder.file("a.nc/inside"),
            withIntermediateDirectories: true
        )
        var status: Quantities.ExitStatus?
        do { try writer.commit() } catch { status = error.exitStatus }
        #expect(status == .inputOutput)
        #expect(try names(in: folder) == ["a.nc"])
    }

    @Test func blocksFillTheirPlaceAndNoOther() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.nc").path
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("y", length: 2)
        try writer.defineDimension("x", length: 3)
        try writer.defineVariable(
            "a",
            .double,
            dimensions: ["y", "x"],
            chunks: [1, 3],
            attributes: [("_FillValue", -1.0)]
        )
        try writer.write([5, 6], to: "a", start: [1, 1], shape: [1, 2])
        try writer.commit()
        let file = try NetCDFFile(reading: path)
        let values = try file.doubles("a")
        #expect(values[..<4].allSatisfy { $0.isNaN })
        #expect(Array(values[4...]) == [5, 6])
    }

    @Test func textAndWholeNumbersComeBack() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.nc").path
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("n", length: 2)
        try writer.defineVariable("name", .string, dimensions: ["n"], attributes: [])
        try writer.defineVariable("id", .int64, dimensions: ["n"], attributes: [])
        try writer.setAttribute("title", .text("二氧化碳"))
        try writer.setAttribute("empty", .text(""))
        try writer.write(["北京", ""], to: "name")
        try writer.write([.max, .min] as [Int64], to: "id")
        try writer.commit()
        let file = try NetCDFFile(reading: path)
        #expect(try file.strings("name") == ["北京", ""])
        #expect(try file.integers("id") == [.max, .min])
        #expect(file.text("title") == "二氧化碳")
        #expect(failure { _ = try file.unsignedIntegers("id") } != nil)
    }
}
