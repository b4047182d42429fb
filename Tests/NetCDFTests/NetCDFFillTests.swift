import Foundation
import NetCDF
import TestSupport
import Testing

@NetCDFThread
@Suite struct NetCDFFillTests {
    @Test func elementsThatWereNeverWrittenAreMissing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("part.nc").path
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("x", length: 3)
        try writer.defineVariable("whole", .double, dimensions: ["x"], attributes: [])
        try writer.defineVariable("single", .float, dimensions: ["x"], attributes: [])
        for name in ["whole", "single"] { try writer.write([1.5], to: name, start: [1], shape: [1]) }
        try writer.commit()
        let file = try NetCDFFile(reading: path)
        for name in ["whole", "single"] {
            let values = try file.doubles(name)
            #expect(values[0].isNaN && values[1] == 1.5 && values[2].isNaN, "\(name)")
        }
    }
}
