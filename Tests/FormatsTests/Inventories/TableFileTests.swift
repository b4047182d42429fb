import Formats
import Foundation
import Inventory
import Quantities
import TestSupport
import Testing

/// Files as spreadsheet programs leave them.
@Suite struct TableFileTests {
    private static let header = "region,carrier,period,quantity,unit,scope,use,quality,source"
    private static let row = "青岛,原煤,2019,１００,吨,规上工业,combustion,metered,x"

    private func read(_ bytes: Data) throws -> [ActivityRecord] {
        let folder = try TemporaryFolder()
        let file = folder.file("activity.csv")
        try bytes.write(to: file)
        return try ActivityTable.read(csvFile: file.path, try ShippedFactors().catalogue)
    }

    @Test func aMarkLineEndsAndFullWidthDigitsAreRead() throws {
        let text = "\u{FEFF}\(Self.header)\r\n\(Self.row)\r\n\r\n"
        let records = try read(Data(text.utf8))
        #expect(records.map(\.quantity) == [100] && records[0].region == "青岛")
    }

    @Test(arguments: [
        // 青岛 in GBK.
        (
            Data("\(header)\n".utf8) + Data([0xC7, 0xE0, 0xB5, 0xBA]) + Data(",x\n".utf8), "GB 18030",
            "iconv -f GB18030"
        ),
        (Data([0xFF, 0xFE, 0x72, 0x00]), "UTF-16", "iconv -f UTF-16"),
        (Data([0x50, 0x4B, 0x03, 0x04, 0x00]), "a workbook", "CSV UTF-8"),
        (Data([0xD0, 0xCF, 0x11, 0xE0]), "a workbook", "CSV UTF-8"),
        (Data("region;carrier;period\n".utf8), "semicolons", "commas"),
        (Data("region\tcarrier\tperiod\n".utf8), "tabs", "commas"),
        (Data("地区，品种，年份\n".utf8), "full-width commas", "commas"), (Data(), "empty", "header"),
        (Data("\(header)\n青岛,原煤,2019,1\n".utf8), "4 fields where the header has 9", "quotes"),
        (Data("\(header)\n".utf8), "no rows", "at least one"),
        (Data("region,region\n".utf8), "stands twice", "keep one"),
        (Data("region,carrier\n".utf8), "no column `period`", ""),
        (Data("\(header),colour\n".utf8), "unknown column `colour`", "columns are"),
    ])
    func otherFilesAreToldWithWhatToDo(_ bytes: Data, _ what: String, _ remedy: String) throws {
        let error = #expect(throws: AccountingError.self) { try read(bytes) }
        #expect(error?.what.contains(what) == true, "\(error?.line ?? "")")
        #expect(remedy.isEmpty || error?.remedy.contains(remedy) == true, "\(error?.line ?? "")")
        #expect(error?.exitStatus == .badData)
    }

    @Test func numbersThatAreNoneAreRefused() throws {
        for text in ["NaN", "inf", "1e999", "12 34x", "\"1,5\"", "0x10"] {
            let row = Self.row.replacing("１００", with: text)
            #expect(throws: AccountingError.self, "\(text)") {
                try read(Data("\(Self.header)\n\(row)\n".utf8))
            }
        }
    }
}

@Suite struct HierarchyTableTests {
    private func read(_ rows: String, tolerance: Double = 0.05) throws -> [HierarchyTable.Level] {
        let folder = try TemporaryFolder()
        let file = folder.file("levels.csv")
        try Data("region,parent,value,unit,source\n\(rows)".utf8).write(to: file)
        return try HierarchyTable.read(csvFile: file.path, tolerance: tolerance)
    }

    @Test func partsBesideTheirParent() throws {
        let levels = try read("all,,100,Mt,x\na,all,60,Mt,x\nb,all,51,Mt,x\na1,a,60,Mt,x\n")
        #expect(levels.map(\.hierarchy.parent.english) == ["all", "a"])
        #expect(levels.map(\.hierarchy.finding) == [.partsExceed, .agrees])
        #expect(abs(levels[0].hierarchy.ratio - 1.11) < 1e-12)
        let loose = try read("all,,100,Mt,x\na,all,60,Mt,x\nb,all,51,Mt,x\n", tolerance: 0.2)
        #expect(loose[0].hierarchy.finding == .agrees)
    }

    @Test func aPartWithoutAFigureIsNamed() throws {
        let levels = try read("all,,100,Mt,x\na,all,60,Mt,x\nb,all,,Mt,x\n")
        #expect(levels[0].hierarchy.finding == .incomplete && levels[0].hierarchy.missing == ["b"])
    }

    @Test(arguments: [
        ("a,all,1,Mt,x\n", "all"), ("all,,1,Mt,x\na,all,1,kt,x\n", "kt"), ("a,a,1,Mt,x\n", "a"),
        ("all,,1,Mt,x\n", "no region has a parent"), ("all,,,Mt,x\na,all,1,Mt,x\n", "missing"),
        ("all,,1,Mt,x\na,all,1,Mt,x\na,all,2,Mt,x\n", "twice"),
    ])
    func whatCannotBeComparedIsRefused(_ rows: String, _ word: String) throws {
        let error = #expect(throws: AccountingError.self) { try read(rows) }
        #expect(error?.what.contains(word) == true, "\(error?.line ?? "")")
    }
}
