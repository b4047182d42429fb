import Formats
import Foundation
import Gridding
import Quantities
import TestSupport
import Testing

@Suite struct Level3TableTests {
    @Test func everyFilledCellOfEveryWindowIsALine() async throws {
        let product = try await Level3Products.realDays()
        let folder = try TemporaryFolder()
        let path = folder.file("cells.csv")
        try Level3Table.write(product, to: path.path)
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        let rows = lines.drop { $0.hasPrefix("#") }
        #expect(
            rows.first == """
                latitude,longitude,window_start,window_end,xco2,xco2_standard_error,xco2_stddev,xco2_nobs,xco2_neff,\
                weight,coverage,xco2_apriori
                """
        )
        #expect(rows.count == 1 + product.windows.map(\.cells.count).reduce(0, +))
        let window = product.windows[0]
        let cell = window.cells[0]
        let fields = try #require(rows.dropFirst().first).split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        #expect(Double(fields[0]) == -89 + 2 * Double(cell / 180))
        #expect(Double(fields[1]) == -179 + 2 * Double(cell % 180))
        #expect(fields[2] == "2009-09-01T00:00:00Z" && fields[3] == "2009-09-02T00:00:00Z")
        #expect(Double(fields[4]) == window.means[0] && Double(fields[7]) == Double(window.counts[0]))
        #expect(fields.count == 12 && fields[10].isEmpty)
    }

    @Test func remarksNameUnitsAndInputs() async throws {
        let product = try await Level3Products.realDays()
        let folder = try TemporaryFolder()
        let path = folder.file("cells.csv")
        try Level3Table.write(product, to: path.path)
        let remarks = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("# ")
        }
        #expect(remarks.contains { $0.contains("ppm on WMO-CO2-X2007") })
        #expect(remarks.contains { $0.contains("1990 read, 773 used; rejected: quality_flag 1217") })
        for input in product.provenance.inputs {
            #expect(remarks.contains("# input: \(input.name) sha256 \(input.sha256)"))
        }
    }

    @Test func aFolderThatIsNotThereIsTold() async throws {
        let product = try await Level3Products.realDays(withProfiles: false)
        let folder = try TemporaryFolder()
        let path = folder.file("none/cells.csv").path
        let error = #expect(throws: FileWriteError.self) { try Level3Table.write(product, to: path) }
        #expect(error?.place == path)
    }
}
