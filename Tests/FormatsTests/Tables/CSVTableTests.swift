import Foundation
import Inventory
import Quantities
import TestSupport
import Testing

@testable import Formats

/// What all small tables have in common; each kind of table tests what it asks for.
@Suite struct CSVTableTests {
    private func table(_ text: String, _ form: TableForm = []) throws(TableError) -> CSVTable {
        try table(Array(text.utf8), form)
    }

    private func table(_ bytes: [UInt8], _ form: TableForm = []) throws(TableError) -> CSVTable {
        try CSVTable(
            bytes,
            file: "t.csv",
            columns: ["name", "value"],
            spellings: ["name": ["名称"]],
            required: ["name"],
            form: form
        )
    }

    private func line(_ text: String, _ form: TableForm = []) -> String { line(Array(text.utf8), form) }

    private func line(_ bytes: [UInt8], _ form: TableForm = []) -> String {
        do throws(TableError) { _ = try table(bytes, form) } catch { return error.line }
        return "none"
    }

    @Test func rowsAreAskedByTheNamesOfColumns() throws {
        let rows = try table("\u{FEFF}Value , 名称\r\n 1.5,\"a, \"\"b\"\"\nc\"\r\n,\r\n\r\n2,d\r\n").rows
        #expect(rows.map { $0.text("name") } == ["a, \"b\"\nc", "d"])
        #expect(rows.map { $0.text("value") } == ["1.5", "2"])
        #expect(rows.map(\.place.line) == [2, 6])
        #expect(rows[0].optionalText("unit") == nil && rows[0].text("unit").isEmpty)
    }

    @Test(arguments: [
        ("", "the table is empty: t.csv; give a header and rows"),
        ("name,valeu\n", "unknown column `valeu`: t.csv, line 1; did you mean `value`?"),
        ("name,colour\n", "unknown column `colour`: t.csv, line 1; columns are name, value"),
        ("name,Name\n", "column `name` stands twice in the header: t.csv, line 1; keep one"),
        ("name,名称\n", "column `name` stands twice in the header: t.csv, line 1; keep one"),
        ("\n\nvalue\n", "the header names no column `name`: t.csv, line 3; columns are name, value"),
        ("name\n\"a\n", "a quoted field has no end: t.csv, line 2; check the quotes of this line"),
        (
            "name,value\n\"a\n\",1\nb,1,2\n",
            "3 fields where the header has 2: t.csv, line 4; put fields that contain commas in quotes"
        ),
        ("name;value\n", "the fields are separated by semicolons: t.csv; separate them by commas"),
    ])
    func whatIsNoTableIsToldWithItsPlace(text: String, expected: String) {
        #expect(line(text) == expected)
    }

    @Test(
        arguments: [
            // 北京 in GBK.
            ([0xB1, 0xB1, 0xBE, 0xA9], "GB 18030"), ([0xC0, 0x41, 0x80, 0x20], "ENCODING"),
            ([0x00], "no text"),
        ] as [([UInt8], String)]
    )
    func onlyUTF8IsRead(_ bytes: [UInt8], _ word: String) {
        #expect(line(Array("name\n".utf8) + bytes).contains(word))
        // Remarks are not read.
        if bytes.count > 1 {
            #expect(line(Array("# ".utf8) + bytes + Array("\nname\na\n".utf8), .remarks) == "none")
        }
    }

    @Test func remarksStandOutsideOfQuotesAlone() throws {
        let text = "# a \"remark\n#,\"\nname\n\"a\n# b\"\n  # c\nd\n"
        #expect(try table(text, .remarks).rows.map { $0.text("name") } == ["a\n# b", "d"])
        #expect(try table(text, .remarks).rows.map(\.place.line) == [4, 7])
        #expect(line("# r\nname\n") == "unknown column `# r`: t.csv, line 1; columns are name, value")
    }

    @Test func formsAllowWhatTheySay() throws {
        #expect(try table("name;value\na,b;1\n", .semicolons).rows[0].text("name") == "a,b")
        #expect(try table("name,value\na;b,1\n", .semicolons).rows[0].text("name") == "a;b")
        let uneven = try table("name,value\na\nb,1,2\n", .unevenRows)
        #expect(uneven.rows.map { $0.text("value") } == ["", "1"])
        #expect(try table("name,colour,colour\na,b,c\n", .otherColumns).rows[0].text("name") == "a")
        #expect(try table("", .mayBeEmpty).rows.isEmpty)
    }

    @Test func columnsAreFoundWhateverTheirCase() throws {
        let table = try CSVTable(Array("ID,id,Mt CO2\n1,2,1.5\n".utf8), file: "t.csv")
        #expect(try table.column("ID") == 0 && table.column("id") == 1 && table.column("year", "mtco2") == 2)
        #expect(try table.optionalColumn(["year"]) == nil)
        let twice = #expect(throws: TableError.self) { try table.column("Id") }
        #expect(twice?.kind == .repeatedColumn("Id") && twice?.at.column == "Id")
        let missing = #expect(throws: TableError.self) { try table.column("mtcO") }
        #expect(missing?.line.hasPrefix("the header names no column `mtcO`: t.csv, line 1") == true)
    }

    @Test(arguments: ["", "1,234", "1 234", "１", "nan", "inf", "0x10", "1e999", "1_000"])
    func whatIsNoDecimalNumberIsRefused(text: String) throws {
        let table = try CSVTable(Array("mt,n\n\"\(text)\",a\n".utf8), file: "t.csv")
        let error = #expect(throws: TableError.self) { try table.number(table.rows[0], 0) }
        #expect(error?.line.hasPrefix("`\(text)` is no number: t.csv, line 2, column `mt`; ") == true)
        #expect(decimal("-1.5e3") == -1500)
    }

    @Test func filesThatCannotBeReadAreToldApart() throws {
        let folder = try TemporaryFolder()
        let absent = #expect(throws: TableError.self) { try CSVTable(folder.file("x.csv").path) }
        #expect(absent?.kind == .noSuchFile && absent?.exitStatus == .missingInput)
        let unreadable = #expect(throws: TableError.self) { try CSVTable(folder.file("x").path + "/..") }
        #expect(unreadable?.exitStatus != .badData)
        let directory = #expect(throws: TableError.self) {
            try CSVTable(folder.file("x").deletingLastPathComponent().path)
        }
        #expect(directory?.kind == .unreadable && directory?.exitStatus == .inputOutput)
        let large = folder.file("large.csv").path
        #expect(FileManager.default.createFile(atPath: large, contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: large))
        // A hole: it takes no place on the disk.
        try handle.truncate(atOffset: UInt64(TableBytes.maximumBytes + 1))
        try handle.close()
        let error = #expect(throws: TableError.self) { try CSVTable(large) }
        #expect(error?.what.contains("more than") == true)
    }
}
