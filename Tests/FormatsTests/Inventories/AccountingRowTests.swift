import Formats
import Inventory
import Quantities
import TestSupport
import Testing

/// Rows of activity that do not go together, or are too large.
@Suite struct AccountingRowTests {
    @Test func aYearAndItsMonthsAreAddedAndTold() throws {
        let shipped = try ShippedFactors()
        func warnings(_ periods: [String]) throws -> [AccountWarning] {
            let rows = periods.map { "青岛,焦炭,\($0),1,吨,规上工业,combustion,metered,x\n" }.joined()
            let account = try shipped.method(["gbt-2589-style"]).account(of: try shipped.activities(rows))
            return account.warnings.filter { $0.kind == .givenTwice }
        }
        let told = try warnings(["2019", "2019-03"])
        #expect(told.first?.places.map(\.line) == [2, 3])
        #expect(told.first?.text.english.contains("overlap (2019, 2019-03)") == true)
        #expect(try warnings(["2019-01-01/2019-06-30", "2019-06"]).count == 1)
        #expect(try warnings(["2019-03", "2019-04", "2019-05-01/2019-06-30"]).isEmpty)
    }

    @Test func anEmissionTooLargeToAddIsRefused() throws {
        let shipped = try ShippedFactors()
        for quantity in ["1e307", "1e200"] {
            let row = "青岛,焦炭,2019,\(quantity),万吨,规上工业,combustion,metered,x\n"
            let error = #expect(throws: AccountingError.self) {
                try shipped.method(["gbt-2589-style"]).account(of: try shipped.activities(row))
            }
            #expect(error?.at.line == 2 && error?.at.column == "quantity")
        }
    }
}
